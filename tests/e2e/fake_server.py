"""A server with an engine and a completer that do what the document's text says, so that tests drive them from outside.

The completer reads the line of the cursor, up to the cursor:

    `say TEXT`       offers TEXT at once
    `slow TEXT`      offers TEXT after 0.3 s
    `spell TEXT|`    offers what is left of TEXT behind the bar, as long as what is typed there agrees with it
    `either A|B`     offers A, and by hand also B
    `never`          never ends, and takes 0.5 s to let go when it is cancelled
    `boom KIND`      raises KIND, as ValueError or MemoryError
    `down`           says that the engine failed
    `print`          prints, and has a child process print

The setting engine.model says how the engine starts: `fails`, `breaks`, `slow`, `stuck`, or anything else for at once.
The name of the first folder says how its files are read: `quick`, `slow`, `endless`, `broken`; any other is not read.
"""

from __future__ import annotations

import asyncio
import builtins
import logging
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from fake_fixer import FakeFixer, note

from understudy.context.index.indexing import Progress as IndexProgress
from understudy.core.errors import EngineUnavailable
from understudy.core.settings import Settings
from understudy.core.statistics import Event, NullRecorder
from understudy.core.tally import Figures
from understudy.core.text import Document, Edit, Span, line_before
from understudy.engine.base import Choice, Engine, ModelInfo, Progress
from understudy.features.completion.outcome import (
    Completion,
    Item,
    Outcome,
    Query,
    Reason,
    Skipped,
    Source,
    Trigger,
)
from understudy.lsp.server import serve
from understudy.lsp.services import Services


class FakeEngineSource:
    def __init__(self, kind: str | None) -> None:
        self._kind = kind

    def current(self) -> Engine | None:
        return self  # type: ignore[return-value]  # nobody asks it anything

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        if self._kind == "fails":
            raise EngineUnavailable("Nobody answers at the address.", "Start the engine.")
        if self._kind == "breaks":
            raise OSError("on purpose")
        if self._kind == "stuck":
            report(Progress("Loading the model"))
            await asyncio.Event().wait()
        if self._kind == "slow":
            for percent in (10, 60):
                report(Progress("Loading the model", percent))
                await asyncio.sleep(0.1)
        return self  # type: ignore[return-value]

    async def model(self) -> ModelInfo:
        return ModelInfo("fake", 4096)

    async def choices(self) -> tuple[Choice, ...]:
        if self._kind == "stuck":
            try:
                await asyncio.Event().wait()
            finally:
                note("choices given up")
        return (
            Choice("fake", "the only one"),
            Choice("slow", "takes its time"),
            Choice("acme/large", "15 GB", here=False),
        )

    async def stop(self) -> None:
        if self._kind == "elsewhere":
            raise EngineUnavailable("The engine was not started by Understudy.", "Stop it where it runs.")
        note("engine stopped")

    async def aclose(self) -> None:
        note("engine closed")


class FakeCompleter:
    async def complete(self, query: Query) -> Outcome:
        if query.snoozed and query.trigger is Trigger.AUTOMATIC:
            return Skipped(Reason.SNOOZED)
        verb, _, rest = line_before(query.document.text, query.offset).strip().partition(" ")
        if verb == "boom":
            raise getattr(builtins, rest)("on purpose")
        if verb == "down":
            return Skipped(Reason.ENGINE_FAILED)
        if verb == "print":
            print("from python", flush=True)  # noqa: T201  (it must not reach the client)
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print('from a child')")
            await child.wait()
        if verb == "never":
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.5)
        if verb == "slow":
            await asyncio.sleep(0.3)
        if verb == "spell":
            whole, _, typed = rest.partition("|")
            rest = whole.removeprefix(typed) if whole.startswith(typed) else ""
        texts = rest.split("|") if verb == "either" else [rest]
        if verb not in ("say", "slow", "spell", "either") or not texts[0]:
            return Skipped(Reason.EMPTY)
        if query.trigger is Trigger.AUTOMATIC:
            texts = texts[:1]
        span = Span(query.offset, query.offset) if query.selected is None else query.selected.span
        before = "" if query.selected is None else query.selected.text
        items = tuple(Item(f"item-{number}", Edit(span, before + text)) for number, text in enumerate(texts, 1))
        return Completion(query.document, query.offset, items, Source.ENGINE)

    def changed(self, before: Document | None, after: Document | None) -> None:
        note("changed", before and before.version, after and after.version)

    def shown(self, item_id: str) -> None:
        note("shown", item_id)

    def accepted(self, item_id: str, length: int | None = None) -> None:
        note("accepted", item_id, length)

    def rejected(self, item_id: str) -> None:
        note("rejected", item_id)

    async def aclose(self) -> None:
        note("completer closed")


class FakeIndexing:
    """Reads no files."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    async def run(self, report: Callable[[IndexProgress], None]) -> None:
        note("index runs")
        if self._kind == "broken":
            raise OSError("on purpose")
        steps = {"quick": 1, "slow": 8, "endless": 10_000}[self._kind]
        try:
            for message in ("Reading", "Linking") if self._kind == "slow" else ("Reading",):
                for done in range(steps):
                    report(IndexProgress(message, done, steps))
                    await asyncio.sleep(0.1)
            report(IndexProgress("", 1, 1))
            await asyncio.Event().wait()
        finally:
            note("index stops")

    def touched(self, paths: Iterable[Path]) -> None:
        note("touched", *map(str, paths))

    def rescan(self) -> None:
        note("rescan")

    async def settled(self) -> None:
        return

    async def aclose(self) -> None:
        note("index closed")


class NotingRecorder(NullRecorder):
    def record(self, event: Event) -> None:
        note("counted", type(event).__name__, *(getattr(event, name, None) for name in ("action", "result")))


_indexings: dict[str, FakeIndexing] = {}


def build(settings: Settings, roots: tuple[str, ...]) -> Services:
    note("built", settings.model_dump(mode="json", by_alias=True), list(roots))
    engine = FakeEngineSource(settings.engine.model)
    kind = roots[0].rpartition("/")[2] if roots and settings.context.index else ""
    known = kind in ("quick", "slow", "endless", "broken")
    return Services(
        settings,
        engine,
        engine,
        FakeCompleter(),
        FakeFixer(),
        lambda: Figures(12.5, 3, 1),
        lambda: "the report",
        _indexings.setdefault(roots[0], FakeIndexing(kind)) if known else None,
        "The folder is not read." if kind == "unread" else "",
        NotingRecorder(),
    )


if __name__ == "__main__":
    tcp = int(sys.argv[1]) if len(sys.argv) > 1 else None
    raise SystemExit(serve(build, tcp=tcp, level=logging.INFO))
