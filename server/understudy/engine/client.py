"""The engine behind OpenAI's HTTP API, as vLLM serves it.

Closing a stream closes its connection, at which vLLM aborts the request. Nothing is sent twice, save for a request that
was refused for its priority alone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any

import httpx

from understudy import __version__
from understudy.core.errors import EngineBroken, EngineError, EngineRefused, EngineUnavailable
from understudy.engine import wire
from understudy.engine.address import read_address
from understudy.engine.base import ChatChunk, ChatRequest, Chunk, Health, ModelInfo, TextRequest, Tokens, Usage
from understudy.engine.load import Load, parse_load
from understudy.engine.pieces import texts_of
from understudy.engine.refusal import KEY_REMEDY, message_of, refusal
from understudy.engine.sse import EventTooLong, events
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
UNKNOWN_CONTEXT = 4096  # tokens, where a server does not say how many its model takes
DONE = b"[DONE]"


class _End(Enum):
    """How a stream ended: the server said so, its time was up, or it just ceased."""

    DONE = "stop"
    LATE = "abort"
    CEASED = ""


@dataclass(frozen=True, slots=True)
class _Served:
    info: ModelInfo
    vllm: bool


class HttpEngine:
    """One server and one of its models. `url` ends in /v1; `model` is the served name, else the first served.

    Raises `EngineError` for a URL or key that cannot be one.
    """

    def __init__(self, url: str, key: str | None = None, model: str | None = None) -> None:
        address = read_address(url)
        self._base, self._root = address.base, address.root
        self._where = f"The engine at {address.base}"
        self._wanted = model or None
        self._served: _Served | None = None
        self._takes_priority = True
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
        answer = await self._ask("POST", f"{self._root}/tokenize", body)
        ids = answer.get("tokens") if isinstance(answer, dict) else None
        if not isinstance(ids, list) or (text and not ids):
            # llama.cpp has such a path too, with another body, and answers with nothing.
            raise EngineRefused(HTTPStatus.NOT_FOUND, f"{self._where} does not tokenise as vLLM does.")
        return Tokens(tuple(ids), texts_of(answer.get("token_strs") or (), text))

    async def model(self) -> ModelInfo:
        """The model that is served. Raises `EngineRefused` where the one that was asked for is not."""
        return (await self._serve()).info

    async def health(self) -> Health:
        """Whether the server answers. A server without vLLM's /health is ready if it answers at all."""
        try:
            response = await self._client.get(f"{self._root}/health", timeout=HEALTH_SECONDS)
        except (httpx.ReadTimeout, httpx.PoolTimeout):
            return Health.STARTING
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError):
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
        """Close the connections."""
        await self._client.aclose()

    async def _serve(self) -> _Served:
        """Which model to ask for; found out once."""
        if self._served is None:
            answer = await self._ask("GET", f"{self._base}/models")
            rows = answer.get("data") if isinstance(answer, dict) else None
            if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
                raise self._not_the_protocol()
            self._served = self._chosen(rows)
        return self._served

    def _chosen(self, rows: list[Json]) -> _Served:
        names = [str(row["id"]) for row in rows]
        if not rows:
            raise EngineUnavailable(f"{self._where} serves no model.", "Load one there.")
        if self._wanted is not None and self._wanted not in names:
            raise EngineRefused(
                HTTPStatus.NOT_FOUND,
                f"{self._where} serves no model named {self._wanted}; it serves {', '.join(names)}.",
                "Correct `engine.model`, or leave it empty to take the first.",
            )
        row = rows[names.index(self._wanted) if self._wanted else 0]
        base = next((other for other in rows if other["id"] == row.get("parent")), {})  # an adapter's model
        context = row.get("max_model_len") or base.get("max_model_len") or row.get("context_length") or UNKNOWN_CONTEXT
        info = ModelInfo(str(row["id"]), int(context), str(base.get("root") or row.get("root") or ""))
        return _Served(info, row.get("owned_by") == "vllm")

    async def _choices(
        self, path: str, body: Json, alternatives: int, end: float | None
    ) -> AsyncGenerator[Json | Usage, None]:
        """The choices of a stream's events, each alternative finished by one with a reason; the usage comes last."""
        unfinished = set(range(alternatives))
        usage = Usage()
        ending = _End.CEASED
        async with aclosing(self._events(path, body, end)) as stream:
            async for event in stream:
                if isinstance(event, _End):
                    ending = event
                    break
                usage = wire.usage_of(event) or usage
                for choice in event.get("choices") or ():
                    if choice.get("finish_reason") == "error":
                        raise self._broke_off()
                    if choice.get("finish_reason"):
                        unfinished.discard(choice.get("index") or 0)
                    yield choice
        if unfinished and ending is _End.CEASED:
            raise self._broke_off()
        for index in sorted(unfinished):
            yield {"index": index, "finish_reason": ending.value}
        yield usage

    async def _events(self, path: str, body: Json, end: float | None) -> AsyncGenerator[Json | _End, None]:
        """The events of a stream, and how it ended unless it just ceased. Closing this closes the connection."""
        try:
            async with asyncio.timeout_at(end):
                response = await self._open(path, body)
        except TimeoutError:
            yield _End.LATE
            return
        try:
            async with aclosing(events(response.aiter_bytes())) as source:
                while (data := await self._next(source, end)) is not _End.CEASED:
                    if data == DONE:
                        await _drain(source)
                        data = _End.DONE
                    if isinstance(data, _End):
                        yield data
                        return
                    yield self._event(data)
        finally:
            await response.aclose()

    async def _next(self, source: AsyncGenerator[bytes, None], end: float | None) -> bytes | _End:
        """The next event's data, or how the stream ended."""
        try:
            async with asyncio.timeout_at(end):
                return await anext(source)
        except StopAsyncIteration:
            return _End.CEASED
        except TimeoutError:
            return _End.LATE
        except (httpx.HTTPError, httpx.StreamError, EventTooLong) as error:
            raise self._broke_off() from error

    def _event(self, data: bytes) -> Json:
        try:
            event = json.loads(data)
        except ValueError as error:
            raise self._not_the_protocol() from error
        if not isinstance(event, dict):
            raise self._not_the_protocol()
        if error := event.get("error"):
            code = error.get("code") if isinstance(error, dict) else None
            status = code if isinstance(code, int) else HTTPStatus.INTERNAL_SERVER_ERROR
            raise refusal(status, message_of(data), self._where)
        return event

    async def _open(self, path: str, body: Json) -> httpx.Response:
        """Send a request and check the head of the answer. The caller closes the response."""
        if not self._takes_priority:
            body.pop("priority", None)
        response = await self._send(path, body)
        try:
            if response.status_code != HTTPStatus.OK:
                failure = await self._refused(response)
                if response.status_code == HTTPStatus.NOT_FOUND:
                    # Another model may be served at this address by now.
                    self._served = None
                if response.status_code == HTTPStatus.BAD_REQUEST and "priority" in body and "priority" in str(failure):
                    self._takes_priority = False
                    return await self._open(path, body)
                raise failure
            kind = response.headers.get("content-type", "").partition(";")[0].strip()
            if kind in ("text/html", "application/json"):
                raise self._not_the_protocol()
        except BaseException:
            await response.aclose()
            raise
        return response

    async def _send(self, path: str, body: Json) -> httpx.Response:
        timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
        try:
            request = self._client.build_request("POST", f"{self._base}{path}", json=body, timeout=timeout)
            return await self._client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:
            raise self._failed(error) from error

    async def _refused(self, response: httpx.Response) -> EngineError:
        """The error that an answer stands for, with as much of its body as is worth reading."""
        body = b""
        with suppress(httpx.HTTPError, TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > LONGEST_ERROR:
                        break
        return refusal(response.status_code, message_of(body), self._where)

    async def _ask(self, method: str, url: str, body: Json | None = None) -> Any:
        """The JSON that a short question is answered with."""
        response = await self._get(url, method, body)
        try:
            return response.json()
        except ValueError as error:
            raise self._not_the_protocol() from error

    async def _get(self, url: str, method: str = "GET", body: Json | None = None) -> httpx.Response:
        try:
            response = await self._client.request(method, url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:
            raise self._failed(error) from error
        if response.status_code != HTTPStatus.OK:
            raise refusal(response.status_code, message_of(response.content[:LONGEST_ERROR]), self._where)
        return response

    def _failed(self, error: Exception) -> EngineError:
        """The error for a request that got no answer at all."""
        where = self._where
        if self._client.is_closed:
            return EngineUnavailable(f"The connection to {self._base} was closed.", "Ask again.")
        if isinstance(error, httpx.ConnectError) and "SSL" in str(error):
            return EngineUnavailable(
                f"{where} cannot be reached over TLS ({error}).", "Check http or https in `engine.url`."
            )
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
            return EngineUnavailable(
                f"Nobody answers at {self._base}.", "Start the server there, or correct `engine.url`."
            )
        if isinstance(error, httpx.PoolTimeout):
            return EngineUnavailable(f"{where} has {CONNECTIONS} requests under way.", "Wait until one has ended.")
        if isinstance(error, httpx.TimeoutException):
            return EngineUnavailable(f"{where} did not answer in time.", "It may be busy or starting: try again soon.")
        return EngineBroken(f"{where} closed the connection without an answer.", "The server's own log says more.")

    def _broke_off(self) -> EngineBroken:
        return EngineBroken(f"{self._where} broke off in the middle of an answer.", "The server's own log says more.")

    def _not_the_protocol(self) -> EngineBroken:
        return EngineBroken(
            f"{self._where} answered something that is not OpenAI's API.",
            "Correct `engine.url`: it usually ends in /v1.",
        )


async def _drain(source: AsyncGenerator[bytes, None]) -> None:
    """Read to the end of an answer that is complete, so that its connection can serve the next request."""
    with suppress(TimeoutError, httpx.HTTPError, EventTooLong):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in source:
                pass


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
