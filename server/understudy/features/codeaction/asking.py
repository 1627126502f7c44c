"""Asks the engine of work: finds it, learns once what it serves, and reads one answer to its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from understudy.engine.base import ChatRequest, Engine, EngineSource
from understudy.engine.chat_served import ChatServed, describe_chat
from understudy.features.codeaction.prompt import Prompt

ANSWER_SECONDS = 120.0

Ending = Literal["whole", "cut", "late"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model wrote: `whole`, `cut` off where it was longer than allowed, or as far as it had come when it was
    too `late`."""

    text: str
    ending: Ending = "whole"


@dataclass(frozen=True, slots=True)
class Chat:
    """An engine that can be asked. `priority`: lower goes first, 0 as work usually goes."""

    engine: Engine
    served: ChatServed
    priority: int = 0

    async def ask(self, prompt: Prompt, *, again: bool = False) -> Answer:
        """One answer: the likeliest, since lines are to be quoted; when it is asked `again`, what was likeliest was not
        right, and it is drawn as the model's maker advises. Raises `EngineError`."""
        request = ChatRequest(
            prompt.messages,
            prompt.answer,
            priority=self.priority,
            deadline=ANSWER_SECONDS,
            template=self.served.template,
            seed=1,
            **(self.served.sampling if again else {}),
        )
        parts: list[str] = []
        ending: Ending = "whole"
        async with aclosing(self.engine.chat(request)) as chunks:
            async for chunk in chunks:
                parts.append(chunk.text)
                if chunk.finish == "length":
                    ending = "cut"
                elif chunk.finish == "abort":
                    ending = "late"
        return Answer("".join(parts), ending)


class Asking:
    """The engine of work, and what is known of it."""

    def __init__(self, source: EngineSource) -> None:
        self._source = source
        self._known: tuple[Engine, ChatServed] | None = None

    def current(self) -> Engine | None:
        """The engine, if it can be asked now."""
        return self._source.current()

    async def chat(self, report: Callable[[str], None], priority: int = 0) -> Chat:
        """Wait until the engine can be asked, starting it where the settings allow. Raises `EngineError`; of those,
        `NoChat` where its model knows no chats."""
        engine = self._source.current()
        if engine is None:
            engine = await self._source.ensure(lambda progress: report(progress.message))
        if self._known is None or self._known[0] is not engine:
            self._known = engine, await describe_chat(engine)
        return Chat(engine, self._known[1], priority)

    def failed(self) -> None:
        """The engine could not be asked: another model may answer at the same address by now."""
        self._known = None
