"""A completion put in its place and parsed: what of it can stand there without a new syntax error.

The text before a cursor is usually incomplete, so "no error" is no test. What counts is whether the insertion makes it
worse, and an insertion is excused for what the user has left open: brackets opened before the cursor, and a block that
its last line opens and that will be filled next, and a statement's terminator, which is typed last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from understudy.context.syntax.brackets import PAIRS, Token, closers, tokens
from understudy.context.syntax.place import REACH, kind_at, statement_start
from understudy.context.syntax.source import Source
from understudy.core.text import Span, line_start

if TYPE_CHECKING:  # it is loaded when a text is parsed
    from tree_sitter import Node

# Parses after which no further cut is tried: each costs a millisecond or two in a long file.
MAX_PARSES = 12
SHORT = 6000  # code points; a text up to this long is parsed as it is
NEIGHBOURS = 3  # top-level nodes before the cursor's; a statement that is being typed may have come apart into some
HEADED = frozenset({"php"})  # a part of such a file means nothing without the file's first line
_STATEMENT = ("statement", "declaration", "definition", "_item", "assignment", "call")


@dataclass(frozen=True, slots=True)
class Graft:
    """How an insertion fits.

    `new_errors`: how many syntax errors it adds, 0 when it fits. `cut`: the length of its longest part, ending at a
    line end or with a statement, that adds none; 0 when there is none.
    """

    new_errors: int
    cut: int


@dataclass(frozen=True, slots=True)
class _Trial:
    """One insertion tried: what it adds, where the first error near it begins in it, and where statements end in it."""

    new_errors: int
    first_error: int
    ends: tuple[int, ...]


def graft(source: Source, offset: int, insertion: str) -> Graft:
    """Put `insertion` at `offset` and parse: in the tree that is there, and for this answer only."""
    if not insertion.strip() or _plain(source, offset, insertion):
        return Graft(0, len(insertion))
    bench = _Bench(*_neighbourhood(source, offset))
    whole = bench.attempt(insertion)
    if whole.new_errors == 0:
        return Graft(0, len(insertion))
    for cut in _cuts(insertion, whole):
        if bench.parses >= MAX_PARSES:
            break
        if bench.attempt(insertion[:cut]).new_errors == 0:
            return Graft(whole.new_errors, cut)
    return Graft(whole.new_errors, 0)


def _neighbourhood(source: Source, offset: int) -> tuple[Source, int]:
    """The cursor's top-level node and those next to it as a source of their own, and the cursor in it.

    What is far away makes no difference to the insertion, but each parse that fails costs more the longer the text is.
    """
    if len(source.text) < SHORT or source.root.is_error or source.grammar.language.name in HEADED:
        return source, offset
    byte = source.byte(offset)
    here = _child_at(source.root, byte)
    if here is None:
        return source, offset
    first = here
    for _ in range(NEIGHBOURS):
        first = first.prev_sibling or first
    last = here.next_sibling or here
    start = line_start(source.text, source.offset(min(first.start_byte, byte)))
    end = source.offset(last.end_byte) if last.end_byte > byte else len(source.text)
    if end - start > len(source.text) // 2:
        return source, offset
    return Source.parse(source.grammar, source.text[start:end]), offset - start


def _child_at(root: Node, byte: int) -> Node | None:
    """The first child that reaches beyond `byte`, else the last one."""
    found = root.first_child_for_byte(byte)
    # Where there is none, py-tree-sitter 0.25 and 0.26 give a node of nothing, whose siblings end the process.
    if found is not None and found.id != 0:
        return found
    return root.child(root.child_count - 1) if root.child_count else None


def _plain(source: Source, offset: int, insertion: str) -> bool:
    """Whether the insertion cannot end the comment or string that the cursor is in, open though it may still be."""
    kind = kind_at(source, offset)
    return kind != "code" and not re.search(r"[\r\n]|\*/" if kind == "comment" else r"[\r\n\"'`\\{}$#]", insertion)


def _cuts(insertion: str, whole: _Trial) -> Iterator[int]:
    """Where to try to cut: ends of lines and statements, from the first error backwards, then the shortest."""
    lines = {match.start() for match in re.finditer(r"\n", insertion)}
    points = sorted(cut for cut in lines | set(whole.ends) if 0 < cut < len(insertion) and insertion[:cut].strip())
    before = [cut for cut in points if cut <= whole.first_error]
    yield from before[:-4:-1]
    # An error that takes in what stands before the cursor does not say where in the insertion it came about.
    after = [cut for cut in points if cut > whole.first_error][::-1]
    yield from after[:: max(1, (len(after) + 2) // 3)]
    yield from dict.fromkeys((*after[-2:], *before[:1]))


class _Bench:
    """Tries insertions at one offset of one source, and counts the parses that they take."""

    def __init__(self, source: Source, offset: int) -> None:
        self.parses = 0
        self._source = source
        self._offset = offset
        # An error that only blanks part from the cursor is the statement that is being typed.
        self._gap = offset - len(source.text[:offset].rstrip())
        broken = [source.offset(error.start_byte) for error in source.errors if self._touches(source.span(error), 0)]
        self._start = max(min([statement_start(source, offset), *broken]), offset - REACH, 0)
        self._known = [source.span(error) for error in source.errors]
        language = source.grammar.language
        # What the user would type last: a header's colon in Python, perhaps with its parameters, a semicolon elsewhere.
        self._ends = ("", ":", "():") if language.blocks == "indent" else (language.terminator,)

    def attempt(self, insertion: str) -> _Trial:
        """Parse `insertion` in its place; where that fails, once more with what the user has left open closed."""
        result = self._parse(insertion)
        near = self._near(result, len(insertion))
        ends = tuple(_statement_ends(result, self._offset, self._offset + len(insertion)))
        if not near:
            return _Trial(0, len(insertion), ends)
        first = max(0, min(start for start, _ in near))
        opened, pending = self._brackets(insertion)
        block = _block_closer(insertion, self._source)
        if opened and not (block == "}" and len(opened) == 1):
            return _Trial(len(near), opened[0], ends)
        ending = (f"\n{block}" if block else "") + pending
        for end in self._ends if pending or _may_end(insertion) else ("",):
            if not ending + end:
                continue
            result = self._parse(insertion + ending + end)
            near = self._near(result, len(insertion + ending + end))
            if not near:
                return _Trial(0, len(insertion), ends)
        return _Trial(self._blame(result, near, len(insertion)), first, ends)

    def _blame(self, result: Source, near: list[tuple[int, int]], length: int) -> int:
        """How many errors are the insertion's: those that the text cannot have had when it was completed otherwise."""
        own = sum(0 < start < length for start, _ in near)
        return max(own, len(near) - self._unavoidable)

    @cached_property
    def _unavoidable(self) -> int:
        """The errors at the cursor that stay when its brackets are closed and what is missing there is made up."""
        _, pending = self._brackets("")
        least = len(self._near(self._source, 0))
        for made_up in dict.fromkeys((pending, *(f"x{pending}{end}" for end in self._ends))):
            if least and made_up:
                result = self._source.edited(Span(self._offset, self._offset), made_up)
                least = min(least, len(self._near(result, len(made_up))))
        return least

    def _parse(self, insertion: str) -> Source:
        self.parses += 1
        return self._source.edited(Span(self._offset, self._offset), insertion)

    def _touches(self, span: Span, length: int) -> bool:
        return span.end >= self._offset - self._gap and span.start <= self._offset + length

    def _was_there(self, span: Span) -> bool:
        """Whether an error stood here, or inside a larger one, which one broken line can stretch over a whole file."""
        return any(known.start <= span.start and span.end <= known.end for known in self._known)

    def _near(self, result: Source, length: int) -> list[tuple[int, int]]:
        """The errors, relative to the cursor, that touch the insertion or were not there without it."""
        near: list[tuple[int, int]] = []
        for error in result.errors:
            span = result.span(error)
            if not self._touches(span, length) and self._was_there(_before(span, self._offset, length)):
                continue
            near.append((span.start - self._offset, span.end - self._offset))
        return near

    def _brackets(self, insertion: str) -> tuple[list[int], str]:
        """Where in `insertion` brackets are opened that it leaves open, and what closes those opened before it."""
        text = self._source.text[: self._offset] + insertion
        stack: list[Token] = []
        for token in tokens(text, self._source.language_id, self._start):
            if token.kind == "open":
                stack.append(token)
            elif token.kind == "close" and stack:
                stack.pop()
        opened = [token.start - self._offset for token in stack if token.start >= self._offset]
        before = [token.text for token in stack if token.start < self._offset]
        supplied = list(_closed_below(self._source, self._offset)) if before else []
        for bracket in tuple(before):
            if PAIRS[bracket] in supplied:
                supplied.remove(PAIRS[bracket])
                before.remove(bracket)
        return opened, closers("".join(before))


def _before(span: Span, offset: int, length: int) -> Span:
    """A span that does not touch the insertion, in the text without it."""
    return Span(span.start - length, span.end - length) if span.start >= offset + length else span


def _closed_below(source: Source, offset: int) -> str:
    """The closing brackets below the cursor that nothing below it opens."""
    depth, found = 0, []
    for token in tokens(source.text[offset : offset + REACH], source.language_id):
        if token.kind == "open":
            depth += 1
        elif token.kind == "close" and depth:
            depth -= 1
        elif token.kind == "close":
            found.append(token.text)
    return "".join(found)


def _may_end(insertion: str) -> bool:
    """Whether a statement may end after `insertion`."""
    return not insertion.rstrip().endswith((";", "{", "}", ",", "("))


def _block_closer(insertion: str, source: Source) -> str:
    """What would close the block that the insertion's last line opens; empty when it opens none."""
    language = source.grammar.language
    last = re.sub(r"\|[^|]*\|$", "", insertion.rstrip()).rpartition("\n")[2]  # Ruby's block parameters
    words = re.findall(r"\w+|\{", last)
    if not words:
        return ""
    if language.blocks == "words" and language.name != "bash" and words[0] in language.openers:
        return language.openers[words[0]]
    return language.openers.get(words[-1], "") if last.rstrip().endswith(words[-1]) else ""


def _statement_ends(result: Source, start: int, end: int) -> Iterator[int]:
    """Where, relative to `start`, a statement ends that parses and ends between `start` and `end`."""
    first, last = result.byte(start), result.byte(end)
    waiting = [result.root]
    while waiting:
        node = waiting.pop()
        if first < node.end_byte < last and not node.has_error and node.type.endswith(_STATEMENT):
            yield result.offset(node.end_byte) - start
        waiting += [child for child in node.named_children if child.end_byte > first and child.start_byte < last]
