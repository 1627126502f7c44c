"""Which folders are read into an index, and the index of a conversation or of one command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loads more than there is time for before the reply to `initialize`
    from understudy.context.index.indexing import Indexing
    from understudy.context.index.indexing import Progress as Reached
    from understudy.core.settings import Settings
    from understudy.lsp.services import Indexing as Settling

QUICK_SECONDS = 0.5  # what is done by then shows no progress
UNUSED = "No file is read while completions and fixes are switched off."
SWITCHED_OFF = "Files that are not open are not read: `context.index` is switched off."
NO_FOLDER = "Files that are not open are not read: no folder is open."
HOME = "Your home folder is not read: open the folder of a project instead."
ABOVE_HOME = "{} is not read, since your home folder lies in it: open the folder of a project instead."
LOST = "{} is not read: the system does not say where it leads."


@dataclass(frozen=True, slots=True)
class Opened:
    """An index, if there is one, and why a folder is not in it or why there is none."""

    indexing: Indexing | None = None
    unread: str = ""


class Indexes:
    """The index of one conversation or command: the same for as long as the folders and the rules are."""

    def __init__(self) -> None:
        self._made_of: object = None
        self._opened = Opened()

    def open(self, settings: Settings, folders: Sequence[Path]) -> Opened:
        """The index of `folders`. It has been read before, or it is read by its `run`."""
        kept, unread = readable(folders)
        rules = settings.completion.ignore, settings.context, settings.completion.enabled, settings.fix.enabled
        if self._made_of != (made_of := (kept, unread, rules)):
            self._made_of, self._opened = made_of, _opened(settings, kept, unread)
        return self._opened


def _opened(settings: Settings, folders: tuple[Path, ...], unread: str) -> Opened:
    if not (settings.completion.enabled or settings.fix.enabled):
        return Opened(unread=UNUSED)
    if not settings.context.index:
        return Opened(unread=SWITCHED_OFF)
    if not folders:
        return Opened(unread=unread or NO_FOLDER)
    from understudy.context.index.indexing import Indexing

    indexing = Indexing(
        folders, index_folder(), ignore=settings.completion.ignore, max_files=settings.context.max_files
    )
    return Opened(indexing, unread)


def index_folder() -> Path:
    """Where the indexes of all workspaces are kept. Whoever deletes it loses nothing: they are made again."""
    from understudy.core import paths

    return paths.state_dir() / "index"


def readable(folders: Sequence[Path]) -> tuple[tuple[Path, ...], str]:
    """The folders that may be read, and why others may not: who starts an editor at home does not want that read."""
    from understudy.context.privacy.roots import resolved

    home = _home()
    kept, unread = [], ""
    for folder in folders:
        real = resolved(folder)
        if real is None:
            unread = LOST.format(folder)
        elif real == home:
            unread = HOME
        elif real == Path(real.anchor) or (home is not None and home.is_relative_to(real)):
            unread = ABOVE_HOME.format(folder)
        else:
            kept.append(folder)
    return tuple(kept), unread


def _home() -> Path | None:
    with suppress(RuntimeError, OSError):  # the system knows of none, or it cannot be looked at
        return Path.home().resolve()
    return None


@asynccontextmanager
async def settled(indexing: Settling | None) -> AsyncIterator[None]:
    """Read the files first, with progress on standard error, and let go of the index in the end."""
    from understudy.cli.progress import progress_bar
    from understudy.cli.terminal import note
    from understudy.engine.base import Progress

    if indexing is None:
        yield
        return
    with ExitStack() as bar:
        show = bar.enter_context(progress_bar())
        slow = False
        latest: Reached | None = None

        def report(progress: Reached) -> None:
            nonlocal latest
            if progress.problem:
                note(progress.problem)
                return
            latest = progress
            if slow and progress.done < progress.total and not settling.done():
                show(Progress(progress.message, 100 * progress.done // progress.total))

        def begin_to_show() -> None:
            nonlocal slow
            slow = True
            if latest is not None:
                report(latest)

        later = asyncio.get_running_loop().call_later(QUICK_SECONDS, begin_to_show)
        settling = asyncio.create_task(indexing.settled())
        running = asyncio.create_task(indexing.run(report))
        try:
            # If it fails, what is known by then has to do.
            await asyncio.wait((running, settling), return_when=asyncio.FIRST_COMPLETED)
            bar.close()
            yield
        finally:
            later.cancel()
            for task in (running, settling):
                task.cancel()
            await asyncio.gather(running, settling, return_exceptions=True)
            await indexing.aclose()
