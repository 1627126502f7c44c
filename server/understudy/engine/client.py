"""The engine behind OpenAI's HTTP API, as vLLM serves it.

Closing a stream closes its connection, at which vLLM aborts the request. Nothing is sent twice, save for a request that
was refused for its priority alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from enum import Enum
from http import HTTPStatus
from typing import TypeVar

import httpx
from anyio import CancelScope, move_on_after
from pydantic import BaseModel, ValidationError

from understudy import __version__
from understudy.core.errors import EngineError, EngineRefused
from understudy.engine import wire
from understudy.engine.address import read_address
from understudy.engine.apart import ask_apart, read_apart
from understudy.engine.base import ChatChunk, ChatRequest, Chunk, Health, Load, ModelInfo, TextRequest, Tokens, Usage
from understudy.engine.faults import broke_off, let_go, not_the_protocol, unanswered
from understudy.engine.load import parse_load
from understudy.engine.models import ServedModel, chosen_model
from understudy.engine.pieces import texts_of
from understudy.engine.refusal import KEY_REMEDY, message_of, refusal
from understudy.engine.sse import EventTooLongError, events
from understudy.engine.wire import Json

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0  # for the short questions; an engine that computes on the CPU answers late
HEALTH_SECONDS = 5.0
SILENCE_SECONDS = 300.0  # within a stream; a long prompt is silent while the engine reads it
DRAIN_SECONDS = 0.5
# vLLM closes an idle connection after five seconds (VLLM_HTTP_TIMEOUT_KEEP_ALIVE): ours is given up before that.
IDLE_SECONDS = 4.0
CONNECTIONS = 32
LONGEST_ERROR = 64 * 1024
DONE = b"[DONE]"
Answer = TypeVar("Answer", bound=BaseModel)


class _End(Enum):
    """How a stream ended: the server said so, its time was up, or it just ceased."""

    DONE = "stop"
    LATE = "abort"
    CEASED = ""


class HttpEngine:
    """One server and one of its models. `url` ends in /v1; `model` is the served name, else the first served.

    Raises `EngineError` for a URL or key that cannot be one.
    """

    def __init__(self, url: str, key: str | None = None, model: str | None = None) -> None:
        address = read_address(url)
        self._base, self._root = address.base, address.root
        self._where = f"The engine at {address.base}"
        self._wanted = model or None
        self._served: ServedModel | None = None
        self._takes_priority = True
        self._reading: set[asyncio.Task[None]] = set()
        self._let_go = False
        self._client = httpx.AsyncClient(
            headers=_headers(key),
            auth=None if key else address.credentials,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(
                max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS
            ),
            follow_redirects=False,
            # A proxy cannot reach this machine's own loopback address.
            trust_env=not address.loopback,
            # Reading the certificates takes longer than a completion on loopback.
            verify=address.secure,
        )

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Continue a raw prompt, piece by piece."""
        end = _end(request.deadline)
        served = await self._serve()
        body = wire.text_body(request, served.info.id, vllm=served.vllm)
        async with aclosing(self._choices("/completions", body, request.alternatives, end)) as pieces:
            async for piece in pieces:
                yield Chunk(usage=piece) if isinstance(piece, Usage) else wire.text_chunk(piece)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Continue a chat, piece by piece."""
        end = _end(request.deadline)
        served = await self._serve()
        body = wire.chat_body(request, served.info.id, vllm=served.vllm)
        assembly = wire.ChatAssembly()
        async with aclosing(self._choices("/chat/completions", body, 1, end)) as pieces:
            async for piece in pieces:
                yield ChatChunk(usage=piece) if isinstance(piece, Usage) else assembly.chunk(piece)

    async def tokenize(self, text: str) -> Tokens:
        """`text` in the model's own tokens. Raises `EngineRefused` where the server cannot do that (only vLLM can)."""
        served = await self._serve()
        body = {
            "model": served.info.id,
            "prompt": text,
            "add_special_tokens": False,
            "return_token_strs": True,
        }
        answer = await self._ask(wire.Tokenized, "POST", f"{self._root}/tokenize", body)
        if text and not answer.tokens:
            # llama.cpp has such a path too, with another body, and answers with nothing.
            raise EngineRefused(HTTPStatus.NOT_FOUND, f"{self._where} does not tokenise as vLLM does.")
        return Tokens(tuple(answer.tokens), texts_of(answer.token_strs or (), text))

    async def detokenize(self, ids: tuple[int, ...]) -> str:
        """The text of tokens. Raises `EngineRefused` where the server cannot do that (only vLLM can)."""
        served = await self._serve()
        body = {"model": served.info.id, "tokens": list(ids)}
        return (await self._ask(wire.Detokenized, "POST", f"{self._root}/detokenize", body)).prompt

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        """The tokens of a chat in the model's template. Raises `EngineRefused` where the server cannot do that (only
        vLLM can), or where the model has no template."""
        served = await self._serve()
        body = wire.template_body(request, served.info.id)
        return tuple((await self._ask(wire.Tokenized, "POST", f"{self._root}/tokenize", body)).tokens)

    async def model(self) -> ModelInfo:
        """The model that is served. Raises `EngineRefused` where the one that was asked for is not."""
        return (await self._serve()).info

    async def models(self) -> tuple[str, ...]:
        """The names of everything that the server lists."""
        return tuple(row.id for row in (await self._list()).data)

    async def health(self) -> Health:
        """Whether the server answers. A server without vLLM's /health is ready if it answers at all."""
        if self._let_go:
            return Health.DOWN
        try:
            response = await ask_apart(self._client.get(f"{self._root}/health", timeout=HEALTH_SECONDS))
        except (httpx.ReadTimeout, httpx.PoolTimeout):
            return Health.STARTING
        except (httpx.HTTPError, httpx.InvalidURL):
            return Health.DOWN
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Health.READY
        # vLLM's 503 means that its engine died, llama.cpp's that it still loads the model.
        return Health.STARTING if b"oading" in response.content else Health.DOWN

    async def load(self) -> Load:
        """How busy the engine is. Raises `EngineRefused` where the server has no vLLM metrics."""
        response = await self._get(f"{self._root}/metrics")
        if "vllm:" not in response.text:
            raise EngineRefused(HTTPStatus.NOT_FOUND, f"{self._where} has no metrics of vLLM.")
        return parse_load(response.text)

    async def aclose(self) -> None:
        """Close the connections. Streams that are under way end with `EngineUnavailable`."""
        self._let_go = True
        for task in self._reading:
            task.cancel()
        try:
            await asyncio.gather(*self._reading, return_exceptions=True)
        finally:
            await self._client.aclose()

    async def _serve(self) -> ServedModel:
        """Which model to ask for; found out once."""
        if self._served is None:
            self._served = chosen_model((await self._list()).data, self._wanted, self._where)
        return self._served

    async def _list(self) -> wire.Models:
        return await self._ask(wire.Models, "GET", f"{self._base}/models")

    async def _choices(
        self, path: str, body: Json, alternatives: int, end: float | None
    ) -> AsyncGenerator[wire.Choice | Usage, None]:
        """The choices of a stream's events, the last one of each alternative with a reason; then the usage, if told."""
        unfinished = set(range(alternatives))
        usage: Usage | None = None
        ending = _End.CEASED
        async with aclosing(self._events(path, body, end)) as stream:
            async for event in stream:
                if isinstance(event, _End):
                    ending = event
                    break
                usage = wire.usage_of(event) or usage
                if usage is not None and event.choices:
                    # A stream may be closed at any of its events: what it has cost by then is known before.
                    yield usage
                for choice in event.choices or ():
                    if choice.finish_reason == "error":
                        raise broke_off(self._where)
                    if choice.finish is not None:
                        unfinished.discard(choice.index)
                    yield choice
        if unfinished and ending is _End.CEASED:
            raise broke_off(self._where)
        for index in sorted(unfinished):
            yield wire.Choice(index=index, finish_reason=ending.value)
        if usage is not None:
            yield usage

    async def _events(self, path: str, body: Json, end: float | None) -> AsyncGenerator[wire.Event | _End, None]:
        """The events of a stream, and how it ended unless it just ceased. Closing this closes the connection."""
        async with aclosing(read_apart(self._received(path, body), self._reading)) as received:
            while True:
                try:
                    async with asyncio.timeout_at(end):
                        event = await anext(received)
                except StopAsyncIteration:
                    self._still_open()
                    return
                except TimeoutError:
                    yield _End.LATE
                    return
                yield event

    async def _received(self, path: str, body: Json) -> AsyncGenerator[wire.Event | _End, None]:
        """The events of a stream as they come, and its end if the server says so."""
        response = await self._open(path, body)
        try:
            async with aclosing(events(response.aiter_bytes())) as source:
                async for data in source:
                    if data == DONE:
                        await _drain(source)
                        yield _End.DONE
                        return
                    yield self._event(data)
        except (httpx.HTTPError, httpx.StreamError, EventTooLongError) as error:
            raise broke_off(self._where) from error
        finally:
            await _close(response)

    def _event(self, data: bytes) -> wire.Event:
        event = self._read(wire.Event, data)
        if event.error:
            code = event.error.get("code") if isinstance(event.error, dict) else None
            status = code if isinstance(code, int) else HTTPStatus.INTERNAL_SERVER_ERROR
            raise refusal(status, message_of(data), self._where)
        return event

    def _read(self, kind: type[Answer], data: bytes) -> Answer:
        try:
            return kind.model_validate_json(data)
        except ValidationError as error:
            raise not_the_protocol(self._where) from error

    async def _open(self, path: str, body: Json) -> httpx.Response:
        """Send a request and see that a stream comes back. The caller closes the response."""
        if not self._takes_priority:
            body.pop("priority", None)
        response = await self._send(path, body)
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if response.status_code == HTTPStatus.OK and kind not in ("text/html", "application/json"):
            return response
        try:
            failure = await self._failure(response)
        finally:
            await _close(response)
        if response.status_code == HTTPStatus.NOT_FOUND:
            # Another model may be served at this address by now.
            self._served = None
        if response.status_code == HTTPStatus.BAD_REQUEST and "priority" in body and "priority" in str(failure):
            self._takes_priority = False
            return await self._open(path, body)
        raise failure

    async def _send(self, path: str, body: Json) -> httpx.Response:
        self._still_open()
        timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
        try:
            request = self._client.build_request("POST", f"{self._base}{path}", json=body, timeout=timeout)
            return await self._client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise unanswered(error, self._where) from error

    def _still_open(self) -> None:
        if self._let_go:
            raise let_go(self._where)

    async def _failure(self, response: httpx.Response) -> EngineError:
        """The error that an answer stands for, with as much of its body as is worth reading."""
        if response.status_code == HTTPStatus.OK:
            return not_the_protocol(self._where)
        body = b""
        with suppress(httpx.HTTPError), move_on_after(ANSWER_SECONDS):
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LONGEST_ERROR:
                    break
        return refusal(response.status_code, message_of(body), self._where)

    async def _ask(self, kind: type[Answer], method: str, url: str, body: Json | None = None) -> Answer:
        """The JSON that a short question is answered with."""
        return self._read(kind, (await self._get(url, method, body)).content)

    async def _get(self, url: str, method: str = "GET", body: Json | None = None) -> httpx.Response:
        self._still_open()
        try:
            response = await ask_apart(self._client.request(method, url, json=body))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise unanswered(error, self._where) from error
        if response.status_code != HTTPStatus.OK:
            raise refusal(response.status_code, message_of(response.content[:LONGEST_ERROR]), self._where)
        return response


async def _drain(source: AsyncGenerator[bytes, None]) -> None:
    """Read to the end of an answer that is complete, so that its connection can serve the next request."""
    with suppress(httpx.HTTPError, EventTooLongError), move_on_after(DRAIN_SECONDS):
        async for _ in source:
            pass


async def _close(response: httpx.Response) -> None:
    """Close a stream, also for a reader that has let go: else the engine would go on generating for nobody."""
    with CancelScope(shield=True):
        await response.aclose()


def _end(deadline: float | None) -> float | None:
    return None if deadline is None else asyncio.get_running_loop().time() + deadline


def _headers(key: str | None) -> dict[str, str]:
    headers = {"User-Agent": f"understudy/{__version__}"}
    if key:
        if not (key.isascii() and key.isprintable()):
            raise EngineRefused(
                HTTPStatus.UNAUTHORIZED, "The API key holds characters that no key can have.", KEY_REMEDY
            )
        headers["Authorization"] = f"Bearer {key}"
    return headers
