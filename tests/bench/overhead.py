"""The server's own time per completion: everything but the engine, in a file of 2,000 lines."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from time import perf_counter

from bench.figures import Percentiles
from understudy.context.workspace import Workspace
from understudy.core.settings import CompletionSettings
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine, ScriptedSource
from understudy.features.completion.complete import Completer
from understudy.features.completion.outcome import Query
from understudy.features.completion.watch import Watch

LINES = 2000
ROUNDS = 300
ANSWER = '!always\n"esult = compute(value)\\n"'
SOURCES = Path(__file__).parents[2] / "server" / "understudy"


def long_file() -> str:
    """The project's own modules, one after the other, cut at `LINES`."""
    lines: list[str] = []
    for path in sorted(SOURCES.rglob("*.py")):
        lines += path.read_text(encoding="utf-8").splitlines(keepends=True)
        if len(lines) >= LINES:
            return "".join(lines[:LINES])
    raise AssertionError("the project has fewer lines than the bench needs")


async def overhead() -> tuple[Percentiles, Percentiles]:
    """Milliseconds for a new completion (the engine answers at once), and for one that is typed along."""
    engine = ScriptedSource(ScriptedEngine(parse(ANSWER)))
    settings = CompletionSettings(debounce_ms=0)
    completer = Completer(
        settings,
        engine,
        workspace=Workspace(),
        watch=Watch(NullRecorder()),
        # Hours between two keys: here every suggestion is typed against, and the back-off is not what is measured.
        clock=itertools.count(0, 3600).__next__,
    )
    text = long_file()
    places = [i + 1 for i, character in enumerate(text) if character == "\n" and text[i + 1 : i + 2] in (" ", "\n")]
    chosen = random.Random(3).sample(places, ROUNDS)
    document = Document("file:///bench.py", 1, "python", text)
    completer.changed(None, document)
    new: list[float] = []
    along: list[float] = []
    for offset in chosen:
        # The text as it was, with the tree that belongs to it: the cursor's journey there is not measured.
        untouched = Document(document.uri, document.version + 1, "python", text)
        completer.changed(document, untouched)
        await completer.complete(Query(untouched, offset))
        document = untouched
        for typed, times in (("        r", new), ("        re", along)):
            now = Document(document.uri, document.version + 1, "python", text[:offset] + typed + "\n" + text[offset:])
            began = perf_counter()
            completer.changed(document, now)
            await completer.complete(Query(now, offset + len(typed)))
            times.append((perf_counter() - began) * 1000)
            document = now
    await completer.aclose()
    return Percentiles.of(new), Percentiles.of(along)
