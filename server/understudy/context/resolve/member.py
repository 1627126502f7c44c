"""Members of the classes in play: what stands before the dot, the class around the cursor and those above it, the types
of variables near it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from understudy.context.cursor import Cursor
from understudy.context.index.record import Definition
from understudy.context.pieces import Piece
from understudy.context.resolve.forms import piece_of
from understudy.context.resolve.scene import Scene, scene_at
from understudy.context.resolve.types import ITSELF, classes_of, own_class

# How likely a member of each class is the next thing that is named.
RECEIVER = 1.0  # of what stands before the dot at the cursor
OWN = 0.5  # much of it is of this file and not shown again
NEAR = 0.6  # of a class or a variable that is named near the cursor, less with its distance
STEP = 0.8  # for each step up the hierarchy
# And each member, among those of its class.
UNUSED = 0.45  # not used in the document
UNUSED_OF_RECEIVER = 0.75
ALIKE = 0.3  # more for a name that is made of words near the cursor
OTHERWISE = 0.6  # of a receiver's members, what does not begin as the word at the cursor does
CONSTRUCTOR = 0.8
PRIVATE = 0.3  # of another class
SPECIAL = 0.2  # `__eq__` and its kind are called by the language
MAX_CLASSES = 12
MAX_VARIABLES = 10  # whose types are looked for
MAX_MEMBERS = 60  # of one class
MAX_PIECES = 120
CONSTRUCTORS = frozenset({"__init__", "constructor", "new", "init", "__construct", "initialize", "New"})


def member(cursor: Cursor) -> Iterator[Piece]:
    """Fields and methods, as signatures."""
    scene = scene_at(cursor)
    best: dict[tuple[str, int], tuple[float, Definition, Definition]] = {}
    for play in _in_play(scene):
        for steps, owner in scene.names.line_of(play.owner):
            for it in scene.names.members(owner)[:MAX_MEMBERS]:
                score = play.weight * STEP**steps * _likely(it, play, scene)
                key = it.path, it.first
                if it.signature != owner.signature and not scene.shown(it) and score > best.get(key, (0.0,))[0]:
                    best[key] = score, it, owner
    ranked = sorted(best.values(), key=lambda it: (-it[0], it[1].path, it[1].first))
    for score, it, owner in ranked[:MAX_PIECES]:
        yield piece_of(it, score, "member", within=owner.signature if owner.path == it.path else "")


@dataclass(frozen=True, slots=True)
class _Play:
    """A class in play. `private` says whether its private members count, `unused` what a member counts that the
    document does not use."""

    weight: float
    owner: Definition
    private: bool = False
    unused: float = UNUSED


def _in_play(scene: Scene) -> list[_Play]:
    """The classes in play, each once, the weightiest first."""
    found: dict[tuple[str, str], _Play] = {}
    for play in (*_at_cursor(scene), *_classes_near(scene), *_variables_near(scene)):
        known = found.get(key := (play.owner.path, play.owner.qualified))
        if known is None or play.weight > known.weight:
            found[key] = play
    ranked = sorted(found.values(), key=lambda it: (-it.weight, it.owner.path, it.owner.first))
    return ranked[:MAX_CLASSES]


def _at_cursor(scene: Scene) -> Iterator[_Play]:
    receiver = scene.typed.receiver
    for it in classes_of(receiver, scene) if receiver else ():
        yield _Play(RECEIVER, it, receiver in ITSELF, UNUSED_OF_RECEIVER)
    if (own := own_class(scene)) is not None:
        yield _Play(OWN, own, private=True)


def _classes_near(scene: Scene) -> Iterator[_Play]:
    """Classes that are named themselves: annotations, constructors, static members."""
    for name, weight in _nearest(scene.near.bare):
        if name[0].isupper() or name in scene.imported_names:
            yield from (_Play(NEAR * weight, it) for it in scene.resolved(name) if it.kind == "class")


def _variables_near(scene: Scene) -> Iterator[_Play]:
    for name, weight in _nearest(scene.near.owners)[:MAX_VARIABLES]:
        if name not in ITSELF:
            yield from (_Play(NEAR * weight, it) for it in classes_of(name, scene)[:1])


def _nearest(names: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(names.items(), key=lambda it: (-it[1], it[0]))


def _likely(it: Definition, play: _Play, scene: Scene) -> float:
    if it.name in CONSTRUCTORS or it.name == play.owner.name:
        return CONSTRUCTOR
    if it.name.startswith("__"):
        return SPECIAL
    if it.name.startswith(("_", "#")) and not play.private:
        return PRIVATE
    if scene.begun(it.name):
        return 1.0
    used = scene.near_uses(it.name)
    likely = min(play.unused + max((1 - play.unused) * used, ALIKE * scene.affinity(it.name)), 1.0)
    return likely * OTHERWISE if scene.typed.prefix and play.weight == RECEIVER else likely
