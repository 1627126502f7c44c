"""What a text says of the types of its variables: read line by line with expressions that fit several languages.

No types are inferred. What is found here counts only where it leads to a class that is known, so that an expression
which also matches something else costs little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from understudy.context.resolve.words import MAX_LINE, words

Kind = Literal["type", "call", "value", "items"]

_NAME = r"([^\W\d]\w*)"
_COLON = re.compile(
    rf"\b{_NAME}\s*[?!]?:\s*((?:[^=;(){{}}:,<\[]|<(?:[^<>]|<[^<>]*>)*>|\[(?:[^\[\]]|\[[^\[\]]*\])*\])+)"
)
_BEFORE = re.compile(rf"\b([A-Z]\w*)(?:<[^<>]*>|\[\])*[ *&?]+\$?{_NAME}\b")
_AFTER = re.compile(rf"\b{_NAME} +([*\[\]]*[\w.]*\b[A-Z]\w*)")
# How a language writes the type of a variable: the expression, and which of its groups are the name and the type.
_TYPED: dict[str, tuple[re.Pattern[str], int, int]] = {
    **dict.fromkeys(("python", "javascript", "typescript", "tsx", "rust", "kotlin", "swift"), (_COLON, 1, 2)),
    **dict.fromkeys(("java", "csharp", "c", "cpp", "php"), (_BEFORE, 2, 1)),
    "go": (_AFTER, 1, 2),
}
# After a `=`: Type(…), new Type(…), &Type{…}, await store.load(…), Type::new(…), a.b.c
_MADE = re.compile(r"\s*(?:await\s+|new\s+|&|\*)*([\w.:>$-]+?)(?:<[^<>]*>)?\s*([({;]|$)")
_OPENED = re.compile(rf"\bwith\s+([\w.]+)\(.*\)\s+as\s+{_NAME}")
_LOOPED = re.compile(rf"\bfor\b[^;]*?\b{_NAME}\s*\)?\s+(?:in|of)\s+([\w.]+)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one place says of a variable: the names in its type, in the path of what is called or read, or in the path
    of what it is taken out of."""

    kind: Kind
    words: tuple[str, ...]


def evidence(text: str, language: str) -> dict[str, list[Evidence]]:
    """What is said of each variable, the last line first. `language` is a row's name in `context.syntax.languages`."""
    found: dict[str, list[Evidence]] = {}
    for line in reversed(text.split("\n")):
        for name, it in _of_line(line[:MAX_LINE], language):
            if it.words:
                found.setdefault(name, []).append(it)
    return found


def said_by(signature: str, name: str, language: str) -> tuple[str, ...]:
    """The names in the type that a signature gives its function's result, or a field."""
    flat = " ".join(line.strip() for line in signature.split("\n") if not line.lstrip().startswith("@"))
    if found := _RETURNS.search(flat):
        return tuple(words(found[1]))
    before, _, after = flat.partition(f"{name}(")
    if not after:
        return tuple(word for about, it in _of_line(flat, language) if about == name for word in it.words)
    return tuple(words(after.partition(")")[2] if language == "go" else before))


_RETURNS = re.compile(r"(?:->|\)\s*:)\s*([^={]+?)\s*[:{]?\s*$")


def _of_line(line: str, language: str) -> Iterator[tuple[str, Evidence]]:
    if language in _TYPED:
        form, about, said = _TYPED[language]
        for match in form.finditer(line):
            yield match[about], Evidence("type", tuple(words(match[said])))
    left, equals, right = line.partition("=")
    if equals and not right.startswith(("=", ">")) and (made := _MADE.match(right)):
        kind: Kind = "call" if made[2] in ("(", "{") else "value"
        yield from ((name, Evidence(kind, tuple(words(made[1])))) for name in words(left.partition(":")[0])[-1:])
    if " as " in line and (opened := _OPENED.search(line)):
        yield opened[2], Evidence("call", tuple(words(opened[1])))
    if "for" in line and (looped := _LOOPED.search(line)):
        yield looped[1], Evidence("items", tuple(words(looped[2])))
