"""From gathered context to the request that is sent: stable parts first, the text next to the cursor last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from understudy.context.gather import Context
from understudy.context.syntax.languages import language_of
from understudy.core.paths import path_in_uri
from understudy.core.settings import CompletionSettings
from understudy.core.text import Document
from understudy.engine.base import TextRequest
from understudy.engine.fim import ContextFile, Ending, FimFormat, FimPrompt
from understudy.engine.served import Served, text_request

LINE_TOKENS = 64  # one logical line; a bracket may carry it over several
SAMPLED = 0.6  # temperature of further alternatives; the first is always greedy
MARGIN = 48  # tokens kept free for special tokens and for a count that was an estimate
SMALLEST_BUDGET = 64
COMMENTED = 0.9  # of the room, where other files are comments: a line of code has some ten tokens, its mark one or two
UNKNOWN_COMMENT = "#"
PREFIX_FIRST_SUFFIX = 256
"""The longest suffix, in tokens, for a model that reads it after the prefix, and so again at every keystroke."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much to ask for: several lines or one, and whether the user asked by hand."""

    block: bool
    by_hand: bool


LONGEST = Wanted(block=True, by_hand=True)


def answer_tokens(settings: CompletionSettings, wanted: Wanted) -> int:
    """The longest answer, in tokens."""
    limit = settings.max_tokens if wanted.block else min(LINE_TOKENS, settings.max_tokens)
    return limit * 2 if wanted.by_hand else limit


def budget(settings: CompletionSettings, served: Served) -> int:
    """Tokens that the context may take: the setting, or what the model's window leaves beside the longest answer. It is
    the same whatever is asked for, since another budget is another prompt."""
    overhead = served.fim.overhead if served.fim else 0
    room = served.info.context - answer_tokens(settings, LONGEST) - overhead - MARGIN
    if served.fim is not None and served.fim.comments:
        room = int(room * COMMENTED)
    return max(SMALLEST_BUDGET, min(settings.prompt_tokens, room))


def suffix_budget(served: Served) -> int | None:
    """Tokens that the text after the cursor may take; None where it may take its share of the whole."""
    return PREFIX_FIRST_SUFFIX if served.fim is not None and served.fim.order == "prefix-first" else None


def repository(uri: str, path: str) -> str:
    """The name of the folder that `path`, as the workspace calls the document, is relative to; empty where it has
    none, as for an unsaved text."""
    whole, within = path_in_uri(uri).parts, PurePosixPath(path).parts
    above = whole[: -len(within)] if whole[-len(within) :] == within else ()
    return above[-1] if len(above) > 1 else ""  # the first is the file system's root


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and how its answer is read: where it is over while it comes, and the text for the cursor in it."""

    request: TextRequest
    ending: Ending
    finish: Callable[[str], str]


def shown(context: Context, document: Document) -> FimPrompt:
    """What the model is to see of `document` and of other files."""
    language = language_of(document.language) or language_of(document.uri)
    return FimPrompt(
        prefix=context.head + context.prefix,
        suffix=context.suffix,
        path=context.path,
        repo=repository(document.uri, context.path),
        files=tuple(ContextFile(file.path, file.text) for file in context.files),
        comment=language.comment if language else UNKNOWN_COMMENT,
    )


def build(prompt: FimPrompt, served: Served, fim: FimFormat, settings: CompletionSettings, wanted: Wanted) -> Asked:
    """The request for the best answer."""
    limit, deadline = answer_tokens(settings, wanted), settings.timeout_ms / 1000
    request = text_request(served, fim, prompt, max_tokens=limit, deadline=deadline)
    return Asked(request, fim.ending(prompt), lambda text: fim.finish(text, prompt))


def sampled(request: TextRequest, alternatives: int) -> TextRequest:
    """The request for further answers to the same prompt."""
    return replace(request, alternatives=alternatives, temperature=SAMPLED, top_p=0.95, seed=1)
