"""Checks with the programs that are installed here."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from understudy.checking.ask import ask
from understudy.checking.base import Overlay, Report
from understudy.checking.case import Case, prepared
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

    At most two checkers run at a time, and each of them once: so the same question is asked once.
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
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self, overlay: Overlay, target: Diagnostic | None) -> tuple[Report, ...]:
        """See `base.Checking`."""
        opened = tuple(self._opened())
        preparing = prepared(overlay, self._roots, self._settings, opened, self._session)
        async with contextlib.AsyncExitStack() as stack:
            try:
                case = await asyncio.to_thread(preparing.__enter__)
            except OSError as error:
                return (Report("", None, f"no folder for the check can be made ({error.strerror or error})"),)
            stack.push_async_callback(_left, preparing)
            return await self._check(case, target)

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
        async with self._turns[checker.name]:
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


async def _left(preparing: contextlib.AbstractContextManager[Case]) -> None:
    """Remove the case's folders, also when the check is cancelled once more meanwhile."""
    await asyncio.shield(asyncio.to_thread(preparing.__exit__, None, None, None))


def _name(checker: str, root: Path) -> str:
    """A folder's name for what a checker keeps about a workspace folder."""
    return f"{checker.replace(' ', '-')}-{sha256(str(root).encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
