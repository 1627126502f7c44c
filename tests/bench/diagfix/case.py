"""A fault in a file, what a checker says of it, and the true fix: values, and the fix written as a model would."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from understudy.bundled.faults import Source
from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document
from understudy.editing.words import block

MOST_CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in one file: the text with it, the text after the true fix, and the row (from 0) where it is seen.
    `others`: texts of other files that go with it, by path."""

    text: str
    fixed: str
    row: int
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A file that a fault may be put into, with the other files of its package."""

    path: str
    text: str
    files: Mapping[str, str]
    source: Source | None = None


Injector = Callable[[Place, Random], Fault | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault, the checker that reports it, and the function that makes one. `code`: a pattern of what the
    checker calls it, where it also says other things. `near`: rows between a fault and what is said of it."""

    name: str
    language: str
    checker: str
    inject: Injector
    code: str = ""
    near: int = 4


@dataclass(frozen=True, slots=True)
class Case:
    """A fault that its checker reports. `document` is the faulty text, `target` what is said of it, `others` are open
    beside it and hold its share of the fault."""

    number: int
    kind: Kind
    project: str
    path: str
    document: Document
    fixed: str
    target: Diagnostic
    others: tuple[Document, ...] = ()

    @property
    def where(self) -> str:
        """As a reader would look it up."""
        row = self.document.text.count("\n", 0, self.target.span.start) + 1
        return f"{self.number} {self.kind.name}: {self.project} {self.path}:{row}"

    @property
    def row(self) -> int:
        """The row of the diagnostic, from 0."""
        return self.document.text.count("\n", 0, self.target.span.start)


def answer(old: str, new: str) -> str:
    """The change as search/replace blocks, each with as many lines around it as make it stand once in `old`."""
    before, after = old.split("\n"), new.split("\n")
    changes = [
        it for it in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if it[0] != "equal"
    ]
    blocks: list[str] = []
    done = 0
    for _, first, last, new_first, new_last in changes:
        above, below = _context(before, first, last, done)
        search = before[first - above : last + below]
        replace = (*before[first - above : first], *after[new_first:new_last], *before[last : last + below])
        blocks.append(block(search, replace))
        done = last + below
    return "\n".join(blocks)


def _context(lines: list[str], first: int, last: int, done: int) -> tuple[int, int]:
    for more in range(MOST_CONTEXT):
        for above in range(more, -1, -1):
            below = more - above
            quoted = lines[max(first - above, 0) : last + below]
            if first - above < done or last + below > len(lines) or not any(map(str.strip, quoted)):
                continue
            if sum(lines[at : at + len(quoted)] == quoted for at in range(len(lines))) == 1:
                return above, below
    return min(first, MOST_CONTEXT), 0
