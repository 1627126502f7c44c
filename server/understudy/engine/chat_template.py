"""A model's chat template as text: read once from the engine, then filled in here.

The engine would render each chat itself, but it trims the beginning of an answer that it is given, and with it the
indentation that the model is to go on from; and a chat takes a round trip that a keystroke has no time for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from understudy.core.errors import EngineRefused
from understudy.engine.base import ChatRequest, Engine, Message

# Stand for the texts of a chat while its template is read. Words without white space, which no template trims.
_SYSTEM, _USER, _ANSWER = "understudysystemtext", "understudyusertext", "understudyanswertext"
_OPEN_THINKING, _CLOSE_THINKING = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """What a template puts before, between and after the system's and the user's text, up to the answer.

    `between` is None where the template has no place for a system's text: it then begins the user's.
    """

    before: str
    between: str | None
    after: str

    @property
    def glue(self) -> str:
        """All that the template itself says."""
        return f"{self.before}{self.between or ''}{self.after}"

    def render(self, system: str, user: str) -> str:
        """The whole prompt of a chat, up to where its answer begins."""
        between = "\n\n" if self.between is None else self.between
        return f"{self.before}{system}{between}{user}{self.after}"


async def read_template(engine: Engine, switches: Mapping[str, Any]) -> ChatTemplate | None:
    """The served model's template with `switches` set. None: the engine renders no chats, or the template does not
    leave a text as it is. Raises `EngineError` where the engine cannot be asked."""
    parts = await _around(engine, (Message("system", _SYSTEM), Message("user", _USER)), switches)
    if parts is None:  # as Gemma 2, which refuses a system's text
        alone = await _around(engine, (Message("user", _USER),), switches)
        if alone is None:
            return None
        before, after = alone
        between = None
    else:
        before, between, after = parts
    return ChatTemplate(before, between, _without_thinking(await _answer_begins(engine, after, switches)))


async def _answer_begins(engine: Engine, after: str, switches: Mapping[str, Any]) -> str:
    """`after`, or what stands between the user's text and an answer that is already there, where that says more: a
    template may leave out the line that opens an answer, or the empty thoughts that come before one."""
    parts = await _around(engine, (Message("user", _USER), Message("assistant", _ANSWER)), switches)
    if parts is not None and parts[1].startswith(after):
        return parts[1]
    return after


async def _around(engine: Engine, messages: tuple[Message, ...], switches: Mapping[str, Any]) -> list[str] | None:
    """What the template puts around the texts of `messages`; None unless it keeps each of them once, in order."""
    try:
        ids = await engine.tokenize_chat(ChatRequest(messages, 1, template=switches))
        text = await engine.detokenize(ids)
        again = await engine.tokenize(text)
    except EngineRefused:
        return None
    if not ids or again.ids != ids:
        return None  # this tokenizer does not read special tokens from text, or does not give text back
    parts: list[str] = []
    for message in messages:
        head, found, text = text.partition(message.content)
        if not found or message.content in text:
            return None
        parts.append(head)
    return [*parts, text]


def _without_thinking(after: str) -> str:
    """Ends the thoughts that a template begins for the model whatever the switches say."""
    if after.rfind(_OPEN_THINKING) <= after.rfind(_CLOSE_THINKING):
        return after
    return f"{after.rstrip()}\n\n{_CLOSE_THINKING}\n\n"
