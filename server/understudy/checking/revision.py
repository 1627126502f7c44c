"""What an edit changes, in lines and in tokens: what every rule about an edit's intent looks at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from understudy.checking.kinds import Kind, kinds_of
from understudy.context.syntax.source import Source
from understudy.core.text import Span
from understudy.editing.diff import Change, changes
from understudy.editing.lines import Lines, read_lines
from understudy.editing.shift import Shift

if TYPE_CHECKING:
    from tree_sitter import Node

    from understudy.checking.verdict import Candidate

TokenKind = Literal["name", "literal", "string", "comment", "keyword", "mark"]

_LITERALS = frozenset({"true", "false", "none", "null", "nil", "undefined", "ellipsis", "null_literal"})
_NUMBER = ("integer", "float", "number", "int_literal", "decimal")
_NAMES = frozenset({"name", "constant", "variable_name", "word", "self", "this"})
# Words that are what their statement does, and so count as its content.
JUMPS = frozenset({"return", "raise", "throw", "break", "continue", "yield", "goto", "await"})


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


@dataclass(frozen=True, slots=True)
class Hunk:
    """Whole lines that took the place of whole lines, in code points of the old and the new text."""

    old: Span
    new: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A run of tokens that took the place of another inside a hunk; one of them may be empty. No comments."""

    removed: tuple[Token, ...]
    added: tuple[Token, ...]


@dataclass(frozen=True)
class Texts:
    """A text before and after an edit, and where they differ."""

    old: str
    new: str

    @cached_property
    def old_lines(self) -> Lines:
        """The rows of the text before."""
        return read_lines(self.old)

    @cached_property
    def new_lines(self) -> Lines:
        """The rows of the text after."""
        return read_lines(self.new)

    @cached_property
    def shift(self) -> Shift:
        """Where things of the old text are in the new one."""
        return Shift(self.old, self.new)

    @cached_property
    def hunks(self) -> tuple[Hunk, ...]:
        """The lines that differ."""
        old, new = self.old_lines, self.new_lines
        return tuple(
            Hunk(
                Span(old.bound(change.first), old.bound(change.last)),
                Span(new.bound(change.new_first), new.bound(change.new_last)),
            )
            for change in changes(old.bodies, new.bodies)
        )


@dataclass(frozen=True)
class Revision:
    """An edit as the rules see it: both texts with their trees, and what differs between them."""

    candidate: Candidate
    texts: Texts
    before: Source
    after: Source

    @cached_property
    def regions(self) -> tuple[Hunk, ...]:
        """The lines that differ, with those that a changed string or comment takes in: two quotes more make text of the
        code between them, though its lines are the same."""
        old, new = self.texts.old_lines, self.texts.new_lines
        regions = [_widened(self, change) for change in changes(old.bodies, new.bodies)]
        while merged := next(
            ((a, b) for a, b in pairwise(regions) if b.first < a.last or b.new_first < a.new_last), None
        ):
            regions[regions.index(merged[0]) : regions.index(merged[1]) + 1] = [_widened(self, _both(*merged))]
        return tuple(
            Hunk(
                Span(old.bound(change.first), old.bound(change.last)),
                Span(new.bound(change.new_first), new.bound(change.new_last)),
            )
            for change in regions
        )

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The code tokens that differ."""
        return tuple(block for hunk in self.regions for block in self._blocks(hunk))

    @cached_property
    def removed(self) -> tuple[Token, ...]:
        """Code that is gone."""
        return tuple(token for block in self.blocks for token in block.removed)

    @cached_property
    def added(self) -> tuple[Token, ...]:
        """Code that is new."""
        return tuple(token for block in self.blocks for token in block.added)

    @cached_property
    def lines_now(self) -> tuple[Token, ...]:
        """All code of the new text's changed lines."""
        return tuple(token for hunk in self.regions for token in _in(self.after, hunk.new) if token.kind != "comment")

    @cached_property
    def added_comments(self) -> tuple[Token, ...]:
        """Comments in changed lines that did not stand there before."""
        return tuple(self._comments(self.after, self.before, old=False))

    @cached_property
    def removed_comments(self) -> tuple[Token, ...]:
        """Comments in changed lines that are gone."""
        return tuple(self._comments(self.before, self.after, old=True))

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """What the target is about; empty without one."""
        target = self.candidate.target
        return kinds_of(target) if target is not None else frozenset()

    @cached_property
    def target_bytes(self) -> tuple[int, int] | None:
        """The target's place in the old text; an empty one takes in the token that it stands at."""
        target = self.candidate.target
        if target is None:
            return None
        start = self.before.byte(min(target.span.start, len(self.before.text)))
        end = self.before.byte(min(target.span.end, len(self.before.text)))
        if start == end:
            node = self.before.root.descendant_for_byte_range(start, min(start + 1, len(self.before.data)))
            if node is not None and node.child_count == 0 and node.start_byte <= start:
                return node.start_byte, max(node.end_byte, start)
        return start, end

    @cached_property
    def target_tokens(self) -> tuple[Token, ...]:
        """The code that the target's place covers."""
        place = self.target_bytes
        return tuple(token for token in tokens(self.before, *place) if token.kind != "comment") if place else ()

    @cached_property
    def target_name(self) -> str:
        """The name that the target is about: what stands at its place, where that is one name; else empty."""
        names = [token.text for token in self.target_tokens if token.kind == "name"]
        return names[-1] if names and len([token for token in self.target_tokens if token.is_word]) <= 2 else ""

    @cached_property
    def target_statement(self) -> Node | None:
        """The innermost statement around the target."""
        place = self.target_bytes
        return statement_at(self.before, place[0]) if place else None

    def _blocks(self, hunk: Hunk) -> Iterator[Block]:
        old = [token for token in _in(self.before, hunk.old) if token.kind != "comment"]
        new = [token for token in _in(self.after, hunk.new) if token.kind != "comment"]
        matcher = SequenceMatcher(None, [token.text for token in old], [token.text for token in new], autojunk=False)
        for tag, first, last, begin, end in matcher.get_opcodes():
            if tag != "equal":
                yield Block(tuple(old[first:last]), tuple(new[begin:end]))

    def _comments(self, source: Source, other: Source, *, old: bool) -> Iterator[Token]:
        for hunk in self.regions:
            mine, its = (hunk.old, hunk.new) if old else (hunk.new, hunk.old)
            known = [token.text for token in _in(other, its) if token.kind == "comment"]
            for token in _in(source, mine):
                if token.kind == "comment":
                    if token.text in known:
                        known.remove(token.text)
                    else:
                        yield token


def _widened(revision: Revision, change: Change) -> Change:
    """A change with the whole of each token that reaches out of it; what lies around it is the same in both texts."""
    old, new = revision.texts.old_lines, revision.texts.new_lines
    up = down = 0
    for source, lines, first, last in (
        (revision.before, old, change.first, change.last),
        (revision.after, new, change.new_first, change.new_last),
    ):
        for token in tokens(source, source.byte(lines.bound(first)), source.byte(lines.bound(last))):
            up = max(up, first - _row(lines, source.offset(token.start)))
            down = max(down, _row(lines, source.offset(token.end - 1)) - last + 1)
    up = min(up, change.first, change.new_first)
    down = min(down, len(old) - change.last, len(new) - change.new_last)
    return Change(change.first - up, change.last + down, change.new_first - up, change.new_last + down)


def _both(one: Change, other: Change) -> Change:
    return Change(
        min(one.first, other.first),
        max(one.last, other.last),
        min(one.new_first, other.new_first),
        max(one.new_last, other.new_last),
    )


def _row(lines: Lines, offset: int) -> int:
    return max(bisect_right(lines.starts, offset) - 1, 0)


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
    """The innermost statement that holds a byte; None at the top of a text, between statements."""
    node = source.root.descendant_for_byte_range(byte, min(byte + 1, len(source.data)))
    while node is not None and node.parent is not None:
        if is_block(node.parent) and node.is_named:
            return node
        node = node.parent
    return None


def is_block(node: Node) -> bool:
    """Whether a node holds statements."""
    return node.parent is None or node.type in _BLOCKS or node.type.endswith(("_block", "_body", "_list_body"))


_BLOCKS = frozenset(
    {
        "block", "module", "program", "source_file", "translation_unit", "compound_statement", "statement_list",
        "statements", "declaration_list", "chunk", "body_statement", "function_body",
    }
)  # fmt: skip


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


def _in(source: Source, span: Span) -> tuple[Token, ...]:
    return tokens(source, source.byte(span.start), source.byte(span.end))


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
