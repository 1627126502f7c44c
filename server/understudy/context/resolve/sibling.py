"""What other classes of the same base do where the cursor's class does it its own way."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.cursor import Cursor
from understudy.context.index.record import Definition
from understudy.context.pieces import Piece
from understudy.context.resolve.files import nearest_first
from understudy.context.resolve.forms import key_of
from understudy.context.resolve.scene import Scene, scene_at
from understudy.context.resolve.types import own_class
from understudy.context.syntax.languages import family

MAX_FILES = 6  # of those that use the base's name
MAX_SIBLINGS = 3
MAX_ROWS = 30  # of a method that is shown with its body
SCORE = 0.6
NEXT = 0.8  # each further one's share of the one before


def sibling(cursor: Cursor) -> Iterator[Piece]:
    """The method around the cursor, as the nearest classes with the same base define it."""
    scene = scene_at(cursor)
    own, method = own_class(scene), next((it for it in reversed(scene.around) if it.kind == "method"), None)
    if own is None or method is None or not own.bases:
        return
    score = SCORE
    for owner, it in _overrides(own, method.name, scene):
        text = cursor.index.text(it.path)
        forms = [it.signature]
        if text is not None and it.last - it.first <= MAX_ROWS:
            forms.insert(0, "\n".join(text.split("\n")[it.first : it.last]).rstrip())
        yield Piece(it.path, it.first, key_of(it), tuple(dict.fromkeys(forms)), score, "sibling", owner.signature)
        score *= NEXT


def _overrides(own: Definition, name: str, scene: Scene) -> list[tuple[Definition, Definition]]:
    """Classes that share a base with `own`, each with its method of this name."""
    kin = family(scene.record.language)
    users = {use.path for base in own.bases for use in scene.cursor.index.using(base, family=kin)} - {scene.cursor.path}
    found: list[tuple[Definition, Definition]] = []
    for path in nearest_first(users, scene.cursor.path)[:MAX_FILES]:
        record = scene.names.read(path)
        definitions = record.definitions if record is not None else ()
        for owner in definitions:
            if owner.kind == "class" and not set(owner.bases).isdisjoint(own.bases):
                found += [(owner, it) for it in definitions if it.parent == owner.qualified and it.name == name]
        if len(found) >= MAX_SIBLINGS:
            break
    return found[:MAX_SIBLINGS]
