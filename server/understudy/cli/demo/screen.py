"""The terminal: the line that is being typed, with the ghost text after the cursor."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TextIO

from understudy.editing.diff import changes

DIM, BOLD, RED, GREEN, RESET = "\x1b[2m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"
CLEAR_LINE = "\r\x1b[K"
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Screen:
    """Draws on a terminal; on anything else it writes plain lines, one for each ghost text."""

    out: TextIO = sys.stdout

    @property
    def live(self) -> bool:
        """Whether lines can be drawn over."""
        return self.out.isatty()

    def say(self, text: str = "") -> None:
        """A line of its own."""
        self._write(f"{CLEAR_LINE if self.live else ''}{text}\n")

    def progress(self, message: str, percent: int | None) -> None:
        """How far something long is; drawn over on a terminal."""
        share = f"{percent:3d} % " if percent is not None else ""
        self._write(f"{CLEAR_LINE}  {share}{message[:WIDTH]}" if self.live else f"  {share}{message}\n")

    def typed(self, line: str, ghost: str = "") -> None:
        """The line under the cursor; only a terminal shows every key."""
        if self.live:
            self._write(CLEAR_LINE + self._with_ghost(line, ghost))

    def ghost(self, line: str, ghost: str, note: str) -> None:
        """A line for keeps: ghost text that came, with its figures."""
        self.say(f"{self._with_ghost(line, ghost)}   {self._dim(f'· {note}')}")

    def accepted(self, line: str) -> None:
        """A line for keeps: the ghost text was accepted."""
        self.say(f"{BOLD + GREEN if self.live else ''}{line}   ⇥ accepted{RESET if self.live else ''}")

    def changed(self, old: str, new: str) -> None:
        """Lines that went and lines that came, with the number that each has or had."""
        before, after = old.split("\n"), new.split("\n")
        for change in changes(before, after):
            for row in range(change.first, change.last):
                self.say(self._coloured(RED, f"  {row + 1:4d} - {before[row]}"))
            for row in range(change.new_first, change.new_last):
                self.say(self._coloured(GREEN, f"  {row + 1:4d} + {after[row]}"))

    def _coloured(self, colour: str, text: str) -> str:
        return f"{colour}{text}{RESET}" if self.live else text

    def _with_ghost(self, line: str, ghost: str) -> str:
        first, *more = ghost.split("\n")
        shown = first + (f" ⏎ +{len(more)} lines" if more else "")
        return f"{line}▏{self._dim(shown) if self.live else f'⟦{shown}⟧' if shown else ''}"

    def _dim(self, text: str) -> str:
        return f"{DIM}{text}{RESET}" if self.live else text

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
