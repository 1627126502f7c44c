"""`understudy context FILE:LINE:COL`: what the model would be shown for a cursor, and why. Nothing is asked of it."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from understudy.cli.context_text import Account, as_json, as_lines
from understudy.cli.indexing import Indexes, settled
from understudy.cli.place import parse_place, query_at, workspace_of
from understudy.cli.reader import Reader, add_budget_word, reading_engine
from understudy.cli.services import user_settings, workspace_for
from understudy.cli.terminal import note, say, say_json
from understudy.context.gather import Context
from understudy.context.workspace import Workspace
from understudy.core.errors import EngineError, UnderstudyError
from understudy.core.settings import Settings
from understudy.core.text import Document
from understudy.engine.plan.saved import settings_with_plan
from understudy.features.completion import prompt
from understudy.features.completion.outcome import Query, Trigger
from understudy.features.completion.trigger import Situation, refusal

CURSOR = "<cursor>"


def add_context_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `context`."""
    about = "What the model is told at a cursor, from which files, and why; and what there was no room for."
    parser = commands.add_parser("context", help="show what the model is told at a cursor, and why", description=about)
    parser.add_argument("place", metavar="FILE:LINE:COL", help="where the cursor stands; line and column begin at 1")
    add_budget_word(parser, "the setting `completion.promptTokens`")
    parser.add_argument("--all", action="store_true", help="list everything that was left out")
    parser.add_argument("--prompt", action="store_true", help="print the prompt itself instead")
    parser.add_argument("--json", action="store_true", help="for programs: the account and the texts")
    parser.set_defaults(func=run_context)


def run_context(arguments: argparse.Namespace) -> int:
    """Print what the model would be shown."""
    place = parse_place(arguments.place)
    query = query_at(place)
    root = workspace_of(place.file)
    read = user_settings((root,))
    for problem in read.problems:
        note(str(problem))
    look = asyncio.run(look_at(settings_with_plan(read.settings), root, query, arguments.budget))
    if arguments.json:
        say_json(as_json(look.account, look.prompt))
    elif arguments.prompt:
        say(look.prompt)
    else:
        say("\n".join(as_lines(look.account, everything=arguments.all)))
    return 0


@dataclass(frozen=True, slots=True)
class Look:
    """What the command found out: the account, and the prompt as the model reads it."""

    account: Account
    prompt: str


async def look_at(settings: Settings, root: Path, query: Query, limit: int | None) -> Look:
    """Gather as a completion would. Raises `UnderstudyError` for a file that is never shown to a model."""
    opened = Indexes().open(settings, (root,))

    def fresh() -> Workspace:
        workspace = workspace_for(settings, (root,), opened.indexing)
        workspace.changed(None, query.document)
        return workspace

    workspace = fresh()
    refuse_ignored(workspace, query.document)
    async with settled(opened.indexing), reading_engine(settings) as reader:
        await reader.learn(query.document.text)
        first = gathered(settings, workspace, query, reader, limit)
        # What is counted exactly by now may fit better than it was thought to.
        for file in first.context.files:
            await reader.learn(file.text)
        second = gathered(settings, fresh(), query, reader, limit)
        text, tokens = await written(second.context, query.document, reader)
        refused = refusal_at(settings, workspace, query)
    return Look(replace(second, tokens=tokens, unread=opened.unread, refused=refused), text)


def refuse_ignored(workspace: Workspace, document: Document) -> None:
    """Raise `UnderstudyError` for a file that is never shown to a model."""
    if workspace.ignored(document.uri):
        why = workspace.ignore_reason(document.uri) or "A rule of yours or its name says so, and nothing is offered."
        raise UnderstudyError(f"{workspace.name(document.uri)} is never shown to a model.", why)


def refusal_at(settings: Settings, workspace: Workspace, query: Query) -> str:
    """Why a completion would not be asked for while typing; empty where it would."""
    typed = replace(query, trigger=Trigger.AUTOMATIC)
    place = partial(workspace.place, query.document, query.offset)
    reason = refusal(Situation(typed, settings.completion, ignored=False, place=place))
    return reason.value if reason is not None else ""


def gathered(settings: Settings, workspace: Workspace, query: Query, reader: Reader, limit: int | None) -> Account:
    """What a completion while typing would be asked with, in at most `limit` tokens."""
    document, offset = query.document, query.offset
    if limit is None:
        known, own = reader.served, settings.completion
        limit = prompt.budget(own, known) if known is not None else own.prompt_tokens
    count = reader.count
    workspace.settle()  # in an editor a document has been open for a while
    suffix = prompt.suffix_budget(reader.served) if reader.served is not None else None
    context = workspace.gather(document, offset, limit_tokens=limit, count=count, suffix_tokens=suffix)
    sizes = {
        "files": sum(piece.tokens for piece in context.chosen),
        "head": count(context.head),
        "before": count(context.prefix),
        "after": count(context.suffix),
    }
    candidates = {piece.key: piece for piece in workspace.candidates(document, offset)}
    return Account(document, offset, context, limit, sizes, candidates, reader.name)


async def written(context: Context, document: Document, reader: Reader) -> tuple[str, int | None]:
    """The prompt as the model reads it, with its tokens; without a model, the texts in the order of their stability."""
    shown = prompt.shown(context, document)
    if reader.engine is None or reader.served is None or reader.served.fim is None:
        files = "".join(f"{shown.comment} {file.path}\n{file.text}\n" for file in shown.files)
        return f"{files}{shown.comment} {shown.path}\n{shown.prefix}{CURSOR}{shown.suffix}", None
    fim = reader.served.fim
    text = fim.render(shown)
    try:
        tokens = len((await reader.engine.tokenize(text)).ids)
    except EngineError:
        return text, None
    return f"{fim.words}\n\n{text}" if fim.words else text, tokens
