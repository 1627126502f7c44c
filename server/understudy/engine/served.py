"""What is served, as the completion needs to know it: the model, its prompt format, where answers end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from understudy.core.errors import EngineRefused
from understudy.engine.base import Engine, ModelInfo, Streams, TextRequest
from understudy.engine.chat_infill import NO_THINKING, chat_format, plain_format
from understudy.engine.fim import FimFormat, FimPrompt
from understudy.engine.fim_formats import AUTOMATIC, CHAT_NAMES, FORMATS, choose
from understudy.engine.plain_chat import PlainChat
from understudy.engine.vocabulary import token_ids

if TYPE_CHECKING:
    from understudy.engine.catalogue.schema import Model

# vLLM: VLLM_MAX_STOP_STRINGS; OpenAI's API has the same limit. Token ids have none.
MOST_STOP_STRINGS = 4
PLAIN = CHAT_NAMES[0]


@dataclass(frozen=True, slots=True)
class Served:
    """`fim` is None where no fill-in-the-middle format fits. `stop` holds what could not be said by token id.
    `sampling`: fields of a request, where the catalogue has some for typing; else the best answer is greedy, so that
    the same text gives the same answer."""

    info: ModelInfo
    fim: FimFormat | None
    stop_token_ids: tuple[int, ...] = ()
    stop: tuple[str, ...] = ()
    sampling: Mapping[str, Any] = field(default_factory=dict)


async def describe(engine: Engine, fim_override: str = AUTOMATIC) -> Served:
    """Ask the engine what it serves. Raises `EngineError`: it cannot be asked, `fim_override` names no format, or names
    one that needs a chat template and the engine shows none."""
    info = await engine.model()
    # Reading the catalogue takes longer than a keystroke may wait for the event loop.
    row = await asyncio.to_thread(catalogue_row, info)
    fim = await _format(engine, info, fim_override, row)
    if fim is None:
        return Served(info, None)
    found = await token_ids(engine, fim.stops)
    spelled = (*fim.stop_strings, *(token for token in fim.stops if token not in found))
    sampling = row.sampling.get("typing") if row else None
    return Served(
        info, fim, tuple(found.values()), spelled[:MOST_STOP_STRINGS], sampling.model_dump() if sampling else {}
    )


def text_request(
    served: Served, fim: FimFormat, prompt: FimPrompt, *, max_tokens: int, deadline: float | None = None
) -> TextRequest:
    """The request for the best answer to `prompt`."""
    return TextRequest(
        prompt=fim.render(prompt),
        max_tokens=max_tokens,
        stop=served.stop,
        stop_token_ids=served.stop_token_ids,
        deadline=deadline,
        add_special_tokens=not fim.whole,
        **served.sampling,
    )


def asking(engine: Engine, fim: FimFormat) -> Streams:
    """What streams the answers to the requests of `fim`."""
    return PlainChat(engine, fim.words) if fim.words else engine


async def _format(engine: Engine, info: ModelInfo, override: str, row: Model | None) -> FimFormat | None:
    """The setting's format, else the catalogue's, else by name, else by special tokens, else a chat about a hole."""
    if override in CHAT_NAMES:
        return await _asked_for(engine, override, row)
    if override == AUTOMATIC and row is not None:
        if row.infill == "none":
            return None
        if row.infill == "fim" and row.fim is not None:
            listed = choose(info.id, info.root, row.fim.format, lambda _: False)
            return listed and replace(listed, evidence=row.fim.evidence)
        if (form := await chat_format(engine, row.infill, plain_switches(row))) is not None:
            return form
    found: dict[str, int] = {}
    fim = choose(info.id, info.root, override, found.__contains__)
    if fim is None:
        found = await token_ids(engine, tuple(dict.fromkeys(token for row in FORMATS for token in row.written)))
        fim = choose(info.id, info.root, override, found.__contains__)
    return fim or await chat_format(engine, PLAIN, plain_switches(row))


async def _asked_for(engine: Engine, name: str, row: Model | None) -> FimFormat:
    """The form that the user named; a chat with nothing begun where the engine renders none. Only the user can say so:
    a server that renders no chats may be one that is paid for each."""
    form = await chat_format(engine, name, plain_switches(row))
    if form is not None:
        return form
    if name == PLAIN:
        return plain_format()
    raise EngineRefused(
        HTTPStatus.NOT_IMPLEMENTED,
        f"The engine does not show the model's chat template, which `engine.fim` = {name} needs.",
        f"Set `engine.fim` to {PLAIN}, which does without, or serve the model with vLLM.",
    )


def catalogue_row(info: ModelInfo) -> Model | None:
    """What the catalogue says of a served model. It reads files the first time."""
    from understudy.engine.catalogue import load_catalogue

    return load_catalogue().find(info.id, info.root)


def plain_switches(row: Model | None) -> Mapping[str, Any]:
    """The template's switches for an answer without thoughts."""
    return NO_THINKING if row is None else row.template.get("plain", NO_THINKING)
