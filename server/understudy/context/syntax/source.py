"""A text with its syntax tree. We count in code points, tree-sitter in bytes of UTF-8; here is the way between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from understudy.context.syntax.grammar import Grammar
from understudy.core.text import Span, changed_span

if TYPE_CHECKING:
    import tree_sitter

QueryName = Literal["scope", "imports", "tags", "record"]


@dataclass(frozen=True)
class Source:
    """One version of a text, parsed. `data` is `text` in UTF-8. All offsets in and out are code points."""

    grammar: Grammar
    text: str
    data: bytes
    tree: tree_sitter.Tree

    @classmethod
    def parse(cls, grammar: Grammar, text: str, within: float | None = None) -> Source:
        """Parse a text from nothing. Raises `TooSlow` when it takes more than `within` seconds."""
        data = encode(text)
        return cls(grammar, text, data, grammar.parse(data, within=within))

    def changed(self, text: str, within: float | None = None) -> Source:
        """The source for a newer text: only what the change touches is parsed again. `self` stays as it is.

        Raises `TooSlow` when it takes more than `within` seconds.
        """
        if text == self.text:
            return self
        span, replacement = changed_span(self.text, text)
        return self.edited(span, replacement, text, within)

    def edited(self, span: Span, replacement: str, text: str | None = None, within: float | None = None) -> Source:
        """The source after `span` became `replacement`; `text` is the result, where the caller has it already."""
        if text is None:
            text = self.text[: span.start] + replacement + self.text[span.end :]
        start, old_end = self.byte(span.start), self.byte(span.end)
        middle = encode(replacement)
        data = b"".join((self.data[:start], middle, self.data[old_end:]))
        new_end = start + len(middle)
        tree = self.tree.copy()
        tree.edit(start, old_end, new_end, point(self.data, start), point(self.data, old_end), point(data, new_end))
        return Source(self.grammar, text, data, self.grammar.parse(data, tree, within))

    def byte(self, offset: int) -> int:
        """The byte at a code point offset."""
        return offset if self._ascii else len(encode(self.text[:offset]))

    def offset(self, byte: int) -> int:
        """The code point offset of a byte."""
        return byte if self._ascii else len(self.data[:byte].decode("utf-8", "surrogatepass"))

    def span(self, node: tree_sitter.Node) -> Span:
        """Where a node stands."""
        return Span(self.offset(node.start_byte), self.offset(node.end_byte))

    def captures(
        self, query: QueryName, start: int, end: int, depth: int | None = None
    ) -> dict[str, list[tree_sitter.Node]]:
        """The captures of a query that touch the bytes `start` to `end`, each in the order of the text; none when the
        query does not load.

        With `depth` only patterns that begin at most as deep below the root are looked for.
        """
        cursor = self._cursor(query, start, end)
        if cursor is not None and depth is not None:
            cursor.set_max_start_depth(depth)
        found = cursor.captures(self.root) if cursor is not None else {}
        # They come in the order in which their matches end.
        return {name: sorted(nodes, key=lambda node: node.start_byte) for name, nodes in found.items()}

    def matches(self, query: QueryName, start: int, end: int) -> list[dict[str, list[tree_sitter.Node]]]:
        """The matches of a query that touch the bytes `start` to `end`, each as its captures."""
        cursor = self._cursor(query, start, end)
        return [captures for _, captures in cursor.matches(self.root)] if cursor is not None else []

    def _cursor(self, query: QueryName, start: int, end: int) -> tree_sitter.QueryCursor | None:
        import tree_sitter

        compiled: tree_sitter.Query | None = getattr(self.grammar, query)
        if compiled is None:
            return None
        cursor = tree_sitter.QueryCursor(compiled)
        cursor.set_byte_range(start, end)
        return cursor

    def node_text(self, node: tree_sitter.Node) -> str:
        """The text of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    @property
    def language_id(self) -> str:
        """An LSP language id of the text's language."""
        return self.grammar.language.ids[0]

    @property
    def root(self) -> tree_sitter.Node:
        """The tree's root."""
        return self.tree.root_node

    @cached_property
    def lines(self) -> list[str]:
        """The rows as tree-sitter counts them, without the line feeds that end them."""
        return self.text.split("\n")

    @property
    def rows(self) -> int:
        """How many rows hold a character."""
        return self.text.count("\n") + (not self.text.endswith("\n") and bool(self.text))

    @cached_property
    def errors(self) -> tuple[tree_sitter.Node, ...]:
        """All ERROR and MISSING nodes, in order. An ERROR inside an ERROR is not counted again."""
        found: list[tree_sitter.Node] = []
        _collect_errors(self.root, found)
        return tuple(found)

    @cached_property
    def _ascii(self) -> bool:
        return len(self.data) == len(self.text)


def encode(text: str) -> bytes:
    """UTF-8; a lone surrogate, which a client may send, is kept as three bytes so that offsets still agree."""
    return text.encode("utf-8", "surrogatepass")


def point(data: bytes, byte: int) -> tuple[int, int]:
    """Row and column in bytes, as tree-sitter counts them: a line ends at a line feed and nowhere else."""
    return data.count(b"\n", 0, byte), byte - data.rfind(b"\n", 0, byte) - 1


def _collect_errors(node: tree_sitter.Node, found: list[tree_sitter.Node]) -> None:
    # Iterative, since broken code can nest deeply; only branches that hold an error are entered.
    waiting = [node] if node.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(node)
        else:
            waiting += [child for child in reversed(node.children) if child.has_error or child.is_missing]
