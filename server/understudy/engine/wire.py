"""OpenAI's JSON: bodies of requests, and what comes back. Pure; what does not fit the models raises `ValueError`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from understudy.engine.base import (
    ChatChunk,
    ChatRequest,
    Chunk,
    FinishReason,
    Message,
    TextRequest,
    Tool,
    ToolCall,
    Usage,
)

Json = dict[str, Any]

# Sent always: a server may take defaults from the checkpoint's generation_config.json, as a repetition penalty of 1.1.
PLAIN_SAMPLING: Mapping[str, Any] = {"frequency_penalty": 0.0}
# vLLM's own fields, which a stricter server refuses.
VLLM_SAMPLING: Mapping[str, Any] = {"min_p": 0.0, "repetition_penalty": 1.0}

_FINISH: Mapping[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "abort": "abort",
}


def text_body(request: TextRequest, model: str, *, vllm: bool) -> Json:
    """The body for /completions."""
    body = _shared_body(request, vllm=vllm) | {"model": model}
    body["prompt"] = request.prompt if isinstance(request.prompt, str) else list(request.prompt)
    if request.alternatives != 1:
        body["n"] = request.alternatives
    if request.stop_token_ids:
        body["stop_token_ids"] = list(request.stop_token_ids)
    if not request.add_special_tokens:
        body["add_special_tokens"] = False
    return body


def chat_body(request: ChatRequest, model: str, *, vllm: bool) -> Json:
    """The body for /chat/completions."""
    body = _shared_body(request, vllm=vllm) | {"model": model, "messages": [_message(it) for it in request.messages]}
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.template:
        body["chat_template_kwargs"] = dict(request.template)
    return body


def template_body(request: ChatRequest, model: str) -> Json:
    """The body for vLLM's /tokenize that has a chat put into the model's template."""
    body: Json = {"model": model, "messages": [_message(it) for it in request.messages], "add_generation_prompt": True}
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.template:
        body["chat_template_kwargs"] = dict(request.template)
    return body


def _shared_body(request: TextRequest | ChatRequest, *, vllm: bool) -> Json:
    body: Json = {
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "presence_penalty": request.presence_penalty,
        "stream": True,
        # vLLM counts along, though it tells what was cached only at the end.
        "stream_options": {"include_usage": True, **({"continuous_usage_stats": True} if vllm else {})},
        **PLAIN_SAMPLING,
        **(VLLM_SAMPLING if vllm else {}),
    }
    if vllm or request.top_k:  # a stricter server refuses this field too, but not one whose model asks for it
        body["top_k"] = request.top_k
    if request.stop:
        body["stop"] = list(request.stop)
    if request.seed is not None:
        body["seed"] = request.seed
    if request.priority:
        body["priority"] = request.priority
    return body


def _message(message: Message) -> Json:
    body: Json = {"role": message.role, "content": message.content}
    if message.tool_calls:
        body["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        body["tool_call_id"] = message.tool_call_id
    return body


def _tool(tool: Tool) -> Json:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


class Function(BaseModel):
    """A piece of a call: servers send the name first and the arguments bit by bit."""

    name: str | None = None
    arguments: str | None = None


class CallPiece(BaseModel):
    """A piece of call number `index`."""

    index: int | None = None
    id: str | None = None
    function: Function | None = None


class Delta(BaseModel):
    """What a chat event adds. vLLM says `reasoning`, older and other servers `reasoning_content`."""

    content: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[CallPiece] | None = None


class Choice(BaseModel):
    """One alternative's part of an event: `text` of a completion, `delta` of a chat."""

    index: int = 0
    text: str | None = None
    delta: Delta | None = None
    finish_reason: str | None = None

    @property
    def finish(self) -> FinishReason | None:
        """Why it ended, or None while it goes on. What is not named here, as a content filter, is a stop."""
        return _FINISH.get(self.finish_reason, "stop") if self.finish_reason else None


class Details(BaseModel):
    """Where the prompt's tokens came from."""

    cached_tokens: int | None = None


class TokenUsage(BaseModel):
    """The token counts of a request."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: Details | None = None


class Event(BaseModel):
    """One event of a stream. `error` is whatever a server says when it fails after its first words."""

    choices: list[Choice] | None = None
    usage: TokenUsage | None = None
    error: Any = None


class Tokenized(BaseModel):
    """vLLM's answer to /tokenize."""

    tokens: list[int]
    token_strs: list[str] | None = None


class Detokenized(BaseModel):
    """vLLM's answer to /detokenize."""

    prompt: str


class Model(BaseModel):
    """A row of the answer to /models. vLLM gives the first three, LM Studio and others `context_length`."""

    id: str
    root: str | None = None
    parent: str | None = None
    max_model_len: int | None = None
    context_length: int | None = None
    owned_by: str | None = None


class Models(BaseModel):
    """The answer to /models."""

    data: list[Model]


def usage_of(event: Event) -> Usage | None:
    """The token counts of an event, where it has them."""
    if event.usage is None:
        return None
    details = event.usage.prompt_tokens_details
    cached = details.cached_tokens if details else None
    return Usage(event.usage.prompt_tokens or 0, event.usage.completion_tokens or 0, cached)


def text_chunk(choice: Choice) -> Chunk:
    """A choice of a /completions event."""
    return Chunk(choice.text or "", choice.index, choice.finish)


class ChatAssembly:
    """Puts the pieces of tool calls together. Each call is given out once, when the next begins or the answer ends."""

    def __init__(self) -> None:
        self._place: int | str | None = None
        self._open: ToolCall | None = None
        self._called = False

    def chunk(self, choice: Choice) -> ChatChunk:
        """A choice of a /chat/completions event."""
        delta = choice.delta or Delta()
        finish = choice.finish
        calls = [call for piece in delta.tool_calls or () for call in self._add(piece)]
        if finish is not None:
            calls += self._close(complete=finish in ("stop", "tool_calls"))
            finish = "tool_calls" if finish == "stop" and self._called else finish
        return ChatChunk(delta.content or "", delta.reasoning or delta.reasoning_content or "", tuple(calls), finish)

    def _add(self, piece: CallPiece) -> list[ToolCall]:
        """Take a piece of a call. Servers number the calls; where one does not, a new id begins a new call."""
        place = piece.index if piece.index is not None else piece.id
        done: list[ToolCall] = []
        if self._open is None or (place is not None and place != self._place):
            done = self._close(complete=True)
            self._place, self._open = place, ToolCall("", "", "")
        function = piece.function or Function()
        self._open = ToolCall(
            self._open.id or piece.id or "",
            self._open.name + (function.name or ""),
            self._open.arguments + (function.arguments or ""),
        )
        return done

    def _close(self, *, complete: bool) -> list[ToolCall]:
        """The open call; one that was cut off is only given out if its arguments happen to be whole."""
        call, self._open = self._open, None
        if call is None or not (complete or _is_json(call.arguments)):
            return []
        self._called = True
        return [call]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
