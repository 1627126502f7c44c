"""What is served, as a chat needs to know it: the model, how to sample, how to keep it from thinking aloud."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from understudy.core.errors import EngineRefused, NoChat
from understudy.engine.base import ChatRequest, Engine, Message, ModelInfo
from understudy.engine.served import catalogue_row, plain_switches

# What vLLM answers where a model has no template, or its template refuses these messages.
REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
NO_TEMPLATE = "The model {} has no chat template, and so cannot be asked for changes."
NO_TEMPLATE_REMEDY = "Name a model for chats in `work.model`, or the address of one in `work.url`."


@dataclass(frozen=True, slots=True)
class ChatServed:
    """`sampling`: fields of a request, as the model's maker advises for chats without thinking; empty where nobody
    says: then the best answer is greedy. `template`: switches of the chat template for an answer without thoughts.
    `system`: the template has a place for a system message; else its words stand before the user's."""

    info: ModelInfo
    sampling: Mapping[str, Any] = field(default_factory=dict)
    template: Mapping[str, Any] = field(default_factory=dict)
    system: bool = True

    def messages(self, system: str, user: str) -> tuple[Message, ...]:
        """The beginning of a chat."""
        if self.system:
            return Message("system", system), Message("user", user)
        return (Message("user", f"{system}\n\n{user}"),)


async def describe_chat(engine: Engine) -> ChatServed:
    """Ask the engine what it serves. Raises `NoChat`: the model knows no chats; `EngineError`: it cannot be asked.

    A presence penalty, which makers advise for conversations, is left out: it keeps a model from quoting the lines that
    stand in its prompt (Qwen's cards warn of mixed languages; aider samples greedily).
    """
    info = await engine.model()
    # Reading the catalogue takes longer than a keystroke may wait for the event loop.
    row = await asyncio.to_thread(catalogue_row, info)
    sampling = row.sampling.get("chat") if row else None
    fields = sampling.model_dump(exclude={"presence_penalty"}) if sampling else {}
    switches = plain_switches(row)
    both = Message("system", "Be brief."), Message("user", "Hello")
    for messages in (both, both[1:]):  # Gemma 2's template refuses a system message
        if await _renders(engine, messages, switches):
            return ChatServed(info, fields, switches, system=len(messages) > 1)
    raise NoChat(NO_TEMPLATE.format(info.id), NO_TEMPLATE_REMEDY)


async def _renders(engine: Engine, messages: tuple[Message, ...], switches: Mapping[str, Any]) -> bool:
    """Whether the model's template takes such messages. A server that cannot say, as all but vLLM, is believed to."""
    try:
        await engine.tokenize_chat(ChatRequest(messages, 1, template=switches))
    except EngineRefused as refused:
        return refused.status not in REFUSED
    return True
