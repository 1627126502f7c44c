"""The section of `python -m bench`: the oracle and the adversaries on all cases, the bundled model on some."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from time import perf_counter

from bench.diagfix import report
from bench.diagfix.adversaries import ADVERSARIES
from bench.diagfix.case import Case, answer
from bench.diagfix.measure import Result, answered, scripted
from bench.diagfix.packages import laid, projects
from bench.diagfix.seed import Bench, seeded
from bench.figures import note, row
from bench.real import engine
from bench.recall.case import Project
from bench.recall.corpus import NotFetched
from understudy.context.workspace import Workspace
from understudy.core.errors import EngineError
from understudy.engine.base import EngineSource
from understudy.engine.scripted import ScriptedSource

SEED = 6
PER_KIND = {"ruff": 12, "basedpyright": 7, "tsc": 6}
ADVERSARIES_PER_CASE = {"ruff": 8, "basedpyright": 5, "tsc": 5}
"""Each case gets some of the adversaries, drawn by its number; fewer of them where a checker is slow."""
MODEL_CASES = 50
EACH = 10  # cases between two notes of how far it is
Pair = tuple[Bench, Case]


@asynccontextmanager
async def laid_out(languages: Sequence[str] = ("python", "typescript")) -> AsyncIterator[list[Project]]:
    """The packages, ready for their checkers, which are looked for in this environment as well. Raises `NotFetched`."""
    root = Path(__file__).parents[3]
    before = os.environ.get("PATH", "")
    own = (root / ".venv" / "bin", root / "node_modules" / ".bin")
    os.environ["PATH"] = os.pathsep.join([*map(str, own), before])
    try:
        with tempfile.TemporaryDirectory(prefix="understudy-diagfix-") as folder:
            yield [laid(it, Path(folder)) for language in languages for it in projects(language)]
    finally:
        os.environ["PATH"] = before


Ask = Callable[[Bench, Case, Workspace], Awaitable[list[Result]]]


async def through(what: str, pairs: Sequence[Pair], ask: Ask) -> list[Result]:
    """What becomes of each case: those of different checkers at once, of one checker one at a time."""

    async def lane(checker: str) -> list[tuple[int, list[Result]]]:
        own = [(bench, case) for bench, case in pairs if case.kind.checker == checker]
        results: list[tuple[int, list[Result]]] = []
        workspaces: dict[str, Workspace] = {}
        try:
            for bench, case in own:
                if bench.project.name not in workspaces:
                    workspaces[bench.project.name] = Workspace((bench.project.root,))
                results.append((case.number, await ask(bench, case, workspaces[bench.project.name])))
                if len(results) % EACH == 0 or len(results) == len(own):
                    note(f"{what}, {checker}: {len(results)} of {len(own)} cases")
        finally:
            for workspace in workspaces.values():
                workspace.close()
        return results

    lanes = await asyncio.gather(*(lane(checker) for checker in {case.kind.checker for _, case in pairs}))
    return [it for _, results in sorted((it for lane in lanes for it in lane), key=lambda it: it[0]) for it in results]


async def oracle(pairs: Sequence[Pair]) -> list[Result]:
    """The true fixes."""

    async def ask(bench: Bench, case: Case, workspace: Workspace) -> list[Result]:
        return [await answered(bench, case, scripted(answer(case.document.text, case.fixed)), workspace)]

    return await through("true fixes", pairs, ask)


async def adversaries(
    pairs: Sequence[Pair], per_case: Mapping[str, int] = ADVERSARIES_PER_CASE
) -> list[tuple[str, Result]]:
    """Each case's share of what only looks like a fix, with the adversary's name."""
    names: dict[int, str] = {}

    async def ask(bench: Bench, case: Case, workspace: Workspace) -> list[Result]:
        found = [(it.name, said) for it in ADVERSARIES if (said := it.answer(case)) is not None]
        most = per_case[case.kind.checker]
        chosen = Random(case.number).sample(found, min(most, len(found)))
        results = []
        for name, said in chosen:
            results.append(await answered(bench, case, scripted(said), workspace))
            names[id(results[-1])] = name
        return results

    results = await through("adversaries", pairs, ask)
    order = {it.name: at for at, it in enumerate(ADVERSARIES)}
    return sorted(((names[id(it)], it) for it in results), key=lambda it: (order[it[0]], it[1].case.number))


async def model(pairs: Sequence[Pair], source: EngineSource, limit: int) -> list[Result]:
    """A model's answers to some of the cases, of all kinds."""
    drawn = Random(SEED).sample(list(pairs), min(limit, len(pairs)))

    async def ask(bench: Bench, case: Case, workspace: Workspace) -> list[Result]:
        return [await answered(bench, case, source, workspace)]

    return await through("the model", drawn, ask)


async def measure() -> None:
    """Print the table."""
    async with laid_out() as known:
        began = perf_counter()
        pairs = await seeded(known, PER_KIND, SEED)
        report.kinds([case for _, case in pairs])
        seeding = perf_counter() - began
        report.oracle(await oracle(pairs))
        report.adversaries(await adversaries(pairs))
        row("seconds of seeding, and of all until here", f"{seeding:.0f}, {perf_counter() - began:.0f}")
        report.model("the bundled model", await bundled(pairs))


async def bundled(pairs: Sequence[Pair]) -> list[Result]:
    """What the bundled model makes of some cases, on the real engine. Raises `NotFetched` where there is none."""
    try:
        async with engine() as (real, _):
            return await model(pairs, ScriptedSource(real), MODEL_CASES)
    except EngineError as error:
        raise NotFetched(f"the bundled model cannot be asked ({error})") from error
