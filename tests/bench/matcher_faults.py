"""Edits over real source text with the faults that models put into what they quote, and what must come of each.

The text is the standard library of the running interpreter, as it is, with tabs for its indentation, and with `\\r\\n`.
An edit quotes some lines and changes them a little; a fault then spoils the quote. What is right is known without the
matcher: the text with the lines replaced, or nothing. All draws come from one seed.

A fault that happens to make the quote other lines of the file, letter for letter, is no fault that can be seen, and is
left out. There is one exception, for it is the commonest: an indentation lost to the last blank.
"""

from __future__ import annotations

import random
import re
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from understudy.editing.block import Block

FEWEST, MOST = 60, 900  # lines of a file
FILES = 240
LONGEST_QUOTE = 12
SHORT = 3  # longer quotes hardly ever stand elsewhere with another indentation
NAME = re.compile(r"\b[a-z_]\w{2,}\b")


@dataclass(frozen=True)
class Trial:
    """A text, the rows that are meant, the block as the model writes it, and the text that must come of it; `expected`
    is None where the block must be refused."""

    text: str
    first: int
    block: Block
    expected: str | None


class Source:
    """The lines of a file, the last of which is empty, and where each stands."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.lines = lines
        self.stripped = tuple(line.strip() for line in lines)
        self.step = "\t" if any(line.startswith("\t") for line in lines) else "    "
        self._rows: dict[str, list[int]] = {}
        self._rows_stripped: dict[str, list[int]] = {}
        for row, line in enumerate(lines):
            self._rows.setdefault(line, []).append(row)
            self._rows_stripped.setdefault(line.strip(), []).append(row)

    def standing(self, quote: tuple[str, ...]) -> int:
        """In how many places the quote stands."""
        return sum(self.lines[row : row + len(quote)] == quote for row in self._rows.get(quote[0], ()))

    def loosely(self, quote: tuple[str, ...]) -> int:
        """In how many it stands with white space at the ends of lines left aside."""
        wanted = tuple(line.strip() for line in quote)
        return sum(self.stripped[row : row + len(quote)] == wanted for row in self._rows_stripped.get(wanted[0], ()))


@dataclass(frozen=True)
class Edit:
    """An edit without a fault: rows of a text and what stands in their place."""

    source: Source
    newline: str
    first: int
    search: tuple[str, ...]
    replace: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return self.source.lines

    @property
    def alone(self) -> bool:
        """Whether the quote stands in one place even with white space at the ends of lines left aside."""
        return self.source.loosely(self.search) == 1

    @property
    def text(self) -> str:
        return self.newline.join(self.lines)

    @property
    def result(self) -> str:
        last = self.first + len(self.search)
        return self.newline.join((*self.lines[: self.first], *self.replace, *self.lines[last:]))


@dataclass(frozen=True)
class Kind:
    """`spoil` makes a trial of an edit, None where the edit does not lend itself to the fault. `right`: whether such
    edits are to be applied, where they belong, or refused, or whether either will do."""

    name: str
    right: Literal["applied", "refused", "either"]
    spoil: Callable[[random.Random, Edit], Trial | None]
    longest: int = LONGEST_QUOTE


@cache
def sources() -> tuple[Source, ...]:
    """Files of the standard library, the same ones for the same interpreter, some of them with tabs."""
    library = Path(sysconfig.get_path("stdlib"))
    skipped = {"site-packages", "test", "tests", "idle_test", "lib2to3", "__pycache__"}
    found: list[tuple[str, ...]] = []
    for path in sorted(library.rglob("*.py")):
        if skipped & set(path.relative_to(library).parts):
            continue
        lines = tuple(path.read_text("utf-8", errors="replace").split("\n"))
        if FEWEST <= len(lines) <= MOST and not any("\r" in line for line in lines):
            found.append(lines)
    chosen = random.Random(0).sample(found, min(FILES, len(found)))
    return tuple(Source(tuple(map(tabbed, it)) if at % 3 == 0 else it) for at, it in enumerate(chosen))


def draw(chance: random.Random, longest: int) -> Edit:
    """An edit whose quote, of up to `longest` lines, stands once in its text."""
    while True:
        source, newline = chance.choice(sources()), chance.choice(("\n", "\n", "\n", "\r\n"))
        count = chance.randint(1, longest)
        first = chance.randrange(len(source.lines) - count)
        search = source.lines[first : first + count]
        if search[0].strip() and search[-1].strip() and source.standing(search) == 1:
            replace = changed(chance, search, source.step)
            if replace != search:
                return Edit(source, newline, first, search, replace)


def tabbed(line: str) -> str:
    body = line.lstrip(" ")
    width = len(line) - len(body)
    return "\t" * (width // 4) + " " * (width % 4) + body


def changed(chance: random.Random, search: tuple[str, ...], step: str) -> tuple[str, ...]:
    """What a small fix makes of the lines: a name replaced, a line added, removed, or put below an `if`."""
    rows = list(search)
    at = chance.randrange(len(rows))
    body = rows[at].lstrip(" \t")
    indent = rows[at][: len(rows[at]) - len(body)]
    match chance.randrange(4):
        case 0:
            rows[at] = indent + NAME.sub("renamed_by_the_fix", body, count=1)
        case 1:
            rows.insert(at + 1, f"{indent}added_by_the_fix = None")
        case 2:
            # Not a blank line, and no tab behind blanks, which nobody writes: those are drawn again.
            if body and (step != "\t" or not indent.endswith(" ")):
                rows[at : at + 1] = [f"{indent}if checked_by_the_fix:", f"{indent}{step}{body}"]
        case _:
            del rows[at]
    return tuple(rows)


def blank_to(line: str, make: Callable[[str], str]) -> str:
    return make(line) if line.strip() else line


def faulty(edit: Edit, make: Callable[[str], str]) -> Trial:
    """Both parts spoilt in the same way, and nothing that hinders the edit."""
    search = tuple(blank_to(line, make) for line in edit.search)
    return Trial(
        edit.text, edit.first, Block(search, tuple(blank_to(line, make) for line in edit.replace)), edit.result
    )


def refused(edit: Edit, search: tuple[str, ...]) -> Trial:
    return Trial(edit.text, edit.first, Block(search, edit.replace), None)


def margin(lines: tuple[str, ...]) -> str:
    """The indentation that all lines which are not blank have in common."""
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines if line.strip()]
    least = min(indents, key=len, default="")
    return least if all(indent.startswith(least) for indent in indents) else ""


def exact(chance: random.Random, edit: Edit) -> Trial | None:
    return faulty(edit, str) if edit.alone else None


def exact_beside_a_copy(chance: random.Random, edit: Edit) -> Trial | None:
    """The same lines stand elsewhere too, with another indentation."""
    return faulty(edit, str) if not edit.alone and margin(edit.search) else None


def blanks_added(chance: random.Random, edit: Edit) -> Trial | None:
    """The model puts blanks behind lines that it quotes, and behind those that it repeats."""
    if not edit.alone:
        return None
    blanks = {line: chance.choice(("", " ", "  ", "\t")) for line in edit.search}
    trial = faulty(edit, str)
    search, repeated = (tuple(line + blanks.get(line, "") for line in part) for part in (edit.search, edit.replace))
    return replace(trial, block=Block(search, repeated)) if any(blanks.values()) else None


def blanks_lost(chance: random.Random, edit: Edit) -> Trial | None:
    """The file has blanks behind its lines, and the model leaves them away."""
    if not edit.alone:
        return None
    kept = tuple(line + "  " if line in edit.search else line for line in edit.replace)
    last = edit.first + len(edit.search)
    lines = (*edit.lines[: edit.first], *(line + "  " for line in edit.search), *edit.lines[last:])
    padded = replace(edit, source=Source(lines), replace=kept)
    return Trial(padded.text, edit.first, Block(edit.search, edit.replace), padded.result)


def dedented(chance: random.Random, edit: Edit) -> Trial | None:
    """The model loses the indentation that its lines have in common, or a half of it."""
    common = margin(edit.search + edit.replace)
    if not common or not edit.alone:
        return None
    lost = chance.choice((common, common[: len(common) // 2] or common))
    return faulty(edit, lambda line: line[len(lost) :])


def dedented_beside_a_copy(chance: random.Random, edit: Edit) -> Trial | None:
    """Without its indentation the quote may stand in several places."""
    common = margin(edit.search + edit.replace)
    if not common or common != margin(edit.search) or edit.alone:
        return None
    return faulty(edit, lambda line: line[len(common) :])


def over_indented(chance: random.Random, edit: Edit) -> Trial | None:
    if not edit.alone:
        return None
    more = "\t" if edit.source.step == "\t" else chance.choice(("    ", "  ", "        "))
    return faulty(edit, lambda line: more + line)


def over_indented_beside_a_copy(chance: random.Random, edit: Edit) -> Trial | None:
    if edit.alone:
        return None
    more = "\t" if edit.source.step == "\t" else chance.choice(("    ", "  ", "        "))
    trial = faulty(edit, lambda line: more + line)
    return None if edit.source.standing(trial.block.search) else trial


def tabs_swapped(chance: random.Random, edit: Edit) -> Trial | None:
    """Four spaces for each of the file's tabs, or a tab for four of its spaces; a level may be lost besides."""
    common = margin(edit.search + edit.replace)
    if not common or not edit.alone:
        return None
    if "\t" in common:
        lost = chance.choice((0, 0, 1))
        return faulty(edit, lambda line: line[lost:].replace("\t", "    "))
    lost = chance.choice((0, 0, 4)) if len(common) >= 4 else 0
    return faulty(edit, lambda line: tabbed(line[lost:]))


def ambiguous(chance: random.Random, edit: Edit) -> Trial | None:
    """The quote is cut down to lines that stand in several places."""
    count = chance.randint(1, 3)
    for at in range(len(edit.search) - count + 1):
        quote = edit.search[at : at + count]
        if any(line.strip() for line in quote) and edit.source.standing(quote) > 1:
            return Trial(edit.text, edit.first + at, Block(quote, changed(chance, quote, edit.source.step)), None)
    return None


def inner(edit: Edit) -> list[int]:
    """Lines within the quote that say something."""
    return [at for at in range(1, len(edit.search) - 1) if NAME.search(edit.search[at])]


def misquoted(chance: random.Random, edit: Edit) -> Trial | None:
    """One line within the quote is not what stands in the file: the user has just edited it, say."""
    if not (rows := inner(edit)):
        return None
    at = chance.choice(rows)
    other = NAME.sub("otherwise", edit.search[at], count=1)
    quote = (*edit.search[:at], other, *edit.search[at + 1 :])
    return refused(edit, quote) if not edit.source.loosely(quote) else None


def left_out(chance: random.Random, edit: Edit) -> Trial | None:
    """One line within the quote is missing, or three dots stand for it."""
    if not (rows := inner(edit)):
        return None
    at = chance.choice(rows)
    quote = (*edit.search[:at], *chance.choice(((), ("...",), ("    # ...",))), *edit.search[at + 1 :])
    return refused(edit, quote) if not edit.source.loosely(quote) else None


def gone(chance: random.Random, edit: Edit) -> Trial | None:
    """The lines are not in the file any more; others begin and end as they do."""
    if not edit.alone or not inner(edit):
        return None
    last = edit.first + len(edit.search)
    decoy = (edit.search[0], "    an_other = 1", "    line_here = 2", edit.search[-1])
    lines = [*edit.lines[: edit.first], *edit.lines[last:]]
    at = chance.randrange(len(lines))
    lines[at:at] = decoy
    return refused(replace(edit, source=Source(tuple(lines)), first=at), edit.search)


def applied_already(chance: random.Random, edit: Edit) -> Trial | None:
    trial = Trial(edit.result, edit.first, Block(edit.search, edit.replace), None)
    return trial if not Source(tuple(edit.result.split(edit.newline))).loosely(edit.search) else None


KINDS = (
    Kind("no fault", "applied", exact),
    Kind("no fault, a copy indented otherwise elsewhere", "applied", exact_beside_a_copy, SHORT),
    Kind("blanks added at the ends of lines", "applied", blanks_added),
    Kind("blanks lost at the ends of lines", "applied", blanks_lost),
    Kind("indentation lost", "applied", dedented),
    Kind("indented too far", "applied", over_indented),
    Kind("tabs for spaces, spaces for tabs", "applied", tabs_swapped),
    Kind("indentation lost, a copy elsewhere", "either", dedented_beside_a_copy, SHORT),
    Kind("indented too far, a copy elsewhere", "either", over_indented_beside_a_copy, SHORT),
    Kind("stands in several places", "refused", ambiguous),
    Kind("one line within misquoted", "refused", misquoted),
    Kind("one line within left out", "refused", left_out),
    Kind("gone, others begin and end alike", "refused", gone),
    Kind("applied already", "refused", applied_already),
)


def trials(kind: Kind, count: int, seed: int = 0) -> Iterator[Trial]:
    """`count` trials of a kind, always the same for a seed and an interpreter."""
    chance = random.Random(f"{kind.name} {seed}")
    while count:
        trial = kind.spoil(chance, draw(chance, kind.longest))
        if trial is not None:
            count -= 1
            yield trial
