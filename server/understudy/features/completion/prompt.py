"""From gathered context to the request that is sent: stable parts first, the text next to the cursor last."""

from __future__ import annotations

from dataclasses import dataclass, replace

from understudy.context.gather import Context
from understudy.core.settings import CompletionSettings
from understudy.engine.base import TextRequest
from understudy.engine.fim import ContextFile, FimFormat, FimPrompt
from understudy.engine.served import Served

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
    room = served.info.context - answer_tokens(settings, wanted) - MARGIN
    return max(SMALLEST_BUDGET, min(settings.prompt_tokens, room))


def build(
    context: Context, served: Served, fim: FimFormat, settings: CompletionSettings, wanted: Wanted
) -> TextRequest:
    """The request for the best answer: greedy, so that the same text gives the same ghost."""
    files = tuple(ContextFile(snippet.path, snippet.text) for snippet in context.snippets)
    prompt = FimPrompt(
        prefix=context.head + context.prefix,
        suffix=context.suffix,
        path=context.path,
        files=files if fim.takes_files else (),
    )
    return TextRequest(
        prompt=fim.render(prompt),
        max_tokens=answer_tokens(settings, wanted),
        stop=served.stop,
        stop_token_ids=served.stop_token_ids,
        deadline=settings.timeout_ms / 1000,
    )


def sampled(request: TextRequest, alternatives: int) -> TextRequest:
    """The request for further answers to the same prompt."""
    return replace(request, alternatives=alternatives, temperature=SAMPLED, top_p=0.95, seed=1)
