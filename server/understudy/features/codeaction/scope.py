"""What stands around a place: the definitions, from the tree, and the stretch of text that a change of it may touch.

The languages differ only in their queries (`grammars/<language>/tags.scm`). A definition is taken with what belongs to
it and stands above it: decorators, attributes, the comment that documents it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from understudy.context.index.found import Scope, find
from understudy.context.index.nesting import Nested, nested
from understudy.context.syntax.parsed import Parsed
from understudy.core.text import Span, line_end, line_start

if TYPE_CHECKING:
    import tree_sitter

    from understudy.context.syntax.source import Source

Kind = Literal["class", "function", "method", "nameless"]

# What stands around a definition alone and belongs to it: `export`, `const … =`, `template <…>`, decorators in Python.
WRAPPERS = frozenset(
    (
        "decorated_definition",
        "export_statement",
        "ambient_declaration",
        "template_declaration",
        "lexical_declaration",
        "variable_declaration",
        "type_declaration",
        "declaration",
        "expression_statement",
        "assignment_statement",
    )
)
LEADING = ("comment", "attribute", "decorator", "annotation")
WRAPPER_ROWS = 2
NAMELESS_ROWS = 3  # a function without a name that is shorter is part of a statement
REACH = 400  # rows of broken code that are looked through for its beginning or its end
_KINDS: dict[str, Kind] = {"definition.class": "class", "extension": "class", "local.scope": "nameless"}
_CALLED = ("function", "method")
_CLOSERS = (*")]}>'\"`#/*-;", "end", "else", "elif", "except", "finally", "catch", "then", "done", "fi", "esac")


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition. `span` is its lines with all that belongs to it, `top` its first row without a comment above it
    (rows as tree-sitter counts them). `local`: it stands in a function. `scope`: what the queries say of it."""

    name: str
    kind: Kind
    parent: str
    span: Span
    top: int
    local: bool
    scope: Scope

    @property
    def rows(self) -> int:
        """How many rows it has, without what is above it."""
        return self.scope.node.end_point.row - self.scope.node.start_point.row + 1


def around(parsed: Parsed, span: Span) -> tuple[Defined, ...]:
    """The definitions around a cursor or a selection, the outermost first. What is above a definition and belongs to it
    is within it; so is a blank line if what stands above and below it is."""
    source = parsed.source
    places = _places(source, span)
    if not places:
        return ()
    # What is wrapped around a definition may begin a line or two above it: `template <class T>`, `export default`.
    end = places[0]
    for _ in range(1 + WRAPPER_ROWS):
        end = source.data.find(b"\n", end) + 1 or len(source.data)
    found = find(source.matches("record", places[0], max(end, places[0] + 1))).scopes
    wholes = {it.node.id: _whole(it.node) for it in found}
    held = [it for it in found if all(_holds(wholes[it.node.id], place) for place in places)]
    return defined_by(source, held)


def defined_by(source: Source, scopes: Sequence[Scope]) -> tuple[Defined, ...]:
    """The definitions among scopes that are in the order of the file."""
    return tuple(_defined(source, it) for it in nested(source, scopes) if it.scope.what in _KINDS or it.kind in _CALLED)


def _holds(node: tree_sitter.Node, byte: int) -> bool:
    return node.start_byte <= byte < node.end_byte


def enclosing(parsed: Parsed, span: Span) -> Span | None:
    """The lines of the innermost definition around a place, else those of the statement at the top of the file or of a
    namespace; None where there is neither.

    A named definition counts before a function without a name. Where the syntax is broken, the tree says little about
    where a definition ends: then the text's margin does (`stretch`).
    """
    source = parsed.source
    chosen = _innermost(around(parsed, span))
    if chosen is not None:
        broken = chosen.scope.node.has_error
        return cover(chosen.span, stretch(source.text, span, late=True)) if broken else chosen.span
    statements = _statements(source, span)
    if source.root.has_error and (not statements or _are_broken(statements)):
        return stretch(source.text, span, late=True)
    if not statements:
        return None
    first, last = _lines_of(source, statements[0], comments=True), _lines_of(source, statements[-1], comments=True)
    return cover(first, last)


def stretch(text: str, span: Span, *, late: bool = False) -> Span:
    """The lines around a place from one that begins at the margin to before the next that does.

    `late`: where the place itself is at the margin, the stretch above belongs to it: of a bracket that is not closed,
    tools tell at the beginning of what comes next.
    """
    start = line_start(text, span.start)
    rows = 0
    again = late and _begins(text, start)
    while start > 0 and rows < REACH:
        if _begins(text, start):
            if not again:
                break
            again = False
        start = line_start(text, start - 1 - text.startswith("\r\n", max(0, start - 2)))
        rows += 1
    end = line_end(text, max(span.start, span.end))
    for _ in range(REACH):
        next_line = _next(text, end)
        if next_line >= len(text) or _begins(text, next_line):
            break
        end = line_end(text, next_line)
    return Span(start, max(start + len(text[start:end].rstrip()), line_end(text, span.end)))


def with_blanks(text: str, span: Span) -> Span:
    """A span with the blank lines around it, from the end of the last line above: what is put before its first line, or
    takes a blank line away there, is a change of it."""
    start = len(text[: span.start].rstrip())
    behind = text[span.end :]
    end = span.end + len(behind) - len(behind.lstrip())
    return Span(min(start, span.start), end if end == len(text) else max(span.end, line_start(text, end)))


def cover(one: Span, other: Span) -> Span:
    """The smallest span that holds both."""
    return Span(min(one.start, other.start), max(one.end, other.end))


def _innermost(definitions: Sequence[Defined]) -> Defined | None:
    named = [it for it in definitions if it.kind != "nameless"]
    # A local function of one line is part of what the function around it does.
    lasting = [it for it in named if not (it.local and it.rows == 1)] or named
    nameless = [it for it in definitions if it.kind == "nameless" and it.rows >= NAMELESS_ROWS]
    return next(reversed(lasting or nameless), None)


def _defined(source: Source, it: Nested) -> Defined:
    kind = _KINDS.get(it.scope.what) or ("method" if it.kind == "method" else "function")
    node = _whole(it.scope.node)
    span = _lines_of(source, node, comments=True)
    top = _first(source, node, comments=False).start_point.row
    name = it.names[0] if it.names else ""
    return Defined(name, kind, it.parent, span, top, it.function is not None, it.scope)


def _places(source: Source, span: Span) -> list[int]:
    """The bytes that decide what a span stands in: those of its first and its last character that is not blank. For a
    cursor on a blank line they are the nearest above and below."""
    text = source.text
    start, end = max(0, min(span.start, len(text))), min(span.end, len(text))
    if not text[line_start(text, start) : line_end(text, end)].strip():
        above, below = len(text[:start].rstrip()) - 1, end + len(text[end:]) - len(text[end:].lstrip())
        return [source.byte(it) for it in (above, below)] if above >= 0 and below < len(text) else []
    begin = line_start(text, start)
    first = max(start, begin + _indent(text, start))
    first = min(first, max(begin, len(text[: line_end(text, start)].rstrip()) - 1))
    last = max(first, len(text[:end].rstrip()) - 1)
    return [_led_to(source, source.byte(it)) for it in (first, last)]


def _indent(text: str, offset: int) -> int:
    line = text[line_start(text, offset) : line_end(text, offset)]
    return len(line) - len(line.lstrip())


def _led_to(source: Source, byte: int) -> int:
    """The byte of the definition that a comment, an attribute or a decorator belongs to; any other byte as it is."""
    node = source.root.descendant_for_byte_range(byte, byte)
    outermost = None
    while node is not None and node.parent is not None:
        if _leads(node):
            outermost = node
        node = node.parent
    node = outermost
    while node is not None and _leads(node):
        following = node.next_named_sibling
        if following is None or following.start_point.row > _last_row(node) + 1 or _behind_code(source, node):
            return byte
        node = following
    return node.start_byte if node is not None else byte


def _statements(source: Source, span: Span) -> list[tree_sitter.Node]:
    """The statements at the top of the file, or of a namespace, that a span touches."""
    text = source.text
    start = source.byte(min(line_start(text, span.start) + _indent(text, span.start), len(text)))
    end = max(start + 1, source.byte(max(span.start, len(text[: span.end].rstrip()))))
    start = _led_to(source, start)
    holder = source.root
    for it in find(source.matches("record", start, start + 1)).scopes:
        body = it.node.child_by_field_name("body")
        if it.what == "namespace" and body is not None and body.start_byte < start and end < body.end_byte:
            holder = body
    return [it for it in holder.named_children if it.start_byte < end and start < it.end_byte]


def _are_broken(statements: Sequence[tree_sitter.Node]) -> bool:
    before = statements[0].prev_named_sibling
    return any(it.has_error for it in statements) or (before is not None and before.has_error)


def _whole(node: tree_sitter.Node) -> tree_sitter.Node:
    """A definition with what is wrapped around it alone."""
    while (
        node.parent is not None
        and node.parent.type in WRAPPERS
        and node.parent.end_point.row == node.end_point.row
        and node.parent.parent is not None
    ):
        node = node.parent
    return node


def _lines_of(source: Source, node: tree_sitter.Node, *, comments: bool) -> Span:
    text = source.text
    start = line_start(text, source.offset(_first(source, node, comments=comments).start_byte))
    end = source.offset(node.end_byte)
    return Span(start, max(start, line_end(text, len(text[:end].rstrip("\r\n")))))


def _first(source: Source, node: tree_sitter.Node, *, comments: bool) -> tree_sitter.Node:
    """The first node of those above a definition that belong to it."""
    while (before := _above(node)) is not None and (comments or "comment" not in before.type):
        if _behind_code(source, before):
            break
        node = before
    return node


def _above(node: tree_sitter.Node) -> tree_sitter.Node | None:
    before = node.prev_named_sibling
    if before is None and node.parent is not None and node.parent.start_byte == node.start_byte:
        before = node.parent.prev_named_sibling  # what stands above the first of a body may stand before the body
    return before if before is not None and _leads(before) and _last_row(before) >= node.start_point.row - 1 else None


def _leads(node: tree_sitter.Node) -> bool:
    return any(word in node.type for word in LEADING) and not node.type.startswith("inner_")


def _last_row(node: tree_sitter.Node) -> int:
    # Rust's documentation comments end where the next line begins.
    return node.end_point.row - (node.end_point.column == 0)


def _behind_code(source: Source, node: tree_sitter.Node) -> bool:
    start = source.offset(node.start_byte)
    return bool(source.text[line_start(source.text, start) : start].strip())


def _begins(text: str, start: int) -> bool:
    """Whether the line at `start` begins something at the margin."""
    line = text[start : line_end(text, start)]
    return bool(line) and not line[0].isspace() and not line.startswith(_CLOSERS)


def _next(text: str, end: int) -> int:
    return end + (2 if text.startswith("\r\n", end) else 1)
