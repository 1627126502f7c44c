"""A text before and after an edit, and the lines that differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from understudy.core.text import Span
from understudy.editing.diff import changes
from understudy.editing.lines import Lines, read_lines
from understudy.editing.shift import Shift


@dataclass(frozen=True, slots=True)
class Hunk:
    """Whole lines that took the place of whole lines, in code points of the old and the new text."""

    old: Span
    new: Span


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
