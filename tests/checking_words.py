"""A checker for tests: it finds words in a text."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.checking.base import Checking, Overlay, Report
from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Span

CHECKER = "Words"


@dataclass
class Words(Checking):
    """Finds words in a text."""

    said: dict[str, str]
    unable: str = ""

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        if self.unable:
            return (Report(CHECKER, None, self.unable),)
        text = overlay.document.text
        return (Report(CHECKER, tuple(self._found(text))),)

    def _found(self, text: str) -> list[Diagnostic]:
        found = []
        for word, message in self.said.items():
            at = text.find(word)
            while at >= 0:
                found.append(Diagnostic(Span(at, at + len(word)), message, CHECKER, "W1"))
                at = text.find(word, at + 1)
        return sorted(found, key=lambda it: it.span.start)
