"""Problems in a text as tools report them, whichever tool and whoever asked it: an editor or our own run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from understudy.core.text import Span

Severity = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a diagnostic speaks of. `row` counts from 0."""

    path: str
    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem in one version of a text, `span` in its code points.

    `source`, `code` and `message` are the tool's own spelling: "Ruff", "F821", "Undefined name `pth`". `unnecessary`:
    the tool says that the code there can go (LSP's `DiagnosticTag.Unnecessary`).
    """

    span: Span
    message: str
    source: str = ""
    code: str = ""
    severity: Severity = "error"
    related: tuple[Related, ...] = ()
    unnecessary: bool = False
