"""`understudy eval`: how good a model is on the user's own engine.

Results are kept as they come, and a run goes on where it was interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.cli.progress import progress_bar
from understudy.cli.services import engine_source, script_file, user_settings
from understudy.cli.terminal import note, say
from understudy.core.errors import UnderstudyError, UsageError
from understudy.core.settings import Settings
from understudy.engine.base import Engine
from understudy.engine.plan.saved import settings_with_plan
from understudy.evaluation.asking import ask_all
from understudy.evaluation.provenance import engine_identity
from understudy.evaluation.run import Run, open_run, runs
from understudy.evaluation.table import EVALUATIONS, Circumstances, Evaluation, Plan
from understudy.sandbox.arguments import Sandbox
from understudy.sandbox.find import NoSandbox, find_sandbox

INTERRUPTED = 130  # as shells say for a command that Ctrl-C ended
YES = ("y", "yes")


def add_eval_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `eval` with a subcommand for each row of the table."""
    parser = commands.add_parser(
        "eval", help="measure a model on your engine", description="Measure a model on your own engine and hardware."
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="EVALUATION")
    for row in EVALUATIONS:
        action = actions.add_parser(row.name, help=row.help, description=f"{row.help[:1].upper()}{row.help[1:]}.")
        row.module.add_words(action)
        _add_shared_words(action, row)
        action.set_defaults(func=run_evaluation, row=row)
    action = actions.add_parser("list", help="list the evaluations, and the runs so far")
    action.set_defaults(func=run_list)


def _add_shared_words(parser: argparse.ArgumentParser, row: Evaluation) -> None:
    add = parser.add_argument
    add("--url", help="a server to ask (default: the setting `engine.url`, else the local engine)")
    add("--model", help="which model of it (default: the setting `engine.model`)")
    add("--limit", type=_positive, metavar="N", help="ask no more than N questions, drawn by --seed")
    add("--seed", type=int, default=1, metavar="N", help="which questions are drawn (%(default)s)")
    if row.most_at_once is None:
        several = "questions at a time (%(default)s); more is faster and makes each answer slower"
        add("--concurrency", type=_positive, default=1, metavar="N", help=several)
    else:
        parser.set_defaults(concurrency=row.most_at_once)
    add("--out", type=Path, metavar="FILE", help="where the results are kept (default: in the data folder)")
    add("--json", type=Path, metavar="FILE", help="also write a summary for programs")
    add("--again", action="store_true", help="from the beginning, though there are results")
    if row.runs_code:
        add("--unsandboxed", action="store_true", help="run what the model writes with your own rights")


def _positive(word: str) -> int:
    try:
        number = int(word)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"say a number from 1 on, not {word}")
    return number


@dataclass(slots=True)
class Progressing:
    """What an interruption must know: the run, once it has a file."""

    run: Run | None = None


def run_evaluation(arguments: argparse.Namespace) -> int:
    """Run one evaluation to its end, or on from where it was."""
    row: Evaluation = arguments.row
    if arguments.json:
        with writing(arguments.json):  # before hours are spent on what is to stand in it
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
    sandbox = choose_sandbox(unsandboxed=arguments.unsandboxed) if row.runs_code else None
    so_far = Progressing()
    try:
        run = asyncio.run(evaluate(row, arguments, sandbox, so_far))
    except KeyboardInterrupt:
        note(goes_on(so_far.run))
        return INTERRUPTED
    except (UnderstudyError, OSError):
        if so_far.run is not None:
            note(goes_on(so_far.run))
        raise
    finally:
        if so_far.run is not None:
            so_far.run.journal.close()
    report = run.report()
    for line in report.lines:
        say(line)
    note(f"The results are in {run.journal.path}.")
    if arguments.json:
        text = json.dumps(run.summary(report), indent=2, ensure_ascii=False)
        with writing(arguments.json):
            arguments.json.write_text(f"{text}\n", encoding="utf-8")
    return 0


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn what the system says of the summary's file into a sentence. Raises `UsageError`."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}).", "Name another file with --json.") from error


async def evaluate(row: Evaluation, arguments: argparse.Namespace, sandbox: Sandbox | None, so_far: Progressing) -> Run:
    """Ask everything that has no answer yet."""
    settings = settings_for(arguments)
    source = engine_source(settings.engine)
    plan: Plan | None = None
    try:
        with progress_bar() as report:

            async def connect() -> Engine:
                return await source.ensure(report)

            plan = await row.module.prepare(Circumstances(arguments, settings, connect, sandbox, report))
            identity = engine_identity(settings.engine, await (await connect()).model(), script_file())
        so_far.run = run = open_run(row.name, plan, identity, arguments.out, again=arguments.again)
        for line in run.notes:
            note(line)
        with progress_bar() as report:
            await ask_all(plan.keys, plan.ask, run.journal, concurrency=arguments.concurrency, report=report)
        return run
    finally:
        if plan is not None:
            await plan.aclose()
        await source.aclose()


def settings_for(arguments: argparse.Namespace) -> Settings:
    """The user's settings, with the server and the model that the words name; where nobody names any, the plan's."""
    settings = user_settings().settings
    changes: dict[str, Any] = {}
    if arguments.url and arguments.url != settings.engine.url:
        # The key and the model of another server are not for this one.
        changes |= {"url": arguments.url, "urls": (), "model": None, "api_key": None}
    if arguments.model:
        changes |= {"model": arguments.model}
    return settings_with_plan(settings.model_copy(update={"engine": settings.engine.model_copy(update=changes)}))


def choose_sandbox(*, unsandboxed: bool) -> Sandbox | None:
    """The sandbox, or None where the user says that code may run without one. Raises `UsageError`."""
    found = None if unsandboxed else find_sandbox()
    if isinstance(found, Sandbox):
        return found
    if found is not None and not may_go_without(found):
        raise UsageError(
            f"{found.problem} What a model writes is not run without a sandbox unless you say so.",
            f"{found.remedy} Or give --unsandboxed.",
        )
    note("What the model writes runs with your own rights, without a sandbox.")
    return None


def may_go_without(found: NoSandbox) -> bool:
    """Ask at the terminal; where there is none, nobody has said yes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    note(f"{found.problem} {found.remedy}")
    sys.stderr.write("Run what the model writes with your own rights, without a sandbox? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in YES


def goes_on(run: Run | None) -> str:
    """What an interrupted run leaves, in a sentence."""
    if run is None:
        return "Interrupted before the first question."
    return f"Interrupted: {run.answered}. The same command goes on from there."


def run_list(_: argparse.Namespace) -> int:
    """List the evaluations and the runs."""
    for row in EVALUATIONS:
        say(f"{row.name:<10}{row.help}")
    for journal in runs():
        identity, date = journal.head["identity"], str(journal.head.get("date", ""))[:16]
        say(
            f"{date}  {identity['evaluation']:<8} {identity['model']}: {len(journal.records)} answers in {journal.path}"
        )
    return 0
