"""Checkers as those see them who verify an edit: what can vouch for a diagnostic here, and what it says of a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from understudy.checking.diagnostic import Diagnostic
from understudy.core.text import Document


@dataclass(frozen=True, slots=True)
class Overlay:
    """A document as it would be, and others that go with it (URIs of files to their texts): what is open and not saved
    is added by whoever runs the checkers. Nothing of it is ever written to where the files are."""

    document: Document
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What one checker says of an overlay's document. `diagnostics` is None where it could not say, and `unable` says
    why in a few words: "pyright is not installed", "mypy took longer than 20 s"."""

    checker: str
    diagnostics: tuple[Diagnostic, ...] | None
    unable: str = ""


class Checking(Protocol):
    """Runs checkers."""

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        """What the checkers for the document's language say. The first report is that of the checker that reported
        `target`, or the reason why it cannot be asked; the others come with what is installed. Never raises."""
        ...
