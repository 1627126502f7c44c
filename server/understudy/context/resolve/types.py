"""Which classes are in play at a cursor: a guess from annotations, constructors, return types and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from understudy.context.index.record import Definition
from understudy.context.resolve.evidence import Evidence, said_by
from understudy.context.resolve.scene import Scene

ITSELF = frozenset({"self", "this", "cls", "super", "Self", "static", "parent", "base"})
MAX_DEPTH = 3  # calls, loops and assignments that are followed from one variable to another
MAX_PLACES = 4  # that say something of a variable, the last ones before the cursor
MAX_ALIKE = 3  # a member that more classes have says nothing about a value's type


def own_class(scene: Scene) -> Definition | None:
    """The class around the cursor, or the one that the method around it belongs to."""
    for it in reversed(scene.around):
        if it.kind == "class":
            return it
        if it.parent and not any(it.parent == other.qualified for other in scene.around):
            owner = it.parent.rpartition(".")[2]
            return next((found for found in scene.resolved(owner) if found.kind == "class"), None)
    return None


def classes_of(name: str, scene: Scene, depth: int = MAX_DEPTH) -> tuple[Definition, ...]:
    """The classes that a variable, a parameter, a field or a class itself may be of, the surest evidence first."""
    if name in ITSELF:
        own = own_class(scene)
        return (own,) if own is not None else ()
    direct = _classes((name,), scene)
    if direct or depth == 0:
        return direct
    for it in scene.evidence.get(name, ())[:MAX_PLACES]:
        if found := _by_evidence(it, name, scene, depth):
            return found
    for field in _fields(name, scene):
        if found := _classes_said(field, scene):
            return found
    return _named_alike(name, scene)


def _by_evidence(it: Evidence, name: str, scene: Scene, depth: int) -> tuple[Definition, ...]:
    words = it.words
    if it.kind == "type":
        # The last one is what a container holds: `list[Order]`, `Map<string, Order>`.
        return _classes(reversed(words), scene)
    if it.kind == "items" and len(words) == 1:
        return classes_of(words[0], scene, depth - 1) if words[0] != name else ()
    if it.kind == "call" and (made := _classes(reversed(words), scene)):
        return made
    if len(words) == 1:
        return next((found for known in scene.resolved(words[0]) if (found := _classes_said(known, scene))), ())
    return next((found for known in _members(words, scene, depth) if (found := _classes_said(known, scene))), ())


def _members(words: tuple[str, ...], scene: Scene, depth: int) -> list[Definition]:
    """The definitions of the last of `a.b.c`: by the class of what stands before it, else the few of that name."""
    found = [
        it
        for owner in classes_of(words[-2], scene, depth - 1)[:1]
        for _, above in scene.names.line_of(owner)
        for it in scene.names.members(above)
        if it.name == words[-1]
    ]
    known = scene.names.defined(words[-1])
    return found or (list(known) if len(known) <= MAX_ALIKE else [])


def _fields(name: str, scene: Scene) -> Iterator[Definition]:
    """Fields and constants of this name: in the document, where they may stand far from the cursor, and above the class
    around it."""
    for it in scene.record.definitions:
        if it.name == name and it.kind in ("field", "constant", "method"):
            yield it
    own = own_class(scene)
    for _, above in scene.names.line_of(own) if own is not None else ():
        if above.path != scene.cursor.path:
            yield from (it for it in scene.names.members(above) if it.name == name)


def _classes_said(it: Definition, scene: Scene) -> tuple[Definition, ...]:
    """The classes that a signature names as its result or type, seen from its own file."""
    record = scene.names.read(it.path)
    if it.kind == "class":
        return (it,)
    if record is None:
        return ()
    for word in said_by(it.signature, it.name, record.language):
        if found := tuple(known for known in scene.names.resolved(word, record) if known.kind == "class"):
            return found
    return ()


def _named_alike(name: str, scene: Scene) -> tuple[Definition, ...]:
    """`order_line`, `orderLine` and `_order_lines` are most often of a class `OrderLine`, if there is just one."""
    if len(name) < 3 or name[0].isupper():
        return ()
    words = name.strip("_").replace("_", " ").split()
    camel = "".join(word[:1].upper() + word[1:] for word in words)
    for spelled in dict.fromkeys((camel, camel.removesuffix("s"))):
        found = scene.resolved(spelled) or scene.names.defined(spelled)
        classes = tuple(it for it in found if it.kind == "class")
        if len({it.path for it in classes}) == 1:
            return classes
    return ()


def _classes(words: Iterable[str], scene: Scene) -> tuple[Definition, ...]:
    """The classes that the first of these names stands for that stands for any."""
    for word in words:
        if found := tuple(it for it in scene.resolved(word) if it.kind == "class"):
            return found
    return ()
