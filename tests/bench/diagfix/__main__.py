"""`python -m bench.diagfix`: the benchmark for any engine, by URL or as the environment and the settings say."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bench.diagfix import quixbugs, report
from bench.diagfix.seed import KINDS, seeded
from bench.diagfix.whole import MODEL_CASES, PER_KIND, SEED, laid_out, model
from bench.figures import say
from bench.recall.corpus import NotFetched
from understudy.cli.services import engine_lanes, user_settings
from understudy.core.errors import UnderstudyError
from understudy.core.settings import WorkSettings
from understudy.engine.base import EngineSource


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.diagfix", description=__doc__)
    parser.add_argument("--url", help="a server to ask (default: as the settings and the environment say)")
    parser.add_argument("--model", help="which model of it")
    parser.add_argument("--limit", type=int, default=MODEL_CASES, help="cases at most (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="which faults are put in (%(default)s)")
    parser.add_argument("--language", choices=("python", "typescript"), action="append", help="may be repeated")
    parser.add_argument("--checker", choices=tuple(PER_KIND), action="append", help="may be repeated")
    parser.add_argument("--quixbugs", type=Path, metavar="FILE", help="the programs of QuixBugs instead")
    given = parser.parse_args(words)
    try:
        asyncio.run(_asked(given))
    except (NotFetched, UnderstudyError) as error:
        say(str(error))
        return 1
    return 0


async def _asked(given: argparse.Namespace) -> None:
    named = [word for name in ("url", "model") if (said := getattr(given, name)) for word in (f"--{name}", said)]
    if given.quixbugs:
        results = await quixbugs.run(quixbugs.load(given.quixbugs)[: given.limit], named, oracle=False)
        quixbugs.report(given.model or "your engine", results, goal=False)
        return
    source = _source(given)
    try:
        await source.ensure(lambda _: None)
        async with laid_out(given.language or ("python", "typescript")) as known:
            checkers = given.checker or tuple(PER_KIND)
            kinds = [it for it in KINDS if it.language in {project.language for project in known}]
            kinds = [it for it in kinds if it.checker in checkers]
            pairs = await seeded(known, PER_KIND, given.seed, kinds)
            report.kinds([case for _, case in pairs])
            report.model(given.model or "your engine", await model(pairs, source, given.limit))
    finally:
        await source.aclose()


def _source(given: argparse.Namespace) -> EngineSource:
    settings = user_settings().settings
    engine = settings.engine
    if given.url or given.model:
        named = {"url": given.url or engine.url, "model": given.model}
        engine = engine.model_copy(update=named if not given.url else {**named, "urls": ()})
        settings = settings.model_copy(update={"engine": engine, "work": WorkSettings()})
    return engine_lanes(settings).work


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
