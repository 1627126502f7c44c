"""`understudy engine install | start | status | logs | stop`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from understudy.cli.progress import progress_bar
from understudy.cli.services import user_settings
from understudy.cli.terminal import note, say, say_json
from understudy.core.errors import EngineError, EngineUnavailable
from understudy.core.ledger import kept_file
from understudy.core.settings import EngineSettings, Settings
from understudy.engine import log_file, supervisor
from understudy.engine.checkpoint import BUNDLED_NAME
from understudy.engine.install import install
from understudy.engine.lanes import work_settings
from understudy.engine.local import LocalSource
from understudy.engine.plan.saved import forget_plan, says_which, settings_with_plan
from understudy.engine.state import EngineFolder, Status, engine_folder, engine_root, read_status

NOT_READY = 3  # exit status of `status` unless the engine is ready, as that of `systemctl status`
INTERRUPTED = 130  # as shells say for a command that Ctrl-C ended
DEFAULT_LINES = 50
WHO = "understudy engine start"


def add_engine_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `engine` and its subcommands; each sets `func`, which takes the arguments and returns the exit status."""
    parser = commands.add_parser("engine", help="install, start and stop the local model server (vLLM)")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    action = actions.add_parser("install", help="install vLLM into an environment of its own")
    action.add_argument("--device", choices=("auto", "gpu", "cpu"), default="auto", help="what to install it for")
    action.add_argument("--again", action="store_true", help="from scratch, though it is there")
    action.set_defaults(func=run_install)

    action = actions.add_parser("start", help="start the engine, or wait until the one that runs is ready")
    which = action.add_mutually_exclusive_group()
    which.add_argument("--model", help="a model's folder or its hub name (default: `engine.model`, else the plan's)")
    which.add_argument("--bundled", action="store_true", help="the demonstration model, and no plan from now on")
    which.add_argument("--yes", action="store_true", help="download what the plan for this machine needs, unasked")
    action.add_argument("--foreground", action="store_true", help="keep it in use until Ctrl-C, and show its log")
    action.set_defaults(func=run_start)

    action = actions.add_parser("status", help=f"say how the engine stands; exit status {NOT_READY} unless it is ready")
    action.add_argument("--json", action="store_true", help="for programs")
    action.set_defaults(func=run_status)

    action = actions.add_parser("logs", help="show what the engine printed")
    action.add_argument("-f", "--follow", action="store_true", help="go on showing until Ctrl-C")
    action.add_argument("-n", "--lines", type=int, default=DEFAULT_LINES, help="how many lines (%(default)s)")
    action.set_defaults(func=run_logs)

    action = actions.add_parser("stop", help="stop the engine, whoever uses it")
    action.set_defaults(func=run_stop)


def run_install(arguments: argparse.Namespace) -> int:
    """Install vLLM."""
    gpu = {"auto": None, "gpu": True, "cpu": False}[arguments.device]
    try:
        with progress_bar() as show:
            environment = asyncio.run(install(show, gpu=gpu, again=arguments.again))
    except KeyboardInterrupt:
        return _interrupted("Interrupted. `understudy engine install` goes on from here.")
    say(f"The engine ({environment.distribution}) is installed in {environment.folder}.")
    return 0


def run_start(arguments: argparse.Namespace) -> int:
    """Start the engine, or both where work has one of its own, and wait until it is ready."""
    folder = engine_folder()
    settings = settings_to_start(arguments)
    wanted = {folder: settings.engine}
    work = work_settings(settings)
    if work is not None and not (work.url or work.urls):
        wanted[engine_folder("work")] = work
    ledger = kept_file(enabled=settings.statistics.enabled)
    engines = [(LocalSource(each, who=WHO, folder=place, ledger=ledger), place) for place, each in wanted.items()]
    try:
        asyncio.run(_start(engines, follow=arguments.foreground))
    except EngineError:
        if arguments.yes:
            note("The plan is kept, so the next start goes on with it; `understudy engine start --bundled` forgets it.")
        raise
    except KeyboardInterrupt:
        if arguments.foreground and _is_ready(read_status(folder)):
            return 0
        return _interrupted("Interrupted. The engine goes on starting; `understudy engine stop` ends it.")
    if not arguments.foreground:
        say(f"It stops after {settings.engine.idle_minutes:g} minutes in which no editor uses it.")
    return 0


def settings_to_start(arguments: argparse.Namespace) -> Settings:
    """The settings for engines on this machine: with the model that was given, else the user's, else the plan's."""
    settings = user_settings().settings
    if arguments.bundled and forget_plan():
        note("The plan of before is forgotten.")
    model = BUNDLED_NAME if arguments.bundled else arguments.model
    if model is None and not says_which(settings):
        # The catalogue and all that a plan takes are loaded for this alone.
        from understudy.cli.planned import settled

        return settled(settings, yes=arguments.yes)
    return settings.model_copy(update={"engine": engine_settings(model)})


def engine_settings(model: str | None) -> EngineSettings:
    """The user's settings for an engine on this machine, with `model` where it was given: a folder, if it is one from
    where the user types."""
    if model and Path(model).is_dir():
        model = str(Path(model).resolve())
    settings = user_settings().settings.engine
    elsewhere = settings.url or settings.urls  # whose `model` is a name there
    changes = {"url": None, "urls": (), "start": True, "model": model or (None if elsewhere else settings.model)}
    return settings.model_copy(update=changes)


async def _start(engines: Sequence[tuple[LocalSource, EngineFolder]], *, follow: bool) -> None:
    """One after the other: two that measure the same GPU's memory at the same time mislead each other."""
    try:
        for source, folder in engines:
            with progress_bar() as show:
                await source.ensure(show)
            if status := read_status(folder):
                say(f"{status.name} is ready at {status.url}")
        if follow:
            await asyncio.to_thread(_show_log, engines[0][1], 0)
    finally:
        for source, _ in engines:
            await source.aclose()


def run_status(arguments: argparse.Namespace) -> int:
    """Say how the engines stand; the exit status is that of the one for typing."""
    from understudy.cli.engine_status import all_facts, status_text

    facts = asyncio.run(all_facts(settings_with_plan(user_settings().settings)))
    if arguments.json:
        say_json(facts)
    else:
        say(status_text(facts))
        if facts["work"]:
            say(f"\nwork: {status_text(facts['work'])}")
    return 0 if facts["phase"] == "ready" else NOT_READY


def run_logs(arguments: argparse.Namespace) -> int:
    """Show the engine's log."""
    folder = engine_folder()
    if not folder.log.exists():
        raise EngineUnavailable("There is no log yet.", "Start the engine with `understudy engine start`.")
    try:
        if arguments.follow:
            _show_log(folder, arguments.lines)
        else:
            say("\n".join(log_file.last_lines(folder.log, arguments.lines)))
    except KeyboardInterrupt:
        return 0
    return 0


def _show_log(folder: EngineFolder, lines: int) -> None:
    """Show the log and what comes, until the engine is stopped or Ctrl-C."""
    for line in log_file.follow(folder.log, lines, lambda: not _has_ended(read_status(folder))):
        say(line)
        sys.stdout.flush()


def run_stop(arguments: argparse.Namespace) -> int:
    """Stop the engine, and that of work where it has one of its own."""
    # Asking for work's folder would make it.
    roots = [engine_root(lane) for lane in ("typing", "work")]
    stopped = [supervisor.stop(EngineFolder(root)) for root in roots if root.is_dir()]
    say("Stopped." if any(stopped) else "No engine was running.")
    return 0


def _is_ready(status: Status | None) -> bool:
    return status is not None and status.phase == "ready"


def _has_ended(status: Status | None) -> bool:
    return status is None or status.phase in ("stopped", "failed")


def _interrupted(words: str) -> int:
    note(words)
    return INTERRUPTED
