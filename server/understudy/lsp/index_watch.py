"""The index of the workspace's files, as a conversation has it: started, shown while it takes long, told of changes.

Clients that can be asked tell of files that change on disk. The others say what is saved, and after a save, when a
tool may have changed more, all files are looked at; for every client, when the user comes back to the keys.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from understudy.lsp import guard
from understudy.lsp.progress import Bar
from understudy.lsp.session import Session

if TYPE_CHECKING:
    from understudy.context.index.indexing import Progress
    from understudy.lsp.services import Indexing, Services

REGISTRATION = "understudy-files"
ANSWER_SECONDS = 5.0
CLOSE_SECONDS = 2.0
QUICK_SECONDS = 0.5  # what is done by then is not shown
AWAY_SECONDS = 60.0  # without a key
STEP_SECONDS = 0.2  # between two reports
STOPPED = "The workspace's files are no longer read, since you cancelled it; that holds until the server is restarted."
FAILED = "The workspace's files could not be read; the server's log says why."


def follow(session: Session, services: Services) -> None:
    """Go on with the index of `services`: it runs already, or it takes the place of the one before."""
    reading = session.reading
    if services.indexing is not None and services.indexing is reading.indexing:
        return
    if reading.indexing is not None:
        _let_go(session, reading.indexing)
    reading.indexing, reading.words = services.indexing, STOPPED if reading.stopped else services.unread
    reading.key = asyncio.get_running_loop().time()
    if services.indexing is not None and not reading.stopped:
        if session.client.watches and not reading.watched:
            reading.watched = True
            session.spawn("asking the client to watch files", _register(session))
        reading.task = session.spawn("reading the workspace", _run(session, services.indexing, services.unread))


def touched(session: Session, paths: Iterable[Path]) -> None:
    """Files were saved, made, changed or deleted."""
    if session.reading.indexing is not None and not session.reading.stopped:
        session.reading.indexing.touched(paths)


def saved(session: Session, path: Path) -> None:
    """A file was saved in the editor, and a tool may have changed others with it."""
    touched(session, [path])
    if not session.reading.watched:
        _look(session)


def key(session: Session) -> None:
    """A key was pressed. Whoever comes back may have changed a branch meanwhile, and clients that watch files do not
    tell which were in a folder that was deleted (VS Code)."""
    now = asyncio.get_running_loop().time()
    if now - session.reading.key > AWAY_SECONDS:
        _look(session)
    session.reading.key = now


async def end(session: Session) -> None:
    """Let go of the index, with the conversation."""
    indexing, session.reading.indexing = session.reading.indexing, None
    if indexing is not None:
        await _close(indexing)


def _look(session: Session) -> None:
    reading = session.reading
    if reading.indexing is not None and not reading.stopped:
        reading.indexing.rescan()


def _stop(session: Session) -> None:
    """The user has cancelled it: what is known by now stays known."""
    reading = session.reading
    reading.stopped, reading.words = True, STOPPED
    if reading.task is not None:
        reading.task.cancel()
    session.show_status()


async def _run(session: Session, indexing: Indexing, unread: str) -> None:
    shown = _Shown(session, indexing, unread)
    try:
        await guard.wait("reading the workspace", indexing.run(shown.report))
    except guard.Broken:
        shown.end()
        shown.say(FAILED)
    finally:
        shown.end()


class _Shown:
    """What is said of the reading: a bar and a sentence in the status, from `QUICK_SECONDS` after it began."""

    def __init__(self, session: Session, indexing: Indexing, afterwards: str) -> None:
        self._session = session
        self._indexing = indexing
        self._afterwards = afterwards
        self._bar: Bar | None = None
        self._began = self._said = 0.0
        self._percent = 0

    def report(self, progress: Progress) -> None:
        """Show how far it is, unless that was said a moment ago; or what is wrong, for as long as nothing else is."""
        if progress.problem:
            self._afterwards = progress.problem
            self.say(progress.problem)
            self._session.tell(progress.problem)
            return
        if progress.done >= progress.total:
            self.end()
            return
        now = asyncio.get_running_loop().time()
        if self._bar is None:
            self._bar = Bar(self._session, cancel=lambda: _stop(self._session), after=QUICK_SECONDS)
            self._began, self._percent = now, 0
        if now - self._said < STEP_SECONDS:
            return
        self._said = now
        # Each part of the work counts from nothing, and a bar does not go back.
        self._percent = max(self._percent, 100 * progress.done // progress.total)
        self._bar.report(words(progress), self._percent)
        if now - self._began >= QUICK_SECONDS:
            self.say(f"{words(progress)}.")

    def end(self) -> None:
        """It is done, for now."""
        if self._bar is None:
            return
        self._bar.end()
        self._bar = None
        self.say(self._afterwards)

    def say(self, sentence: str) -> None:
        """Put a sentence into the status, unless the user has stopped it or another index has taken its place."""
        reading = self._session.reading
        if reading.indexing is self._indexing and not reading.stopped:
            reading.words = sentence
            self._session.show_status()


def words(progress: Progress) -> str:
    """What is being done, with how many files that is, once they are counted."""
    if progress.total <= 1:
        return progress.message
    return f"{progress.message} {progress.done:,} of {progress.total:,} files"


async def _register(session: Session) -> None:
    """Ask the client to tell of source files that change, and of files with rules about them."""
    watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in patterns()]
    registration = types.Registration(
        REGISTRATION,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        types.DidChangeWatchedFilesRegistrationOptions(watchers),
    )
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await session.peer.send_request_async(
                types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams([registration])
            )
    except (JsonRpcException, TimeoutError):
        session.reading.watched = False


def patterns() -> tuple[str, ...]:
    """The files to watch, as LSP's glob patterns. They hold in every folder of the workspace."""
    from understudy.context.privacy.gitignore import EXCLUDE
    from understudy.context.privacy.ignore import FILES
    from understudy.context.syntax.languages import LANGUAGES
    from understudy.core.layers import WORKSPACE_FILE

    suffixes = sorted({suffix.removeprefix(".") for language in LANGUAGES for suffix in language.suffixes})
    rules = (".gitignore", *FILES, WORKSPACE_FILE)
    return f"**/*.{{{','.join(suffixes)}}}", f"**/{{{','.join(rules)}}}", f"**/{EXCLUDE}"


def _let_go(session: Session, indexing: Indexing) -> None:
    if session.reading.task is not None:
        session.reading.task.cancel()
        session.reading.task = None
    closing = guard.task("closing the old index", _close(indexing))
    session.closing.add(closing)
    closing.add_done_callback(session.closing.discard)


async def _close(indexing: Indexing) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await indexing.aclose()
