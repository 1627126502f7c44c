"""`understudy map [PATH]`: the definitions that a repository leans on most, in a budget of tokens."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path

from understudy.cli.indexing import Indexes, settled
from understudy.cli.place import workspace_of
from understudy.cli.reader import add_budget_word, reading_engine
from understudy.cli.services import user_settings, workspace_for
from understudy.cli.terminal import note, say, say_json
from understudy.context.arrange import Shown
from understudy.core.errors import UnderstudyError, UsageError
from understudy.core.settings import Settings
from understudy.engine.plan.saved import settings_with_plan

DEFAULT_TOKENS = 1024


def add_map_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `map`."""
    about = "The definitions that the repository leans on most, the file with the best of them first."
    parser = commands.add_parser("map", help="show what a repository leans on", description=about)
    near = "a file or folder: what it leans on comes first (default: this folder)"
    parser.add_argument("path", metavar="PATH", nargs="?", type=Path, default=Path(), help=near)
    add_budget_word(parser, f"{DEFAULT_TOKENS:,}")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(func=run_map)


@dataclass(frozen=True, slots=True)
class Map:
    """The shown definitions by file, and how many files there are."""

    files: tuple[Shown, ...]
    known: int
    tokens: int
    counted_by: str


def run_map(arguments: argparse.Namespace) -> int:
    """Print the map on standard output; its figures on standard error."""
    path: Path = arguments.path
    if not path.exists():
        raise UsageError(f"There is no file or folder {path}.", "Check the path.")
    root = workspace_of(path)
    read = user_settings((root,))
    for problem in read.problems:
        note(str(problem))
    limit = arguments.budget or DEFAULT_TOKENS
    found = asyncio.run(mapped(settings_with_plan(read.settings), root, path.resolve(), limit))
    if arguments.json:
        say_json({"folder": str(root), "limit": limit, **asdict(found)})
        return 0
    for file in found.files:
        say(f"{file.path}\n{file.text}")
    note(f"{_figures(found)}, {found.tokens:,} of {limit:,} tokens, counted by {found.counted_by}.")
    return 0


async def mapped(settings: Settings, root: Path, path: Path, limit: int) -> Map:
    """The map of the repository in `root` as seen from `path`. Raises `UnderstudyError` if there is nothing to map."""
    opened = Indexes().open(settings, (root,))
    if opened.indexing is None:
        raise UnderstudyError(opened.unread, "There is no map without them.")
    index = opened.indexing.index
    async with settled(opened.indexing), reading_engine(settings) as reader:
        paths = index.paths()
        if not paths:
            remedy = "Check that it has some in a language with a grammar, and that git does not ignore them all."
            raise UnderstudyError(f"No source file is known in {root}.", remedy)
        near = () if path == root else [Path(it) for it in paths if Path(it).is_relative_to(path)]
        workspace = workspace_for(settings, (root,), opened.indexing)
        # The second time with the tokens of what may well be shown counted by the model itself.
        for file in workspace.map(limit, reader.count, near):
            await reader.learn(file.text)
        files = workspace.map(limit, reader.count, near)
        return Map(files, len(paths), sum(reader.count(f"{it.path}\n{it.text}") for it in files), reader.name)


def _figures(found: Map) -> str:
    return f"{len(found.files):,} of {found.known:,} files"
