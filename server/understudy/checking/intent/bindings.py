"""Where code gives a name a meaning, and whether that meaning amounts to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.checking.intent.tokens import Token, ancestors, is_block, tokens_of
from understudy.context.syntax.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

# Fields in which a node holds the name that it binds.
_FIELDS = ("name", "left", "pattern", "declarator", "alias", "declaration")
_BINDING = (
    "assignment", "declar", "definition", "let_", "short_var", "const_", "var_", "_item", "named_expression",
    "property", "interface", "type_alias", "ambient",
)  # fmt: skip
_PARAMETERS = ("parameter",)
# What says nothing about a name: any of these as its value, type or base makes up a meaning.
_EMPTY = frozenset(
    {
        "None", "Any", "any", "unknown", "never", "undefined", "null", "nil", "object", "Object", "dict", "list", "set",
        "tuple", "str", "int", "float", "bool", "bytes", "string", "number", "boolean", "void", "type", "typing",
        "Mock", "MagicMock", "SimpleNamespace", "NotImplemented", "NotImplementedError", "Exception", "Error", "self",
        "cls",         "TypeVar", "NewType", "default", "Default", "new", "return", "raise", "throw",
    }
)  # fmt: skip


def binding(token: Token) -> Node | None:
    """The declaration, definition, assignment or parameter that gives the name of `token` a meaning; None where the
    token only uses it, or where a loop, an import or a `with` does."""
    child: Node = token.node
    for depth, parent in enumerate(ancestors(token.node)):
        if is_block(parent) or depth > 4:
            return None
        if is_parameter(parent):
            return None if _is_default(parent, child) else parent
        if any(word in parent.type for word in _BINDING):
            held = [parent.child_by_field_name(field) for field in _FIELDS]
            if any(node is not None and node.id == child.id for node in held):
                return parent
            if "declarat" not in parent.type and "ambient" not in parent.type:
                return None
        elif "pattern" not in parent.type and "declarator" not in parent.type and "list" not in parent.type:
            return None
        child = parent
    return None


def is_parameter(node: Node) -> bool:
    """Whether a node is a parameter, or a function's list of them."""
    return any(word in node.type for word in _PARAMETERS) and "lambda" not in node.type


def is_empty(source: Source, bound: Node) -> bool:
    """Whether a binding says nothing about its name: no value, a constant, `Any`, a body that does nothing."""
    value: Node | None = bound
    if not is_parameter(bound):
        value = next((node for field in ("body", "value", "right") if (node := bound.child_by_field_name(field))), None)
    # A function made up on the spot is judged by what it does.
    while value is not None and value.type in ("lambda", "arrow_function", "function_expression"):
        value = value.child_by_field_name("body")
    return value is None or all(
        token.kind in ("literal", "string") or not token.is_word or token.text in _EMPTY or _is_key(token)
        for token in tokens_of(source, value)
    )


def _is_key(token: Token) -> bool:
    return token.node.parent is not None and token.node.parent.type == "pair" and "property" in token.node.type


def _is_default(parameter: Node, child: Node) -> bool:
    value = parameter.child_by_field_name("value") or parameter.child_by_field_name("type")
    return value is not None and value.id == child.id
