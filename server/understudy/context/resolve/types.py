"""Which classes are in play at a cursor: a guess from annotations, constructors, return types and names.

No inference of types: what stands in the text near the cursor is read with expressions that fit several languages, and
counts only where it leads to a class that is known. Ranking follows how sure each kind of evidence is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.context.index.record import Definition
from understudy.context.resolve.scene import Scene

ITSELF = frozenset({"self", "this", "cls", "super", "Self", "static", "parent", "base"})
MAX_TEXT = 20_000  # characters before the cursor that are searched for a variable's type
AHEAD = 2_000  # and after it
MAX_DEPTH = 3  # calls and loops that are followed from one variable to another
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_RETURNS = re.compile(r"(?:->|\)\s*:)\s*([^={]+?)\s*[:{]?\s*$")


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
    """The classes that a variable, a parameter, a field or a class itself may be of, the surest first."""
    if name in ITSELF:
        own = own_class(scene)
        return (own,) if own is not None else ()
    direct = tuple(it for it in scene.resolved(name) if it.kind == "class")
    if direct or depth == 0:
        return direct
    for types in (_annotated, _made, _looped):
        for found in types(name, scene, depth):
            if found:
                return found
    return _named_alike(name, scene)


def returned(function: Definition, scene: Scene) -> tuple[Definition, ...]:
    """The classes that a function says it returns, seen from its own file."""
    record = scene.names.read(function.path)
    if record is None:
        return ()
    flat = " ".join(line.strip() for line in function.signature.split("\n"))
    found = _RETURNS.search(flat)
    text = found[1] if found else flat.partition(f"{function.name}(")[0] if "(" in flat else ""
    text = text or flat.rpartition(")")[2]  # Go: what stands after the parameters
    for word in _IDENTIFIER.findall(text):
        if classes := tuple(it for it in scene.names.resolved(word, record) if it.kind == "class"):
            return classes
    return ()


def _around(scene: Scene) -> str:
    text, offset = scene.cursor.document.text, scene.cursor.offset
    return text[max(offset - MAX_TEXT, 0) : offset + AHEAD]


def _annotated(name: str, scene: Scene, _depth: int) -> Iterator[tuple[Definition, ...]]:
    """`name: Type`, `Type name` and Go's `name *Type`, the last one before the cursor first."""
    quoted = re.escape(name)
    after = re.compile(rf"\b{quoted}\s*[?!]?:\s*([^=;(){{}}\n]+)|\b{quoted}\s+([*\[\]]*[\w.]*\b[A-Z]\w*)")
    before = re.compile(rf"\b([A-Z]\w*)(?:<[^<>\n]*>|\[\])*[\s*&?]+{quoted}\b")
    text = _around(scene)
    found = [*after.finditer(text), *before.finditer(text)]
    for match in sorted(found, key=lambda it: -it.start()):
        words = _IDENTIFIER.findall(next(group for group in match.groups() if group is not None))
        # The innermost type is what a container holds: `list[Order]`, `Map<string, Order>`.
        yield next((known for word in reversed(words) if (known := _classes(word, scene))), ())


def _made(name: str, scene: Scene, depth: int) -> Iterator[tuple[Definition, ...]]:
    """`name = Type(…)`, `new Type`, `Type{…}`, `Type::new()`, `await store.load()`; `with open() as name`."""
    quoted = re.escape(name)
    text = _around(scene)
    made = re.compile(rf"\b{quoted}\b[^=\n:]{{0,40}}:?=\s*(?:await\s+|new\s+|&)*([\w.:>-]+?)(?:<[^<>\n]*>)?\s*[({{]")
    opened = re.compile(rf"([\w.]+)\([^\n]*\)\s+as\s+{quoted}\b")
    for match in sorted([*made.finditer(text), *opened.finditer(text)], key=lambda it: -it.start()):
        words = _IDENTIFIER.findall(match[1])
        yield next((known for word in reversed(words) if (known := _classes(word, scene))), ())
        yield _result(words, scene, depth)


def _result(words: list[str], scene: Scene, depth: int) -> tuple[Definition, ...]:
    """What the call of `a.b.c` returns."""
    if not words:
        return ()
    if len(words) == 1:
        functions = scene.resolved(words[0])
    else:
        functions = tuple(
            it
            for owner in classes_of(words[-2], scene, depth - 1)
            for _, above in scene.names.line_of(owner)
            for it in scene.names.members(above)
            if it.name == words[-1]
        )
    return next((found for it in functions[:2] if (found := returned(it, scene))), ())


def _looped(name: str, scene: Scene, depth: int) -> Iterator[tuple[Definition, ...]]:
    """`for name in names`: a container's annotation names what it holds."""
    looped = re.compile(
        rf"\bfor\b[^\n]*?\b{re.escape(name)}\b\)?\s+(?:in|of)\s+([\w.]+)|\bfor\b.*\b{re.escape(name)}\s*:\s*(\w+)"
    )
    for match in sorted(looped.finditer(_around(scene)), key=lambda it: -it.start())[:1]:
        words = _IDENTIFIER.findall(match[1] or match[2])
        yield classes_of(words[-1], scene, depth - 1) if words and words[-1] != name else ()


def _named_alike(name: str, scene: Scene) -> tuple[Definition, ...]:
    """`order_line`, `orderLine` and `_order_lines` are most often of a class `OrderLine`, if there is just one."""
    if len(name) < 3 or name[0].isupper():
        return ()
    words = name.strip("_").replace("_", " ").split()
    camel = "".join(word[:1].upper() + word[1:] for word in words)
    for spelled in (camel, camel.removesuffix("s")):
        found = scene.resolved(spelled) or scene.names.defined(spelled)
        classes = tuple(it for it in found if it.kind == "class")
        if len({it.path for it in classes}) == 1:
            return classes
    return ()


def _classes(word: str, scene: Scene) -> tuple[Definition, ...]:
    return tuple(it for it in scene.resolved(word) if it.kind == "class")
