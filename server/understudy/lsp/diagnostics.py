"""Places and diagnostics as a client sends them, plain JSON, and as `checking` and the features see them.

They are read leniently: what another server has put into its diagnostics (a severity of 0, a tag of its own) must cost
nobody the menu. One that has no place or no message is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard, get_args

from lsprotocol import types

from understudy.checking.diagnostic import Diagnostic, Related, Severity
from understudy.lsp.sync import Buffer

SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # LSP numbers them from 1 in this order
MOST = 2**31 - 1  # LSP's largest `uinteger`; servers mean a line's end by the largest number of their own language
UNNECESSARY = types.DiagnosticTag.Unnecessary.value


def read_range(value: Any) -> types.Range | None:
    """A range; None for anything else."""
    if not isinstance(value, dict):
        return None
    start, end = read_position(value.get("start")), read_position(value.get("end"))
    return None if start is None or end is None else types.Range(start, end)


def read_position(value: Any) -> types.Position | None:
    """A position; None for anything else."""
    line, column = (value.get("line"), value.get("character")) if isinstance(value, dict) else (None, None)
    if not _counts(line) or not _counts(column):
        return None
    return types.Position(min(line, MOST), min(column, MOST))


def read_diagnostics(values: Any, buffer: Buffer) -> dict[Diagnostic, Any]:
    """The diagnostics in `values`, each with what the client sent: it gets back just that, with whatever its server
    keeps in there."""
    found: dict[Diagnostic, Any] = {}
    for value in values if isinstance(values, list) else ():
        diagnostic = _diagnostic(value, buffer)
        if diagnostic is not None:
            found.setdefault(diagnostic, value)
    return found


def _diagnostic(value: Any, buffer: Buffer) -> Diagnostic | None:
    if not isinstance(value, dict):
        return None
    place, message = read_range(value.get("range")), _text(value.get("message"))
    if place is None or not message:
        return None
    severity, tags = value.get("severity"), value.get("tags")
    return Diagnostic(
        buffer.span(place),
        message,
        source=_text(value.get("source")),
        code=_code(value.get("code")),
        severity=SEVERITIES[severity - 1] if _counts(severity) and 1 <= severity <= len(SEVERITIES) else "error",
        related=tuple(_related(value.get("relatedInformation"))),
        unnecessary=isinstance(tags, list) and UNNECESSARY in tags,
    )


def _related(values: Any) -> Iterator[Related]:
    # Loaded by now, as the services are built; not before the reply to `initialize`.
    from understudy.core.paths import path_in_uri

    for value in values if isinstance(values, list) else ():
        place = value.get("location") if isinstance(value, dict) else None
        if not isinstance(place, dict) or not isinstance(place.get("uri"), str):
            continue
        found = read_range(place.get("range"))
        if found is not None:
            yield Related(str(path_in_uri(place["uri"])), found.start.line, _text(value.get("message")))


def _counts(value: Any) -> TypeGuard[int]:
    return type(value) is int and value >= 0


def _code(value: Any) -> str:
    """A code is a text or a number, and some servers put an object there as early drafts of LSP had it."""
    if isinstance(value, dict):
        value = value.get("value")
    return str(value) if isinstance(value, str) or _counts(value) else ""


def _text(value: Any) -> str:
    """A text, also as LSP 3.18's `MarkupContent`."""
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str) else ""
