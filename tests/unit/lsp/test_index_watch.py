"""When all files are looked at again, and which files a client is asked to watch."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types

from understudy.context.index.indexing import Progress
from understudy.core.settings import Settings
from understudy.core.tally import Figures
from understudy.lsp import index_watch
from understudy.lsp.index_watch import AWAY_SECONDS, patterns
from understudy.lsp.services import Services
from understudy.lsp.session import Session


class Deaf:
    """A client that is told things."""

    def notify(self, method: str, params: Any) -> None: ...

    def send_request_async(self, method: str, params: Any) -> asyncio.Future[Any]:
        raise NotImplementedError

    async def cancel_all(self) -> None: ...


@dataclass
class Counted:
    """Counts how often it is told to look."""

    looks: int = 0

    async def run(self, report: Callable[[Any], None]) -> None:
        await asyncio.Event().wait()

    def touched(self, paths: Iterable[Path]) -> None: ...

    def rescan(self) -> None:
        self.looks += 1

    async def settled(self) -> None: ...

    async def aclose(self) -> None: ...


def following(indexing: Counted, client: Deaf | None = None) -> Session:
    session = Session(client or Deaf(), None, asyncio.get_running_loop().create_future())  # type: ignore[arg-type]
    nothing: Any = None
    services = Services(Settings(), nothing, nothing, nothing, nothing, Figures, str, indexing)
    index_watch.follow(session, services)
    return session


async def test_coming_back_to_the_keys_is_a_reason_to_look_and_typing_on_is_none() -> None:
    indexing = Counted()
    session = following(indexing)
    for _ in range(5):
        index_watch.key(session)
    assert indexing.looks == 0
    session.reading.key -= AWAY_SECONDS + 1
    for _ in range(5):
        index_watch.key(session)
    assert indexing.looks == 1
    await session.end_tasks()


async def test_after_a_save_all_is_looked_at_unless_the_client_tells_of_changes() -> None:
    indexing = Counted()
    session = following(indexing)
    index_watch.saved(session, Path("/project/a.py"))
    assert indexing.looks == 1
    session.reading.watched = True
    index_watch.saved(session, Path("/project/a.py"))
    assert indexing.looks == 1
    await session.end_tasks()


async def test_what_is_wrong_is_said_once_and_stays_in_the_status() -> None:
    shown: list[str] = []

    class Listening(Deaf):
        def notify(self, method: str, params: Any) -> None:
            if isinstance(params, types.ShowMessageParams):
                shown.append(params.message)

    class Troubled(Counted):
        async def run(self, report: Callable[[Any], None]) -> None:
            for progress in (
                Progress("Reading", 1, 9),
                Progress("", 0, 0, "There is no room."),
                Progress("Reading", 5, 9),
                Progress("", 0, 0, "There is no room."),
                Progress("", 9, 9),
            ):
                report(progress)
            await asyncio.Event().wait()

    session = following(Troubled(), Listening())
    await asyncio.sleep(0.05)
    assert shown == ["Understudy: There is no room."]
    assert session.reading.words == "There is no room."
    await session.end_tasks()


def test_what_is_watched_is_what_is_read_and_the_rules_about_it() -> None:
    """LSP's glob patterns, read here as a client would."""

    def watched(name: str) -> bool:
        return any(re.fullmatch(_expression(pattern), name) for pattern in patterns())

    assert all(
        map(
            watched,
            (
                "a.py",
                "src/deep/er/view.tsx",
                "x/.gitignore",
                "x/.git/info/exclude",
                ".understudyignore",
                ".understudy.toml",
            ),
        )
    )
    assert not any(map(watched, ("a.pyc", "py", "src/py/README", "data.json", ".gitignore/x", "target/a.o")))


def _expression(pattern: str) -> str:
    parts = re.escape(pattern).replace(r"\*\*/", "(?:[^/]+/)*").replace(r"\*", "[^/]*")
    return parts.replace(r"\{", "(?:").replace(r"\}", ")").replace(",", "|")
