"""Members of the classes in play: what stands before the dot, the class around the cursor and those above it, the types
of variables near it."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.cursor import Cursor
from understudy.context.index.record import Definition
from understudy.context.pieces import Piece
from understudy.context.resolve.forms import piece_of
from understudy.context.resolve.scene import Scene, scene_at
from understudy.context.resolve.types import ITSELF, classes_of, own_class

# How likely a member of each class is the next thing that is named.
RECEIVER = 1.0  # of what stands before the dot at the cursor
OWN = 0.7
NEAR = 0.6  # of a class or a variable that is named near the cursor, less with its distance
STEP = 0.8  # for each step up the hierarchy
# And each member, among those of its class.
UNUSED = 0.45  # not used in the document
CONSTRUCTOR = 0.8
PRIVATE = 0.3  # of another class
SPECIAL = 0.2  # `__eq__` and its kind are called by the language
MAX_CLASSES = 12
MAX_MEMBERS = 60  # of one class
MAX_PIECES = 120
CONSTRUCTORS = frozenset({"__init__", "constructor", "new", "init", "__construct", "initialize", "New"})


def member(cursor: Cursor) -> Iterator[Piece]:
    """Fields and methods, as signatures."""
    scene = scene_at(cursor)
    best: dict[tuple[str, int], tuple[float, Definition, Definition]] = {}
    for weight, private, start in _in_play(scene):
        for steps, owner in scene.names.line_of(start):
            for it in scene.names.members(owner)[:MAX_MEMBERS]:
                score = weight * STEP**steps * _likely(it, owner, scene, private=private)
                key = it.path, it.first
                if not scene.shown(it) and score > best.get(key, (0.0,))[0]:
                    best[key] = score, it, owner
    ranked = sorted(best.values(), key=lambda it: (-it[0], it[1].path, it[1].first))
    for score, it, owner in ranked[:MAX_PIECES]:
        yield piece_of(it, score, "member", within=owner.signature if owner.path == it.path else "")


def _in_play(scene: Scene) -> list[tuple[float, bool, Definition]]:
    """The classes, each with its weight and whether its private members count, the weightiest first."""
    found: dict[tuple[str, str], tuple[float, bool, Definition]] = {}

    def note(weight: float, definition: Definition, *, private: bool) -> None:
        key = definition.path, definition.qualified
        if weight > found.get(key, (0.0,))[0]:
            found[key] = weight, private, definition

    receiver = scene.typed.receiver
    for it in classes_of(receiver, scene) if receiver else ():
        note(RECEIVER, it, private=receiver in ITSELF)
    if (own := own_class(scene)) is not None:
        note(OWN, own, private=True)
    names = {**scene.near.bare, **{name: weight * 0.9 for name, weight in scene.near.dotted.items()}}
    for name, weight in sorted(names.items(), key=lambda it: (-it[1], it[0])):
        if len(found) >= MAX_CLASSES:
            break
        for it in classes_of(name, scene):
            note(NEAR * weight, it, private=False)
    return sorted(found.values(), key=lambda it: (-it[0], it[2].path, it[2].first))


def _likely(it: Definition, owner: Definition, scene: Scene, *, private: bool) -> float:
    if it.name in CONSTRUCTORS or it.name == owner.name:
        return CONSTRUCTOR
    if it.name.startswith("__"):
        return SPECIAL
    if it.name.startswith(("_", "#")) and not private:
        return PRIVATE
    prefix = scene.typed.prefix
    if prefix and it.name.startswith(prefix):
        return 1.0
    used = scene.near_uses(it.name)
    return UNUSED + (1 - UNUSED) * used
