"""A checker that the user names with a command: `understudy fix --check "ruff check"`.

The user has typed it, so it is found and run as in a shell, in a folder that looks like the workspace, with the
document's path as its last word. Of a known tool the answer is read as that of its row in the table; of any other the
lines that name a place in the document; where there are none, its exit status is all there is.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from understudy.checking.ask import ask
from understudy.checking.base import Overlay, Report
from understudy.checking.case import prepared_apart
from understudy.checking.checkers.answers import of_document, places
from understudy.checking.checkers.row import Checker, Site, Unable
from understudy.checking.checkers.table import CHECKERS
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines, Unit
from understudy.checking.run import Call, Output
from understudy.checking.session import Session
from understudy.core.settings import FixSettings
from understudy.core.text import Document, Span

# Of these the subcommand decides what is answered.
SUBCOMMANDS = {"ruff": "check", "biome": "lint"}


class CommandChecking:
    """Implements `base.Checking` with one command. Its report comes first, whoever reported the target."""

    def __init__(
        self,
        words: tuple[str, ...],
        roots: tuple[Path, ...],
        settings: FixSettings,
        opened: Callable[[], Iterable[Document]] = tuple,
        session: Session | None = None,
    ) -> None:
        self._row = _row(words)
        self._program = words[0]
        self._roots = roots
        self._settings = settings
        self._opened = opened
        self._session = session or Session()

    @property
    def known(self) -> bool:
        """Whether the tool is one of the table, whose answers are read as they are meant."""
        return self._row.format != ()

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        """See `base.Checking`."""
        program = await asyncio.to_thread(_found, self._program)
        if program is None:
            return (Report(self._row.name, None, f"{self._program} is not installed"),)
        opened = tuple(self._opened())
        async with prepared_apart(overlay, self._roots, self._settings, opened, self._session) as case:
            if isinstance(case, Report):
                return (case,)
            kept = await asyncio.to_thread(self._session.kept, "command")
            return (await ask(self._row, program, case, kept, self._settings.check_seconds, target),)

    def close(self) -> None:
        """Remove the session's folder."""
        self._session.close()


def _found(program: str) -> Path | None:
    found = shutil.which(program)
    return Path(found).absolute() if found else None


def _row(words: tuple[str, ...]) -> Checker:
    """The command as a row. Its name is its words, as a title shows them."""
    tool = Path(words[0]).stem
    name = " ".join((tool, *words[1:]))
    subcommand = SUBCOMMANDS.get(tool)
    known = next((row for row in CHECKERS if row.program == tool and row.format), None)
    if known is None or (subcommand is not None and subcommand not in words[1:]):
        return Checker(name, words[0], (), (), _calls(words[1:], ()), _read)
    return Checker(name, words[0], (), (), _calls(words[1:], known.format), known.read, format=known.format)


def _calls(words: tuple[str, ...], form: tuple[str, ...]) -> Callable[[Site, Path], Iterator[Call]]:
    def calls(site: Site, program: Path) -> Iterator[Call]:
        mirror = site.mirror()
        document = mirror.path(site.path)
        yield Call((str(program), *words, *form, str(document)), mirror.path(site.grounds.root), document)

    return calls


def _read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """The lines that name a place; else the exit status."""
    text = f"{output.out}\n{output.err}"
    tool = Path(call.words[0]).stem
    found = of_document(text, call, lines, tool, Unit.CODE_POINT)
    if found or output.status == 0 or any(places(text)):
        return found
    if output.status is None:
        raise Unable("did not end")
    return (Diagnostic(Span(0, len(lines.text)), f"exit status {output.status}", tool),)
