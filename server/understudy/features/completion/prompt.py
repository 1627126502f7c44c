"""From gathered context to the request that is sent: stable parts first, the text next to the cursor last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from understudy.context.gather import Context
from understudy.core.settings import CompletionSettings
from understudy.engine.base import TextRequest
from understudy.engine.fim import ContextFile, Ending, FimFormat, FimPrompt
from understudy.engine.served import Served, text_request

LINE_TOKENS = 64  # one logical line; a bracket may carry it over several
SAMPLED = 0.6  # temperature of further alternatives; the first is always greedy
MARGIN = 48  # tokens kept free for special tokens and for a count that was an estimate
SMALLEST_BUDGET = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much to ask for: several lines or one, and whether the user asked by hand."""

    block: bool
    by_hand: bool


def answer_tokens(settings: CompletionSettings, wanted: Wanted) -> int:
    """The longest answer, in tokens."""
    limit = settings.max_tokens if wanted.block else min(LINE_TOKENS, settings.max_tokens)
    return limit * 2 if wanted.by_hand else limit


def budget(settings: CompletionSettings, served: Served, wanted: Wanted) -> int:
    """Tokens that the context may take: the setting, or what the model's window leaves."""
    overhead = served.fim.overhead if served.fim else 0
    room = served.info.context - answer_tokens(settings, wanted) - overhead - MARGIN
    return max(SMALLEST_BUDGET, min(settings.prompt_tokens, room))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and how its answer is read: where it is over while it comes, and the text for the cursor in it."""

    request: TextRequest
    ending: Ending
    finish: Callable[[str], str]


def build(context: Context, served: Served, fim: FimFormat, settings: CompletionSettings, wanted: Wanted) -> Asked:
    """The request for the best answer."""
    files = tuple(ContextFile(file.path, file.text) for file in context.files)
    prompt = FimPrompt(
        prefix=context.head + context.prefix,
        suffix=context.suffix,
        path=context.path,
        files=files if fim.takes_files else (),
    )
    limit, deadline = answer_tokens(settings, wanted), settings.timeout_ms / 1000
    request = text_request(served, fim, prompt, max_tokens=limit, deadline=deadline)
    return Asked(request, fim.ending(prompt), lambda text: fim.finish(text, prompt))


def sampled(request: TextRequest, alternatives: int) -> TextRequest:
    """The request for further answers to the same prompt."""
    return replace(request, alternatives=alternatives, temperature=SAMPLED, top_p=0.95, seed=1)
