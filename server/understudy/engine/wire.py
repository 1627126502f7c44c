"""OpenAI's JSON: bodies of requests, and what comes back in the events of a stream. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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
PLAIN_SAMPLING: Mapping[str, Any] = {"presence_penalty": 0.0, "frequency_penalty": 0.0}
# vLLM's own fields, which a stricter server refuses.
VLLM_SAMPLING: Mapping[str, Any] = {"top_k": 0, "min_p": 0.0, "repetition_penalty": 1.0}

_FINISH: Mapping[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "abort": "abort",
}


def text_body(request: TextRequest, model: str, *, vllm: bool) -> Json:
    """The body for /completions."""
    body = _shared_body(request, vllm=vllm) | {"model": model, "prompt": request.prompt}
    if request.alternatives != 1:
        body["n"] = request.alternatives
    if request.stop_token_ids:
        body["stop_token_ids"] = list(request.stop_token_ids)
    return body


def chat_body(request: ChatRequest, model: str, *, vllm: bool) -> Json:
    """The body for /chat/completions."""
    body = _shared_body(request, vllm=vllm) | {"model": model, "messages": [_message(it) for it in request.messages]}
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
        "stream": True,
        "stream_options": {"include_usage": True},
        **PLAIN_SAMPLING,
        **(VLLM_SAMPLING if vllm else {}),
    }
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


def usage_of(event: Json) -> Usage | None:
    """The token counts of an event, where it has them."""
    usage = event.get("usage")
    if not usage:
        return None
    details = usage.get("prompt_tokens_details") or {}
    return Usage(usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0, details.get("cached_tokens"))


def text_chunk(choice: Json) -> Chunk:
    """A choice of a /completions event."""
    return Chunk(choice.get("text") or "", choice.get("index") or 0, finish_of(choice))


def finish_of(choice: Json) -> FinishReason | None:
    """Why a choice ended, or None while it goes on. What OpenAI's API does not name, as a content filter, is a stop."""
    reason = choice.get("finish_reason")
    return _FINISH.get(reason, "stop") if reason else None


class ChatAssembly:
    """Puts the pieces of tool calls together. Each call is given out once, when the next begins or the answer ends."""

    def __init__(self) -> None:
        self._open: tuple[object, Json] | None = None
        self._called = False

    def chunk(self, choice: Json) -> ChatChunk:
        """A choice of a /chat/completions event."""
        delta = choice.get("delta") or {}
        finish = finish_of(choice)
        calls = [call for piece in delta.get("tool_calls") or () for call in self._add(piece)]
        if finish is not None:
            calls += self._close(complete=finish in ("stop", "tool_calls"))
            finish = "tool_calls" if finish == "stop" and self._called else finish
        reasoning = delta.get("reasoning") or delta.get("reasoning_content") or ""
        return ChatChunk(delta.get("content") or "", reasoning, tuple(calls), finish)

    def _add(self, piece: Json) -> list[ToolCall]:
        """Take a piece of a call. Servers number the calls; where one does not, a new id begins a new call."""
        function = piece.get("function") or {}
        place = piece.get("index", piece.get("id"))
        done: list[ToolCall] = []
        if self._open is None or (place is not None and place != self._open[0]):
            done = self._close(complete=True)
            self._open = place, {"id": "", "name": "", "arguments": ""}
        parts = self._open[1]
        parts["id"] = parts["id"] or piece.get("id") or ""
        parts["name"] += function.get("name") or ""
        parts["arguments"] += function.get("arguments") or ""
        return done

    def _close(self, *, complete: bool) -> list[ToolCall]:
        """The open call; one that was cut off is only given out if its arguments happen to be whole."""
        if self._open is None:
            return []
        parts, self._open = self._open[1], None
        if not complete and not _is_json(parts["arguments"]):
            return []
        self._called = True
        return [ToolCall(parts["id"], parts["name"], parts["arguments"])]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
