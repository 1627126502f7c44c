"""`understudy complete FILE:LINE:COL`: one completion, as an editor would get it when asked by hand."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from pathlib import Path

from understudy.cli.progress import progress_bar
from understudy.cli.services import build_services, user_settings
from understudy.cli.terminal import note, say, say_json
from understudy.context.ignore import FILE
from understudy.context.languages import language_of
from understudy.core.errors import UsageError
from understudy.core.layers import WORKSPACE_FILE
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document, split_lines
from understudy.features.completion.outcome import Completion, Outcome, Query, Skipped, Trigger
from understudy.lsp.services import Services

FORM = "Say where as FILE:LINE:COL, counted from 1."
ROOT_MARKS = (FILE, WORKSPACE_FILE, ".git")
NOTHING = 1  # exit status when nothing is offered, as that of `grep`


def add_complete_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `complete`."""
    parser = commands.add_parser("complete", help="print one completion", description=FORM)
    parser.add_argument("place", metavar="FILE:LINE:COL", help="where the cursor stands; line and column begin at 1")
    parser.add_argument("--json", action="store_true", help="for programs: all alternatives and figures")
    parser.set_defaults(func=run_complete)


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor in a file, counted from 1; columns are code points."""

    file: Path
    line: int
    column: int


def run_complete(arguments: argparse.Namespace) -> int:
    """Print one completion on standard output; how it came about on standard error."""
    place = parse_place(arguments.place)
    query = query_at(place)
    root = workspace_of(place.file)
    settings = user_settings((root,))
    for problem in settings.problems:
        note(str(problem))
    services = build_services(settings.settings, (root.as_uri(),), NullRecorder())
    outcome = asyncio.run(complete(services, query))
    return show_json(outcome) if arguments.json else show(outcome)


def workspace_of(file: Path) -> Path:
    """The folder whose rules hold for a file, as if an editor had opened it: the nearest one that has any, else the
    repository, else the file's own folder."""
    folder = file.resolve().parent
    above = (folder, *folder.parents)
    return next((place for mark in ROOT_MARKS for place in above if (place / mark).exists()), folder)


def parse_place(words: str) -> Place:
    """Read `FILE:LINE:COL`. Raises `UsageError`."""
    file, *numbers = words.rsplit(":", 2)
    if not file or len(numbers) < 2 or not all(number.isascii() and number.isdigit() for number in numbers):
        raise UsageError(f"{words} names no place in a file.", FORM)
    return Place(Path(file), int(numbers[0]), int(numbers[1]))


def query_at(place: Place) -> Query:
    """The question that an editor with this file open and this cursor would ask. Raises `UsageError`."""
    text = read_text(place.file)
    language = language_of(place.file.name)
    uri = place.file.resolve().as_uri()
    document = Document(uri, 1, language.ids[0] if language else "plaintext", text)
    return Query(document, offset_at(text, place), Trigger.INVOKED)


def read_text(file: Path) -> str:
    """The text of a file. Raises `UsageError`."""
    if file.is_dir():
        raise UsageError(f"{file} is a folder.", "Give a file.")
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise UsageError(f"There is no file {file}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8 text.", "Give a source file in UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).", "Check the path and its rights.") from error


def offset_at(text: str, place: Place) -> int:
    """The offset of a place. Raises `UsageError` for one outside the text."""
    lines = split_lines(text)
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    if not 1 <= place.line <= len(lines):
        raise UsageError(f"{place.file} has no line {place.line}.", f"Its lines go from 1 to {len(lines)}.")
    width = len(lines[place.line - 1].rstrip("\r\n"))
    if not 1 <= place.column <= width + 1:
        raise UsageError(
            f"Line {place.line} of {place.file} has no column {place.column}.", f"Its columns go from 1 to {width + 1}."
        )
    return sum(map(len, lines[: place.line - 1])) + place.column - 1


async def complete(services: Services, query: Query) -> Outcome:
    """One outcome, once the engine is there. Raises `EngineError`."""
    try:
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
