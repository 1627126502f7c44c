"""Where a feature asks: one cursor, and everything that may be asked about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from understudy.context.index.base import Index
from understudy.context.index.record import FileRecord
from understudy.context.pieces import Piece
from understudy.context.syntax.parsed import Parsed
from understudy.core.text import Document

Led = dict[tuple[str, str, str, str], tuple[str, ...]]
"""The files that an import leads to, by the file that imports, its package, the module and the name."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A cursor in an open document.

    `path` is the document's, as the index spells it (also for a document that is on no disk). `parsed` is None without
    a grammar. `record` is the document's own, as it is now or was a moment ago. `notes` are what one producer has found
    out about this cursor and another need not find out again; `led` is where imports lead, known from earlier cursors
    for as long as the index is the same.
    """

    document: Document
    offset: int
    path: str
    parsed: Parsed | None
    record: FileRecord | None
    index: Index
    notes: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    led: Led = field(default_factory=dict, compare=False, repr=False)


Producer = Callable[[Cursor], Iterable[Piece]]
"""Says what might be shown for a cursor. One that fails costs its own pieces and nothing else."""
