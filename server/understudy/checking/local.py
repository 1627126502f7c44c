"""Checks with the programs that are installed here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable
from hashlib import sha256
from pathlib import Path
from weakref import WeakValueDictionary

from understudy.checking.ask import ask
from understudy.checking.base import Overlay, Report
from understudy.checking.case import Case, prepared_apart
from understudy.checking.choose import Chosen, choose
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.find import Grounds, find
from understudy.checking.memory import Memory
from understudy.checking.session import Session
from understudy.core.settings import FixSettings
from understudy.core.text import Document

AT_ONCE = 2
# The text before a fix is checked for each fix that is prepared for it; meanwhile other files may be saved.
REPORTS = 60.0, 64
PROGRAMS = 60.0, 256


class LocalChecking:
    """Implements `base.Checking` for a workspace of these folders. `opened`: the documents that are open; those that
    differ from their files are put into the overlay.

    At most two checkers run at a time, and the same question is asked once, also while it is being answered.
    """

    def __init__(
        self,
        roots: tuple[Path, ...],
        settings: FixSettings,
        opened: Callable[[], Iterable[Document]] = tuple,
        session: Session | None = None,
    ) -> None:
        self._roots = roots
        self._settings = settings
        self._opened = opened
        self._session = session or Session()
        self._reports: Memory[Report] = Memory(*REPORTS)
        self._programs: Memory[tuple[Path | None]] = Memory(*PROGRAMS)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        """See `base.Checking`."""
        opened = tuple(self._opened())
        async with prepared_apart(overlay, self._roots, self._settings, opened, self._session) as case:
            return (case,) if isinstance(case, Report) else await self._check(case, target)

    def close(self) -> None:
        """Remove the session's folder."""
        self._session.close()

    async def _check(self, case: Case, target: Diagnostic | None) -> tuple[Report, ...]:
        choice = await asyncio.to_thread(
            choose,
            case.document.language,
            target,
            self._settings.checkers,
            case.grounds,
            lambda program: self._find(program, case.grounds),
        )
        first = [] if choice.owner is None else [self._report(choice.owner, case, target)]
        return tuple(await asyncio.gather(*first, *(self._report(each, case, None) for each in choice.others)))

    async def _report(self, chosen: Chosen | Report, case: Case, target: Diagnostic | None) -> Report:
        if isinstance(chosen, Report):
            return chosen
        checker = chosen.checker
        about = None if target is None else (target.source, target.code)
        key = (checker.name, chosen.program, about, case.key())
        async with self._turns.setdefault(checker.name if checker.alone else key, asyncio.Lock()):
            if (known := self._reports.get(key)) is not None:
                return known
            async with self._places:
                kept = await asyncio.to_thread(self._session.kept, _name(checker.name, case.grounds.root))
                report = await ask(checker, chosen.program, case, kept, self._settings.check_seconds, target)
            self._reports.put(key, report)
            return report

    def _find(self, program: str, grounds: Grounds) -> Path | None:
        known = self._programs.get((program, grounds))
        if known is None:
            known = (find(program, grounds),)
            self._programs.put((program, grounds), known)
        return known[0]


def _name(checker: str, root: Path) -> str:
    """A folder's name for what a checker keeps about a workspace folder."""
    return f"{checker.replace(' ', '-')}-{sha256(str(root).encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
