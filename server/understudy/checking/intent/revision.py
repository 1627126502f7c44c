"""What an edit changes, in tokens: what every rule about its intent looks at."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from understudy.checking.intent.kinds import Kind, kinds_of
from understudy.checking.intent.tokens import Token, statement_at, tokens
from understudy.checking.texts import Hunk, Texts
from understudy.context.syntax.source import Source
from understudy.core.text import Span
from understudy.editing.diff import Change, changes
from understudy.editing.lines import Lines

if TYPE_CHECKING:
    from tree_sitter import Node

    from understudy.checking.verdict import Candidate

# How alike a name and what replaces it must be for a correction of its spelling.
SPELLING = 0.6


@dataclass(frozen=True, slots=True)
class Block:
    """A run of tokens that took the place of another inside a hunk; one of them may be empty. No comments."""

    removed: tuple[Token, ...]
    added: tuple[Token, ...]


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

    @cached_property
    def more(self) -> Counter[str]:
        """How many of each token there are more than before; less than nothing where there are fewer."""
        more = Counter(token.text for token in self.added)
        more.subtract(Counter(token.text for token in self.removed))
        return more

    def is_respelt(self, token: Token) -> bool:
        """Whether an added token corrects the spelling of the one that it replaces."""
        block = next((block for block in self.blocks if token in block.added), None)
        if block is None or len(block.removed) != len(block.added):
            return False
        return is_spelling(block.removed[block.added.index(token)].text, token.text)


def is_spelling(old: str, new: str) -> bool:
    """Whether one name may be the other, misspelt."""
    return old.lower() == new.lower() or SequenceMatcher(None, old, new, autojunk=False).ratio() >= SPELLING


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


def _in(source: Source, span: Span) -> tuple[Token, ...]:
    return tokens(source, source.byte(span.start), source.byte(span.end))
