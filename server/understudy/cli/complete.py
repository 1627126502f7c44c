"""`understudy complete FILE:LINE:COL`: one completion, as an editor would get it when asked by hand."""

from __future__ import annotations

import argparse
import asyncio

from understudy.cli.indexing import Indexes, settled
from understudy.cli.place import parse_place, query_at, workspace_of
from understudy.cli.progress import progress_bar
from understudy.cli.services import build_services, user_settings
from understudy.cli.terminal import note, say, say_json
from understudy.core.statistics import NullRecorder
from understudy.features.completion.outcome import Completion, Outcome, Query, Skipped
from understudy.lsp.services import Services

NOTHING = 1  # exit status when nothing is offered, as that of `grep`


def add_complete_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `complete`."""
    parser = commands.add_parser("complete", help="print one completion", description="One completion at a cursor.")
    parser.add_argument("place", metavar="FILE:LINE:COL", help="where the cursor stands; line and column begin at 1")
    parser.add_argument("--json", action="store_true", help="for programs: all alternatives and figures")
    parser.set_defaults(func=run_complete)


def run_complete(arguments: argparse.Namespace) -> int:
    """Print one completion on standard output; how it came about on standard error."""
    place = parse_place(arguments.place)
    query = query_at(place)
    root = workspace_of(place.file)
    settings = user_settings((root,))
    for problem in settings.problems:
        note(str(problem))
    services = build_services(settings.settings, (root.as_uri(),), NullRecorder(), indexes=Indexes())
    outcome = asyncio.run(complete(services, query))
    return show_json(outcome) if arguments.json else show(outcome)


async def complete(services: Services, query: Query) -> Outcome:
    """One outcome, once the workspace's files are known and the engine is there. Raises `EngineError`."""
    try:
        async with settled(services.indexing):
            with progress_bar() as progress:
                await services.engine.ensure(progress)
            services.completer.changed(None, query.document)
            return await services.completer.complete(query)
    finally:
        await services.completer.aclose()
        await services.engine.aclose()


def show(outcome: Outcome) -> int:
    """Print the first alternative; its figures as a note."""
    if isinstance(outcome, Skipped):
        note(f"Nothing to offer: {outcome.reason.value}.")
        return NOTHING
    say(outcome.items[0].edit.text)
    note(figures(outcome))
    return 0


def figures(completion: Completion) -> str:
    """How a completion came about, in a line."""
    parts = [f"{completion.total_ms:.0f} ms"]
    if completion.first_token_ms is not None:
        parts.append(f"first token after {completion.first_token_ms:.0f} ms")
    if completion.usage is not None:
        cached = "" if completion.usage.cached is None else f" ({completion.usage.cached} cached)"
        parts.append(
            f"{completion.usage.prompt} prompt tokens{cached}, {completion.usage.completion} completion tokens"
        )
    return ", ".join(parts)


def show_json(outcome: Outcome) -> int:
    """Print an outcome for programs."""
    if isinstance(outcome, Skipped):
        reason = outcome.reason
        say_json({"skipped": reason.name.lower(), "why": reason.value, "total_ms": round(outcome.total_ms, 1)})
        return NOTHING
    usage = outcome.usage
    say_json(
        {
            "text": outcome.items[0].edit.text,
            "alternatives": [item.edit.text for item in outcome.items[1:]],
            "source": outcome.source.value,
            "total_ms": round(outcome.total_ms, 1),
            "first_token_ms": outcome.first_token_ms and round(outcome.first_token_ms, 1),
            "prompt_tokens": usage.prompt if usage else None,
            "cached_tokens": usage.cached if usage else None,
            "completion_tokens": usage.completion if usage else None,
        }
    )
    return 0
