"""From a model's text to what may be offered: the filters, then the result put in its place and parsed."""

from __future__ import annotations

from understudy.context.syntax.parsed import Parsed
from understudy.features.completion.filters import Surroundings, run
from understudy.features.completion.outcome import Reason


def clean(text: str, around: Surroundings, parsed: Parsed | None, offset: int) -> str | Reason:
    """`text` after filters and syntax check, or the reason to drop it. `parsed` is None where there is no grammar."""
    verdict = run(text, around)
    return verdict if isinstance(verdict, Reason) else check(verdict, parsed, offset)


def check(text: str, parsed: Parsed | None, offset: int) -> str | Reason:
    """`text`, or its longest part that adds no syntax error at `offset`: cut at the end of a node, else dropped."""
    if parsed is None:
        return text
    graft = parsed.graft(offset, text)
    if graft.new_errors <= 0:
        return text
    return text[: graft.cut].rstrip() or Reason.SYNTAX
