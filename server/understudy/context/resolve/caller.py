"""Who calls the function around the cursor."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.cursor import Cursor
from understudy.context.index.record import Definition, Use
from understudy.context.pieces import Piece
from understudy.context.resolve.counterpart import is_test
from understudy.context.resolve.forms import stretch
from understudy.context.resolve.member import CONSTRUCTORS
from understudy.context.resolve.scene import scene_at
from understudy.context.syntax.languages import family

MAX_CALLERS = 3
MAX_USERS = 24  # a name that more files use is not only this function's
BEFORE, AFTER = 2, 4  # rows around the first call of a file
IMPORTER = 0.6  # the file imports this one
OTHER = 0.3
TEST = 0.7  # of the score: tests call with made-up values


def caller(cursor: Cursor) -> Iterator[Piece]:
    """A few rows around the first call in each of a few files, those that import the document first."""
    scene = scene_at(cursor)
    function = next((it for it in reversed(scene.around) if it.kind in ("function", "method")), None)
    if function is None or (function.name.startswith("__") and function.name not in CONSTRUCTORS):
        return
    uses = cursor.index.using(_called(function), MAX_USERS + 1, family(scene.record.language))
    if len(uses) > MAX_USERS:
        return
    others = [use for use in uses if use.path != cursor.path]
    importers = frozenset(cursor.index.importers(cursor.path)) if others else frozenset()
    scored = sorted(((_score(use, importers), use) for use in others), key=lambda it: (-it[0], it[1].path))
    for score, use in scored[:MAX_CALLERS]:
        row = use.rows[0]
        if piece := stretch(use.path, row - BEFORE, row + AFTER, score, "caller", cursor.index):
            yield piece


def _called(function: Definition) -> str:
    """A constructor is called by its class's name."""
    return function.parent.rpartition(".")[2] if function.name in CONSTRUCTORS and function.parent else function.name


def _score(use: Use, importers: frozenset[str]) -> float:
    return (IMPORTER if use.path in importers else OTHER) * (TEST if is_test(use.path) else 1.0)
