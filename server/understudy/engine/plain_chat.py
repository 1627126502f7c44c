"""The hole's question as an ordinary chat, for servers that do not show the model's template: nothing is begun for the
model, so the answer is looked for between its marks, and what it repeats of the cursor's line is left out."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from understudy.engine.base import ChatRequest, Chunk, Engine, Message, TextRequest
from understudy.engine.chat_words import HOLE, OPEN_FILL

ECHO = 4  # characters besides white space, from which on the cursor's line at the beginning of an answer is an echo


@dataclass(frozen=True, slots=True)
class PlainChat:
    """Asks `engine` in chats what is asked of it in prompts: a prompt becomes the user's text, `words` the system's."""

    engine: Engine
    words: str

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """The answer from the cursor on, piece by piece; alternatives one after the other. Raises `EngineError`."""
        user = request.prompt
        assert isinstance(user, str)
        chat = ChatRequest(
            (Message("system", self.words), Message("user", user)),
            request.max_tokens,
            stop=request.stop,
            temperature=request.temperature,
            top_p=request.top_p,
            top_k=request.top_k,
            presence_penalty=request.presence_penalty,
            priority=request.priority,
            deadline=request.deadline,
        )
        line = user.partition(HOLE)[0].rpartition("\n")[2]
        for index in range(request.alternatives):
            async with aclosing(_from_cursor(self.engine, chat, line)) as pieces:
                async for piece in pieces:
                    yield Chunk(piece.text, index, piece.finish, piece.usage)


async def _from_cursor(engine: Engine, chat: ChatRequest, line: str) -> AsyncGenerator[Chunk, None]:
    held, begun = "", False
    async with aclosing(engine.chat(chat)) as stream:
        async for piece in stream:
            text = piece.text
            if not begun:
                held += text
                found = _begin(held, line, over=piece.finish is not None)
                text, begun = found or "", found is not None
            if text or piece.finish or piece.usage:
                yield Chunk(text, 0, piece.finish, piece.usage)


def _begin(answer: str, line: str, *, over: bool) -> str | None:
    """What of `answer` so far belongs after the cursor's `line`; None where that cannot be said before more comes."""
    _, opened, rest = answer.partition(OPEN_FILL)
    if not opened or not (rest or over):
        return None
    if not line.strip():
        rest = rest.removeprefix("\n")
    if line.startswith(rest) and rest != line and not over:
        return None
    echo = not line.strip() or len("".join(line.split())) >= ECHO
    return rest.removeprefix(line) if echo else rest
