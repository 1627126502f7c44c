"""Checkers that say what a table says."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.checking.base import Overlay, Report
from understudy.checking.diagnostic import Diagnostic


class TableChecking:
    """`said`: what is reported, by text and checker; of other texts `checkers`, the owner of every target first, report
    nothing. `unable`: why a checker cannot say anything."""

    def __init__(
        self,
        said: Mapping[str, Mapping[str, tuple[Diagnostic, ...]]],
        checkers: tuple[str, ...] = ("ruff",),
        unable: Mapping[str, str] | None = None,
    ) -> None:
        self.said = said
        self.checkers = checkers
        self.unable = unable or {}

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        found = self.said.get(overlay.document.text, {})
        return tuple(
            Report(name, None, self.unable[name]) if name in self.unable else Report(name, found.get(name, ()))
            for name in self.checkers
        )
