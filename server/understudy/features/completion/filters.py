"""What is done to a model's text before it is offered: named rows, applied in order.

A row takes the candidate and its surroundings and returns the candidate to go on with, or the `Reason` for which it is
dropped. Each row has golden cases in `tests/cases/completion/filters`. Ideas come from the field's open pipelines
(Tabby's and Continue's post-processing, llama.vim's rejections); each row says what it saves the user from.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from understudy.context.privacy.secrets import holds_mask
from understudy.core.overlap import without_overlap
from understudy.core.text import indent_of, line_after, line_before, split_lines
from understudy.features.completion.anchor import CLOSERS
from understudy.features.completion.outcome import Reason

PAIRS = {")": "(", "]": "[", "}": "{"}
MIN_CHARACTERS = 2  # besides white space
REPEATS = 3
SIMILAR = 0.95  # of the characters of two lines, above which one is a copy of the other (Tabby drops at 5 % distance)
LINES_BELOW = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The text on both sides of the cursor, and whether more than one line may be offered."""

    before: str
    after: str
    block: bool

    @property
    def line_before(self) -> str:
        """The cursor's line to the left of it."""
        return line_before(self.before, len(self.before))

    @property
    def tail(self) -> str:
        """The cursor's line to the right of it."""
        return line_after(self.after, 0)

    @property
    def lines_below(self) -> list[str]:
        """The next lines below that are not blank, without their line ends."""
        rest = split_lines(self.after[len(self.tail) :])[:40]
        return [line.rstrip() for line in rest if line.strip()][:LINES_BELOW]


# The shapes of special tokens; DeepSeek's have a full-width bar (U+FF5C) and a low block (U+2581).
SPECIAL = re.compile(r"<[|\uff5c]\w[\w\u2581]*[|\uff5c]>|<(?:fim|file)_\w+>|</?s>|<EOT>|\[(?:PREFIX|SUFFIX|MIDDLE)\]")

Verdict = str | Reason


@dataclass(frozen=True, slots=True)
class Filter:
    """One row: `name` is what a case and a log call it."""

    name: str
    apply: Callable[[str, Surroundings], Verdict]


def line_ends(text: str, _: Surroundings) -> Verdict:
    """Saves from mixed line ends: editors expect a line feed and put in their own."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def control_tokens(text: str, _: Surroundings) -> Verdict:
    """Saves from a model's special tokens spelled out: the text ends where the first one begins."""
    found = SPECIAL.search(text)
    return text[: found.start()] if found else text


def echo_of_line(text: str, around: Surroundings) -> Verdict:
    """Saves from a model that writes the cursor's line again from its start instead of going on."""
    typed = around.line_before.strip()
    return text.lstrip()[len(typed) :] if len(typed) >= 4 and text.lstrip().startswith(typed) else text


def double_space(text: str, around: Surroundings) -> Verdict:
    """Saves from `x =  1`: the space is already typed."""
    line = around.line_before
    return text.lstrip(" ") if line.strip() and line.endswith((" ", "\t")) and not text.startswith("  ") else text


def indentation(text: str, around: Surroundings) -> Verdict:
    """Saves from indentation typed twice, and from tabs among spaces, or spaces among tabs, on the lines below."""
    line = around.line_before
    if line and not line.strip() and text.startswith(line):
        text = text[len(line) :]
    tabs = line.startswith("\t") or (not indent_of(line) and bool(re.search(r"^\t", around.before, re.MULTILINE)))
    first, *rest = text.split("\n")
    step = "\t" if tabs else "    "

    def convert(row: str) -> str:
        indent = indent_of(row)
        kept = indent.replace("    ", "\t") if tabs else indent.replace("\t", step)
        return kept + row[len(indent) :]

    return "\n".join([first, *map(convert, rest)])


def one_line(text: str, around: Surroundings) -> Verdict:
    """Saves from a block pushed into the middle of a line, or where one line was asked for."""
    inert = not around.tail.strip(CLOSERS + " \t;,:")
    if inert and around.block:
        return text
    first = text.partition("\n")[0]
    # A bracket that the first line leaves open may be closed on the lines that follow it.
    return first if not inert or _balanced(around.line_before + first + around.tail) else text


def _balanced(text: str) -> bool:
    return all(text.count(opener) == text.count(closer) for closer, opener in PAIRS.items())


def closing_bracket(text: str, around: Surroundings) -> Verdict:
    """Saves from `f(x))`: a closer that stands right of the cursor is not offered again, nor what follows it."""
    tail = around.tail
    if not tail or tail[0] not in CLOSERS:
        return text
    open_here: list[str] = []
    quote = ""
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[position - 1] != "\\" else quote
        elif character in "\"'`" and character != tail[0]:
            quote = character
        elif character in PAIRS.values():
            open_here.append(character)
        elif character in PAIRS and open_here and open_here[-1] == PAIRS[character]:
            open_here.pop()
        elif character == tail[0] and not open_here:
            return text[:position]
    return text


def suffix_overlap(text: str, around: Surroundings) -> Verdict:
    """Saves from the rest of the line, or of the file, written a second time: the longest overlap is cut off."""
    return without_overlap(text, around.after)


def lines_below(text: str, around: Surroundings) -> Verdict:
    """Saves from lines that already stand below: the text ends before it begins to repeat them."""
    below = around.lines_below
    if not below:
        return text
    lines = text.rstrip().split("\n")
    if len(lines) == 1 and not around.tail.strip():
        whole = (around.line_before + text).rstrip()
        return Reason.DUPLICATE if len(whole.strip()) > 3 and _similar(whole, below[0]) else text
    for number, line in enumerate(lines):
        if number and len(line.strip()) > 2 and _similar(line.rstrip(), below[0]):
            return "\n".join(lines[:number])
    return text


def line_above(text: str, around: Surroundings) -> Verdict:
    """Saves from the line above offered once more."""
    above = around.before[: len(around.before) - len(around.line_before)].rstrip("\r\n")
    previous = line_before(above, len(above)).rstrip()
    whole = (around.line_before + text).rstrip()
    if "\n" not in whole and len(whole.strip()) > 3 and whole == previous:
        return Reason.DUPLICATE
    return text


def repetition(text: str, _: Surroundings) -> Verdict:
    """Saves from a model caught in a loop: the same line `REPEATS` times in a row, or the same few words all along."""
    lines = text.split("\n")
    for number in range(len(lines) - REPEATS + 1):
        window = [line.strip() for line in lines[number : number + REPEATS]]
        if len(window[0]) > 1 and len(set(window)) == 1:
            kept = "\n".join(lines[: number + 1])
            return kept if number else Reason.REPETITION
    if re.search(r"(\S.{0,11}?)\1{7,}", text) and not re.search(r"([-=#*_~/.\s])\1{7,}", text):
        return Reason.REPETITION
    return text


def scope(text: str, around: Surroundings) -> Verdict:
    """Saves from the next function or class: the text ends where a line stands left of where it began."""
    base = len(indent_of(around.line_before).expandtabs(4))
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if number and line.strip() and len(indent_of(line).expandtabs(4)) < base and line.strip()[0] not in CLOSERS:
            return "\n".join(lines[:number])
    return text


def masked_secret(text: str, around: Surroundings) -> Verdict:
    """Saves from the stand-in of a secret: the model saw it in place of a key or a password, and took it for one."""
    return Reason.MASKED if holds_mask(text) and not holds_mask(around.before + around.after) else text


def trailing_space(text: str, _: Surroundings) -> Verdict:
    """Saves from blanks at the end."""
    return text.rstrip()


def minimum(text: str, around: Surroundings) -> Verdict:
    """Saves from ghost text that is not worth reading."""
    solid = sum(not character.isspace() for character in text)
    if solid == 0:
        return Reason.EMPTY
    closes = all(character in CLOSERS + ":;," for character in text.strip())
    return text if solid >= MIN_CHARACTERS or (closes and not around.tail.strip()) else Reason.EMPTY


def _similar(one: str, other: str) -> bool:
    if one.strip() == other.strip():
        return True
    if min(len(one), len(other)) < 8:
        return False
    matcher = difflib.SequenceMatcher(None, one.strip(), other.strip(), autojunk=False)
    return matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR


FILTERS = (
    Filter("line-ends", line_ends),
    Filter("control-tokens", control_tokens),
    Filter("echo-of-line", echo_of_line),
    Filter("double-space", double_space),
    Filter("indentation", indentation),
    Filter("one-line", one_line),
    Filter("closing-bracket", closing_bracket),
    Filter("suffix-overlap", suffix_overlap),
    Filter("repetition", repetition),
    Filter("scope", scope),
    Filter("lines-below", lines_below),
    Filter("line-above", line_above),
    Filter("masked-secret", masked_secret),
    Filter("trailing-space", trailing_space),
    Filter("minimum", minimum),
)

# A remembered text has been through all rows; typing on can only have brought closers to the right of the cursor.
REPLAYED = tuple(
    row for row in FILTERS if row.name in {"closing-bracket", "suffix-overlap", "trailing-space", "minimum"}
)


def run(text: str, around: Surroundings, rows: tuple[Filter, ...] = FILTERS) -> Verdict:
    """`text` after all `rows`, or the first reason to drop it."""
    for row in rows:
        verdict = row.apply(text, around)
        if isinstance(verdict, Reason):
            return verdict
        text = verdict
    return text
