"""`understudy eval infill`: holes in functions are filled, the functions' tests are run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from understudy.core.errors import UsageError
from understudy.evaluation.infill_report import REFUSED, summarise
from understudy.evaluation.journal import Record
from understudy.evaluation.judge import judge
from understudy.evaluation.metrics import edit_similarity, exact_match
from understudy.evaluation.problems import BENCHMARKS, Problem, find_problems, sampled
from understudy.evaluation.strategies import STRATEGIES, Filled, fill, strategies
from understudy.evaluation.table import Circumstances, Plan, Report


def add_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `infill`."""
    parser.add_argument(
        "--benchmark",
        choices=[row.name for row in BENCHMARKS],
        help=f"which holes (default: what the file of --data holds, else {BENCHMARKS[0].name})",
    )
    parser.add_argument(
        "--data", type=Path, metavar="PATH", help="the file with the problems, or its folder (default: downloaded once)"
    )
    parser.add_argument(
        "--strategy",
        action="append",
        choices=STRATEGIES,
        metavar="NAME",
        help="how the model is asked; several times to compare: auto (default), fim, hole, replace, or a format's name",
    )
    parser.add_argument("--max-tokens", type=int, metavar="N", help="the longest answer (default: the benchmark's)")


async def prepare(given: Circumstances) -> Plan:
    """Read the problems and find out how the model can be asked."""
    words = given.words
    if words.max_tokens is not None and words.max_tokens < 1:
        raise UsageError("No answer has fewer tokens than one.", "Give --max-tokens above 0.")
    data = await find_problems(words.benchmark, words.data, given.report)
    chosen = {problem.task_id: problem for problem in sampled(data.problems, words.limit, words.seed)}
    engine = await given.connect()
    found, notes = await strategies(engine, words.strategy or [given.settings.engine.fim])
    by_name = {strategy.name: strategy for strategy in found}
    max_tokens = words.max_tokens or data.benchmark.max_tokens
    # Question by question, so that whatever else the machine does falls on all strategies alike.
    keys = [f"{strategy.name} {task}" for task in chosen for strategy in found]

    def summary(records: Sequence[Record]) -> Report:
        return summarise(data.benchmark.name, found, records, given.settings.engine.fim)

    async def ask(key: str) -> Record:
        name, _, task = key.partition(" ")
        problem = chosen[task]
        filled = await fill(engine, by_name[name], problem, data.benchmark, max_tokens)
        return await _record(filled, name, problem, given)

    return Plan(
        keys,
        ask,
        summary,
        identity={
            "benchmark": data.benchmark.name,
            "sha256": data.sha256,
            "problems": len(chosen),
            "seed": words.seed,
            "formats": {strategy.name: strategy.fim.name for strategy in found},
            "max_tokens": max_tokens,
            "concurrency": words.concurrency,
            "sandboxed": given.sandbox is not None,
        },
        about={"data": str(data.path), "of": len(data.problems)},
        notes=notes,
    )


async def _record(filled: Filled, name: str, problem: Problem, given: Circumstances) -> Record:
    if filled.refused:
        return {"strategy": name, "task": problem.task_id, "verdict": REFUSED, "refused": filled.refused}
    verdict = await judge(problem, filled.text, given.sandbox)
    wanted = problem.canonical_solution
    usage = filled.usage
    return {
        "strategy": name,
        "task": problem.task_id,
        "verdict": verdict.word,
        "said": verdict.said,
        "text": filled.text,
        "exact": exact_match(filled.text, wanted),
        "similarity": round(edit_similarity(filled.text, wanted), 4),
        "first_token_ms": filled.first_ms and round(filled.first_ms, 1),
        "total_ms": round(filled.total_ms, 1),
        "prompt_tokens": usage.prompt if usage else None,
        "completion_tokens": usage.completion if usage else None,
        "truncated": filled.truncated,
    }
