"""What the text near the cursor names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from understudy.context.cursor import Cursor
from understudy.context.index.record import Definition
from understudy.context.pieces import Piece
from understudy.context.resolve.files import folder_of
from understudy.context.resolve.forms import piece_of
from understudy.context.resolve.scene import Scene, scene_at

MAX_NAMES = 40  # looked up, the nearest first
MAX_PIECES = 60
MAX_BODIES = 4
# How sure it is that a definition is the one that is meant.
SURE = 1.0  # through the file's own imports, or in its folder where the language needs none
IMPORTED = 0.8  # a member that one of the imported files defines
BESIDE = 0.55  # a member defined in the same folder
ONLY = 0.5  # the only one of the workspace
MAX_ALIKE = 6  # a member's name that more files define than this says nothing


def named(cursor: Cursor) -> Iterator[Piece]:
    """Definitions of the names near the cursor, the nearest names first."""
    scene = scene_at(cursor)
    found: dict[tuple[str, int], tuple[float, Definition]] = {}
    near = scene.near
    bare = sorted(near.bare.items(), key=lambda it: (-it[1], it[0]))
    dotted = sorted(near.dotted.items(), key=lambda it: (-it[1], it[0]))
    looked_up = 0
    for name, weight in bare:
        if looked_up >= MAX_NAMES:
            break
        known = scene.resolved(name)
        looked_up += bool(known)
        _note(found, scene, known, weight * SURE)
    for name, weight in dotted[:MAX_NAMES]:
        for certainty, definitions in _members(name, scene):
            _note(found, scene, definitions, weight * certainty)
    best = sorted(found.values(), key=lambda it: (-it[0], it[1].path, it[1].first))[:MAX_PIECES]
    for place, (score, definition) in enumerate(best):
        bodies = cursor.index if place < MAX_BODIES else None
        yield piece_of(definition, score, "named", bodies=bodies, within=scene.names.header(definition))


def _members(name: str, scene: Scene) -> list[tuple[float, Sequence[Definition]]]:
    """What a name after a dot may stand for, as far as the name alone says."""
    if len(name) < 3 or name.startswith("__"):
        return []
    known = scene.names.defined(name)
    imported = [it for it in known if it.path in scene.imported_files]
    if imported:
        return [(IMPORTED / len(imported), imported)]
    beside = [it for it in known if folder_of(it.path) == scene.folder]
    if beside and len(beside) <= MAX_ALIKE:
        return [(BESIDE / len(beside), beside)]
    return [(ONLY / len(known), known)] if len(known) <= MAX_ALIKE and known else []


def _note(
    found: dict[tuple[str, int], tuple[float, Definition]],
    scene: Scene,
    definitions: Iterable[Definition],
    score: float,
) -> None:
    for it in definitions:
        key = it.path, it.first
        if not scene.shown(it) and score > found.get(key, (0.0, it))[0]:
            found[key] = score, it
