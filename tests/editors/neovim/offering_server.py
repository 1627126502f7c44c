"""The fake server with one more word, `offer A|B`, for what only an editor can show.

While typing it offers A alone; asked by hand, every alternative. A backslash and an n stand for a line's end.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "e2e"))

from fake_fixer import FakeFixer
from fake_server import FakeCompleter, FakeEngineSource, note

from understudy.core.settings import Settings
from understudy.core.tally import Figures
from understudy.core.text import Edit, Span, line_before
from understudy.features.completion.outcome import Completion, Item, Outcome, Query, Source, Trigger
from understudy.lsp.server import serve
from understudy.lsp.services import Services

numbers = count(1)


class OfferingCompleter(FakeCompleter):
    def __init__(self, disabled: tuple[str, ...]) -> None:
        self._disabled = disabled

    async def complete(self, query: Query) -> Outcome:
        line = line_before(query.document.text, query.offset).strip()
        by_hand = query.trigger is Trigger.INVOKED
        note("asked", query.trigger.value, line)
        verb, _, rest = line.partition(" ")
        if verb != "offer" or query.document.language in self._disabled or (query.snoozed and not by_hand):
            return await super().complete(query)
        texts = [text.replace("\\n", "\n").replace("\\t", "\t") for text in rest.split("|")]
        span = Span(query.offset, query.offset)
        items = tuple(Item(f"item-{next(numbers)}", Edit(span, text)) for text in (texts if by_hand else texts[:1]))
        return Completion(query.document, query.offset, items, Source.ENGINE)


def build(settings: Settings, roots: tuple[str, ...]) -> Services:
    note("built", list(settings.completion.disabled_languages), list(roots))
    figures: Callable[[], Figures] = lambda: Figures(12.5, 3, 1)  # noqa: E731
    completer = OfferingCompleter(settings.completion.disabled_languages)
    engine = FakeEngineSource(settings.engine.model)
    return Services(settings, engine, engine, completer, FakeFixer(), figures, lambda: "the report")


if __name__ == "__main__":
    raise SystemExit(serve(build, level=logging.INFO))
