"""What `understudy doctor` says of the checkers that vouch for fixes: which are found for files in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from understudy.cli.checkup import Finding, Level
from understudy.core.settings import Settings


def checker_findings(settings: Settings, folder: Path) -> Iterator[Finding]:
    """The checkers that are there, then those that are not, with the reason."""
    from understudy.checking.found import installed

    if not settings.fix.enabled:
        yield Finding("checkers", "`fix.enabled` is switched off: no fixes are offered", Level.NOTE)
        return
    rows = installed(folder, settings.fix)
    here = [it.checker for it in rows if it.program is not None]
    yield Finding("checkers", f"{', '.join(here) or 'none'}, for files in {folder}", Level.OK if here else Level.NOTE)
    reasons: dict[str, list[str]] = {}
    for it in rows:
        if it.program is None:
            reasons.setdefault(it.unable.removeprefix(it.checker).strip().removeprefix("is "), []).append(it.checker)
    for reason, names in reasons.items():
        yield Finding("other checkers", f"{', '.join(names)}: {reason}", Level.NOTE)
