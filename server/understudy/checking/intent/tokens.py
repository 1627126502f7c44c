"""Code as the rules about an edit read it: a tree's leaves, and the statements that they stand in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from understudy.context.syntax.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

TokenKind = Literal["name", "literal", "string", "comment", "keyword", "mark"]
_LITERALS = frozenset({"true", "false", "none", "null", "nil", "undefined", "ellipsis", "null_literal"})
_NUMBER = ("integer", "float", "number", "int_literal", "decimal")
_NAMES = frozenset({"name", "constant", "variable_name", "word", "self", "this"})
# Words that are what their statement does, and so count as its content.
JUMPS = frozenset({"return", "raise", "throw", "break", "continue", "yield", "goto", "await"})
_BLOCKS = frozenset(
    {
        "block", "module", "program", "source_file", "translation_unit", "compound_statement", "statement_list",
        "statements", "declaration_list", "chunk", "body_statement", "function_body",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A leaf of a tree, or a string or comment as a whole; `start` and `end` are bytes of the text's UTF-8."""

    kind: TokenKind
    text: str
    start: int
    end: int
    node: Node

    @property
    def is_word(self) -> bool:
        """Whether it carries content: a name, a value, or a jump."""
        return self.kind in ("name", "literal", "string") or self.text in JUMPS


def tokens(source: Source, start: int, end: int) -> tuple[Token, ...]:
    """The tokens that lie in or reach into the bytes `start` to `end`."""
    found: list[Token] = []
    waiting = [source.root]
    while waiting:
        node = waiting.pop()
        if node.child_count and not _is_whole(node):
            waiting += reversed(_children(node, start, end))
        elif node.start_byte < end and node.end_byte > start and (text := source.node_text(node)).strip():
            found.append(Token(_kind(node, text), text, node.start_byte, node.end_byte, node))
    return tuple(found)


def tokens_of(source: Source, node: Node) -> tuple[Token, ...]:
    """The code tokens of a node."""
    return tuple(token for token in tokens(source, node.start_byte, node.end_byte) if token.kind != "comment")


def own_tokens(source: Source, statement: Node) -> tuple[Token, ...]:
    """The code tokens of a statement without those of the blocks in it."""
    blocks = [node for node in descendants(statement) if is_block(node)]
    return tuple(
        token
        for token in tokens_of(source, statement)
        if not any(block.start_byte <= token.start and token.end <= block.end_byte for block in blocks)
    )


def statement_at(source: Source, byte: int) -> Node | None:
    """The innermost statement that holds a byte; None at the top of a text, between statements. A decorator counts as
    one of its own: it can be wrong, and lost, without what it stands on."""
    node = source.root.descendant_for_byte_range(byte, min(byte + 1, len(source.data)))
    while node is not None and node.parent is not None:
        if node.type == "decorator" or (is_block(node.parent) and node.is_named):
            return node
        node = node.parent
    return None


def is_block(node: Node) -> bool:
    """Whether a node holds statements."""
    return node.parent is None or node.type in _BLOCKS or node.type.endswith(("_block", "_body", "_list_body"))


def descendants(node: Node) -> Iterator[Node]:
    """A node's descendants, without itself."""
    waiting = list(reversed(node.children))
    while waiting:
        found = waiting.pop()
        yield found
        waiting += reversed(found.children)


def ancestors(node: Node) -> Iterator[Node]:
    """A node's ancestors, the nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _children(node: Node, start: int, end: int) -> list[Node]:
    children = node.children
    first = bisect_right(children, start, key=lambda child: child.end_byte)
    last = bisect_left(children, end, key=lambda child: child.start_byte)
    return children[first:last]


def _is_whole(node: Node) -> bool:
    """Whether a node with children is one token: a comment, or a string that holds no code."""
    if "comment" in node.type:
        return True
    if "string" not in node.type and node.type not in ("char_literal", "character_literal", "rune_literal"):
        return False
    return not any("interpolation" in child.type or "substitution" in child.type for child in descendants(node))


def _kind(node: Node, text: str) -> TokenKind:
    kind = node.type
    if "comment" in kind:
        return "comment"
    if "string" in kind or kind in ("char_literal", "character_literal", "rune_literal"):
        return "string"
    if kind in _LITERALS or any(word in kind for word in _NUMBER):
        return "literal"
    if "identifier" in kind or kind in _NAMES:
        return "name"
    return "keyword" if text.replace("_", "a").isalpha() else "mark"


def shown(source: Source, node: Node) -> str:
    """The line that a node begins in, with its number, as the model is told."""
    row = node.start_point[0]
    return f"line {row + 1}: {source.lines[row].strip()}"


def condition_of(source: Source, statement: Node) -> str:
    """The condition of an `if` or a loop, as it is written; empty where there is none."""
    condition = statement.child_by_field_name("condition")
    return source.node_text(condition) if condition is not None else ""


def is_called(token: Token) -> bool:
    """Whether a name is what a call calls, by itself or as the last part of a path."""
    node = token.node
    parent = node.parent
    if parent is not None and parent.type in ("attribute", "member_expression", "field_expression"):
        node, parent = parent, parent.parent
    function = parent.child_by_field_name("function") if parent is not None else None
    return function is not None and function.id == node.id


def is_in_type(token: Token, depth: int | None = None) -> bool:
    """Whether a token is part of a type annotation, at most `depth` nodes below it."""
    return any(node.type in ("type", "type_annotation") for node in islice(ancestors(token.node), depth))
