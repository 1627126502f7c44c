"""Which definition stands in which, and what that makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from understudy.context.index.found import Scope
from understudy.context.index.record import Kind
from understudy.context.syntax.source import Source

# What has members: a function in one of these is a method, a constant a field.
HOLDERS = frozenset(("definition.class", "extension", "definition.constant", "definition.field"))
# What has local names: a constant in one of these is none that others could use.
FUNCTIONS = frozenset(("definition.function", "definition.method", "local.scope"))


@dataclass(frozen=True, slots=True)
class Nested:
    """A scope in its place. `kind` is None where nothing is defined that others could use. `parent` is the dotted name
    of what stands around it, `function` the innermost function around it."""

    scope: Scope
    kind: Kind | None
    names: tuple[str, ...]
    parent: str
    qualified: str
    function: Nested | None


def nested(source: Source, scopes: Iterable[Scope]) -> list[Nested]:
    """Every scope in its place, from scopes in the order of the file."""
    found: list[Nested] = []
    around: list[Nested] = []
    for scope in scopes:
        while around and around[-1].scope.end <= scope.start:
            around.pop()
        if around and _same_body(around[-1].scope, scope):
            # C's `typedef struct tag {} name`: the members belong to the outer one, which has the name in use.
            it = _nested(source, scope, around[:-1])
            if it.qualified != around[-1].qualified:
                found.append(it)
            continue
        it = _nested(source, scope, around)
        found.append(it)
        around.append(it)
    return found


def _same_body(outer: Scope, inner: Scope) -> bool:
    both = outer.what == inner.what == "definition.class"
    return both and outer.body is not None and inner.body is not None and outer.body.id == inner.body.id


def _nested(source: Source, scope: Scope, around: list[Nested]) -> Nested:
    parent = around[-1].qualified if around else ""
    kind = _kind(scope, around)
    if scope.what == "definition.attribute":
        method = next((it for it in reversed(around) if it.kind == "method"), None)
        kind, parent = ("field", method.parent) if method is not None else (None, parent)
    elif scope.parent is not None:
        parent = _dotted(parent, source.node_text(scope.parent))
    # Ruby's `attr_reader :name`, and C++'s `namespace outer::inner`.
    names = tuple(source.node_text(name).lstrip(":").replace("::", ".") for name in scope.names)
    function = next((it for it in reversed(around) if it.scope.what in FUNCTIONS), None)
    qualified = _dotted(parent, names[0]) if names else parent
    return Nested(scope, kind, names, parent, qualified, function)


def _kind(scope: Scope, around: list[Nested]) -> Kind | None:
    holder = around[-1].scope.what if around else ""
    member = holder in HOLDERS or scope.parent is not None
    local = holder in FUNCTIONS or (holder == "definition.constant" and around[-1].kind is None)
    match scope.what:
        case "definition.class":
            return "class"
        case "definition.function" if local and scope.body is None:
            return None  # C++'s `Shelf shelf(width);` reads like a declaration
        case "definition.function":
            return "method" if member else "function"
        case "definition.method":
            return "method"
        case "definition.constant":
            return None if local else "field" if member else "constant"
        case "definition.field":
            return "field" if member and not local else None
        case _:
            return None


def _dotted(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name
