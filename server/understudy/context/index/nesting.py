"""Which definition stands in which, and what that makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from understudy.context.index.found import Scope
from understudy.context.index.record import Kind
from understudy.context.source import Source

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
        while around and (around[-1].scope.end <= scope.start or around[-1].scope.node == scope.node):
            around.pop()
        it = _nested(source, scope, around)
        found.append(it)
        around.append(it)
    return found


def _nested(source: Source, scope: Scope, around: list[Nested]) -> Nested:
    outer = around
    if scope.what == "definition.attribute":
        while outer and outer[-1].scope.what in FUNCTIONS:
            outer = outer[:-1]
    parent = outer[-1].qualified if outer else ""
    if scope.parent is not None:
        parent = _dotted(parent, source.node_text(scope.parent))
    names = tuple(source.node_text(name) for name in scope.names)
    function = next((it for it in reversed(around) if it.scope.what in FUNCTIONS), None)
    qualified = _dotted(parent, names[0]) if names else parent
    return Nested(scope, _kind(scope, outer), names, parent, qualified, function)


def _kind(scope: Scope, around: list[Nested]) -> Kind | None:
    holder = around[-1].scope.what if around else ""
    in_holder, in_function = holder in HOLDERS, holder in FUNCTIONS
    match scope.what:
        case "definition.class":
            return "class"
        case "definition.function":
            return "method" if in_holder or scope.parent is not None else "function"
        case "definition.method":
            return "method"
        case "definition.constant":
            return None if in_function else "field" if in_holder else "constant"
        case "definition.field" | "definition.attribute":
            return "field" if in_holder else None
        case _:
            return None


def _dotted(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name
