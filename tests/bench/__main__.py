"""`make bench`: every figure that the README gives, from one run on this machine.

`python -m bench [SECTION ...]`, in the folder `tests`, runs some of the sections of the table alone.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench import (
    aborts,
    gather,
    index,
    lanes,
    matcher,
    menu,
    overhead,
    parse,
    prefix_cache,
    real,
    replicas,
    startup,
    sync,
)
from bench.diagfix import quixbugs
from bench.diagfix import whole as diagfix
from bench.figures import row, say
from bench.recall import exact, whole
from bench.recall.corpus import NotFetched

OWN_TIME_MS = 10.0


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    measure: Callable[[], Awaitable[None]]


async def server() -> None:
    new, along = await overhead.overhead()
    name = f"own time per completion in {overhead.LINES} lines, ms"
    row(name, new, f"p95 ≤ {OWN_TIME_MS:.0f}", met=new.p95 <= OWN_TIME_MS)
    row("typed along, from memory, ms", along)
    startup.report()
    sync.report()


async def syntax() -> None:
    parse.report()


async def gathering() -> None:
    gather.report(await gather.measure())


async def beside_work() -> None:
    async with lanes.tiny_engine() as it:
        await lanes.measure(it)
        await aborts.measure(it)


SECTIONS = (
    Section("server", "The server itself", server),
    Section("syntax", "The syntax tree of an open file", syntax),
    Section("gather", "The context of a completion in a repository of many files", gathering),
    Section("index", "The index of a workspace, beside aider's repository map", index.measure),
    Section("recall", "What the context shows of other files, beside other ways to choose it", whole.measure),
    Section("exact", "On the real engine, with and without other files: lines that are found exactly", exact.measure),
    Section("menu", "The menu of code actions in a file of 5,000 lines", menu.measure),
    Section("matcher", "Edits whose quotes are spoilt as models spoil them", matcher.measure),
    Section(
        "diagfix",
        "Fixes of diagnostics: true ones, such as only look like it, and the bundled model's",
        diagfix.measure,
    ),
    Section("quixbugs", "Bugs that only tests show, through `understudy fix`", quixbugs.measure),
    Section("typing", "On the real engine, with the bundled demonstration model, typing real commits", real.measure),
    Section(
        "prefix",
        "On the real engine, typing in a workspace: what of a prompt each key has computed",
        prefix_cache.measure,
    ),
    Section(
        "lanes", "On the real engine, with a tiny model that takes long prompts, typing while work runs", beside_work
    ),
    Section("replicas", "One of two replicas killed under load", replicas.measure),
)


async def main(names: list[str]) -> int:
    unknown = set(names) - {section.name for section in SECTIONS}
    if unknown:
        say(f"There is no section {', '.join(sorted(unknown))}: name some of {', '.join(it.name for it in SECTIONS)}.")
        return 2
    for section in SECTIONS:
        if not names or section.name in names:
            say(section.title)
            try:
                await section.measure()
            except NotFetched as reason:  # the other sections are worth their time all the same
                say(f"  not measured any further: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
