"""The server's own time per completion: everything but the engine, in a file of 2,000 lines."""

from __future__ import annotations

import ast
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
    """The project's own modules, one after the other, until they have `LINES` lines."""
    lines: list[str] = []
    for path in sorted(SOURCES.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        lines += source.replace("from __future__", "# from __future__").splitlines(keepends=True)
        if len(lines) >= LINES:
            return "".join(lines)
    raise AssertionError("the project has fewer lines than the bench needs")


def statements(text: str) -> list[int]:
    """Where the lines of statements begin: a new statement is typed above one that is there."""
    lines = (node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt))
    starts = list(itertools.accumulate((len(line) for line in text.splitlines(keepends=True)), initial=0))
    return sorted({starts[line - 1] for line in lines})


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
    chosen = random.Random(3).sample(statements(text), ROUNDS)
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
        indent = text[offset : offset + len(text[offset:]) - len(text[offset:].lstrip(" "))]
        for typed, times in ((f"{indent}r", new), (f"{indent}re", along)):
            now = Document(document.uri, document.version + 1, "python", text[:offset] + typed + "\n" + text[offset:])
            began = perf_counter()
            completer.changed(document, now)
            await completer.complete(Query(now, offset + len(typed)))
            times.append((perf_counter() - began) * 1000)
            document = now
    await completer.aclose()
    return Percentiles.of(new), Percentiles.of(along)
