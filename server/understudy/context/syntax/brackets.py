"""Brackets, quotes and line ends in a text that need not parse: what is read while somebody is still typing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from understudy.context.syntax.languages import language_of

PAIRS = {"(": ")", "[": "]", "{": "}"}
OPENERS = {closer: opener for opener, closer in PAIRS.items()}

# A quote that its line does not close is an apostrophe, or is being typed: it is passed over.
_STRINGS = (
    r'"""[\s\S]*?(?:"""|\Z)',
    r"'''[\s\S]*?(?:'''|\Z)",
    r'"(?:\\.|[^"\\\r\n])*"',
    r"'(?:\\.|[^'\\\r\n])*'",
    r"`(?:\\[\s\S]|[^`\\])*`",
)
_BLOCK_COMMENT = r"/\*[\s\S]*?(?:\*/|\Z)"


@dataclass(frozen=True, slots=True)
class Token:
    """A bracket, or the end of a line, that is neither in a string nor in a comment."""

    kind: Literal["open", "close", "newline"]
    text: str
    start: int


def tokens(text: str, language: str = "", start: int = 0) -> Iterator[Token]:
    """The tokens of `text` from `start` on. `language` is an LSP id and decides what a comment looks like."""
    for match in _pattern(language).finditer(text, start):
        found = match.group()
        if found in PAIRS:
            yield Token("open", found, match.start())
        elif found in OPENERS:
            yield Token("close", found, match.start())
        elif found in ("\n", "\r", "\r\n"):
            yield Token("newline", found, match.start())


def unclosed(text: str, language: str = "", start: int = 0) -> str:
    """The brackets that `text` leaves open, outermost first."""
    stack: list[str] = []
    for token in tokens(text, language, start):
        if token.kind == "open":
            stack.append(token.text)
        elif token.kind == "close" and stack and PAIRS[stack[-1]] == token.text:
            stack.pop()
    return "".join(stack)


def closers(brackets: str) -> str:
    """What closes `brackets`, innermost first."""
    return "".join(PAIRS[bracket] for bracket in reversed(brackets))


def open_quote(line: str, language: str = "") -> Literal["code", "string", "comment"]:
    """What the end of `line` is inside of, judged by that line alone."""
    if any(_unterminated(match.group()) for match in _pattern(language).finditer(line)):
        return "string"
    rest = _pattern(language).sub(_blank, line)
    if _comment(language) and re.search(_comment(language), line_without_strings(line, language)):
        return "comment"
    return "string" if any(quote in rest for quote in '"`') or _lone_apostrophe(rest) else "code"


def line_without_strings(line: str, language: str = "") -> str:
    """`line` with every closed string blanked out and comments kept."""
    return re.sub("|".join(_STRINGS), lambda match: " " * len(match.group()), line)


def _unterminated(token: str) -> bool:
    return token[:3] in ('"""', "'''") and (len(token) < 6 or not token.endswith(token[:3]))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _lone_apostrophe(rest: str) -> bool:
    # After a letter it is an apostrophe or, in Rust, part of a name; before a letter only it may be a lifetime.
    return re.search(r"(?<![\w&<])'(?!\w+\b[^'])", rest) is not None


@cache
def _pattern(language: str) -> re.Pattern[str]:
    row = language_of(language) if language else None
    parts = [*_STRINGS]
    if _comment(language):
        parts.append(_comment(language) + r"[^\r\n]*")
    if row is None or row.blocks == "braces":
        parts.append(_BLOCK_COMMENT)
    return re.compile("|".join([*parts, r"[()\[\]{}]", r"\r\n|\r|\n"]))


def _comment(language: str) -> str:
    row = language_of(language) if language else None
    if row is None:
        # Without a language only what nearly every one of them would read as a comment.
        return r"(?:(?<=\s)|^)(?:#|//|--)\s"
    # In shell and Ruby `$#` and `#{` are no comments; a comment there follows a blank.
    return r"(?:(?<=\s)|(?<![\s\S]))#(?!\{)" if row.comment == "#" and row.name != "python" else re.escape(row.comment)
