"""The deterministic engine: it plays a script and remembers what it was asked. It needs no model and no network."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Literal

from understudy.core.errors import EngineBroken, EngineError, EngineUnavailable
from understudy.engine.base import (
    ChatChunk,
    ChatRequest,
    Choice,
    Chunk,
    Engine,
    FinishReason,
    Health,
    Load,
    ModelInfo,
    Progress,
    TextRequest,
    Tokens,
    Usage,
)
from understudy.engine.prefix import common_prefix
from understudy.engine.refusal import refusal
from understudy.engine.script import Answer, Call, Disconnect, Fail, Say, Think, Wait, load_script

MODEL = ModelInfo("scripted", 4096)
SPECIAL_TOKENS = (
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"),
    *("<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"),
)
"""Those of Qwen; a token's place here is its id."""

Ended = Literal["played", "aborted", "failed"]
Utterance = Say | Think | Call


@dataclass(slots=True)
class Seen:
    """A request that was made. `ended` is None while it runs; `aborted` when the caller let go of it."""

    request: TextRequest | ChatRequest
    ended: Ended | None = None

    @property
    def prompt(self) -> str:
        """The whole text that was sent."""
        return prompt_of(self.request)


class ScriptedEngine:
    """Plays one answer per request, and one per alternative of it, in the order of the script.

    A request that no answer is left for is refused with status 500. Its tokenizer splits at words, punctuation and runs
    of white space, and knows Qwen's special tokens. `block`: it has a prefix cache with blocks of so many tokens, and
    tells what it found there; None: it says nothing of one.
    """

    def __init__(self, answers: Iterable[Answer] = (), *, model: ModelInfo = MODEL, block: int | None = None) -> None:
        self.seen: list[Seen] = []
        self.busy = Load()
        self._left = list(answers)
        self._model = model
        self._closed = False
        self._block = block
        self._read: list[tuple[int, ...]] = []

    def unused(self) -> tuple[Answer, ...]:
        """Answers that nobody asked for; those for any number of requests do not count."""
        return tuple(answer for answer in self._left if not answer.always)

    async def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Play the answers of a raw prompt, one alternative after the other."""
        said = 0
        seen = self._enter(request)
        try:
            prompt = prompt_of(request)
            answers = self._take(prompt, request.alternatives)
            for index, answer in enumerate(answers):
                finish: FinishReason = answer.finish
                async with aclosing(_play(answer, request.deadline)) as steps:
                    async for step in steps:
                        if isinstance(step, Say):
                            said += len(split(step.text))
                            yield Chunk(step.text, index)
                        elif step == "late":
                            finish = "abort"
                last = index == len(answers) - 1
                yield Chunk("", index, finish, self._usage(_prompt_ids(request), said) if last else None)
            seen.ended = "played"
        except EngineError:
            seen.ended = "failed"
            raise
        finally:
            seen.ended = seen.ended or "aborted"

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Play the answer of a chat."""
        prompt = prompt_of(request)
        said = 0
        seen = self._enter(request)
        try:
            (answer,) = self._take(prompt, 1)
            finish: FinishReason = answer.finish
            async with aclosing(_play(answer, request.deadline)) as steps:
                async for step in steps:
                    if step == "late":
                        finish = "abort"
                        continue
                    chunk = _chat_chunk(step)
                    said += len(split(chunk.text + chunk.reasoning))
                    yield chunk
            yield ChatChunk(finish=finish, usage=self._usage(_chat_ids(request), said))
            seen.ended = "played"
        except EngineError:
            seen.ended = "failed"
            raise
        finally:
            seen.ended = seen.ended or "aborted"

    async def tokenize(self, text: str) -> Tokens:
        """`text` in words, punctuation and white space."""
        pieces = tuple(split(text))
        return Tokens(tuple(_id(piece) for piece in pieces), pieces)

    async def detokenize(self, ids: tuple[int, ...]) -> str:
        """The text of tokens that came from here."""
        return "".join(_spelled[token] for token in ids)

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        """The messages between Qwen's chat tokens, as its template puts them."""
        return _chat_ids(request)

    async def load(self) -> Load:
        """What `busy` says."""
        return self.busy

    async def model(self) -> ModelInfo:
        """The model that the engine says it is."""
        return self._model

    async def models(self) -> tuple[str, ...]:
        """The one model."""
        return (self._model.id,)

    async def health(self) -> Health:
        """Ready until it is closed."""
        return Health.DOWN if self._closed else Health.READY

    async def aclose(self) -> None:
        """From now on `health` is down."""
        self._closed = True

    def _usage(self, ids: tuple[int, ...], said: int) -> Usage:
        if self._block is None:
            return Usage(len(ids), said)
        found = max((common_prefix(ids, known) for known in self._read), default=0)
        self._read.append(ids)
        # As in vLLM, the last token of a prompt is computed in any case.
        return Usage(len(ids), said, min(found, len(ids) - 1) // self._block * self._block)

    def _enter(self, request: TextRequest | ChatRequest) -> Seen:
        seen = Seen(request)
        self.seen.append(seen)
        return seen

    def _take(self, prompt: str, count: int) -> list[Answer]:
        """The next answers that fit: `count` of them, or as many as there are, at least one."""
        taken: list[Answer] = []
        for answer in tuple(self._left):
            if len(taken) < count and answer.when in prompt:
                taken.append(answer)
                if not answer.always:
                    self._left.remove(answer)
        if not taken:
            raise refusal(500, "the script has no answer left for this prompt")
        return taken


class ScriptedSource:
    """A source whose engine is there from the start, or never where `engine` is None."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine

    def current(self) -> Engine | None:
        """The engine."""
        return self._engine

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        """The engine. Raises `EngineUnavailable` where there is none."""
        report(Progress("Opening the script", 100))
        if self._engine is None:
            raise EngineUnavailable("There is no engine in this script.", "Give `ScriptedSource` an engine.")
        return self._engine

    async def choices(self) -> tuple[Choice, ...]:
        """What the engine serves."""
        return tuple(Choice(name, "scripted") for name in await self._engine.models()) if self._engine else ()

    async def stop(self) -> None:
        """From now on there is no engine."""
        await self.aclose()
        self._engine = None

    async def aclose(self) -> None:
        """Close the engine."""
        if self._engine is not None:
            await self._engine.aclose()


def open_script(path: Path) -> ScriptedSource:
    """A source that plays the script in a file. Raises `UsageError`."""
    return ScriptedSource(ScriptedEngine(load_script(path)))


def prompt_of(request: TextRequest | ChatRequest) -> str:
    """The text of a request: its prompt, or its messages line by line."""
    if isinstance(request, TextRequest):
        text = request.prompt
        return text if isinstance(text, str) else "".join(_spelled[token] for token in text)
    return "\n".join(f"{message.role}: {message.content}" for message in request.messages)


def _prompt_ids(request: TextRequest) -> tuple[int, ...]:
    return _ids(request.prompt) if isinstance(request.prompt, str) else request.prompt


def _chat_ids(request: ChatRequest) -> tuple[int, ...]:
    turns = "".join(f"<|im_start|>{it.role}\n{it.content}<|im_end|>\n" for it in request.messages)
    return _ids(f"{turns}<|im_start|>assistant\n")


def _ids(text: str) -> tuple[int, ...]:
    return tuple(_id(piece) for piece in split(text))


def split(text: str) -> list[str]:
    """The tokens of `text`; joined they give it again."""
    return _PIECES.findall(text)


def _chat_chunk(step: Utterance) -> ChatChunk:
    match step:
        case Say(text):
            return ChatChunk(text)
        case Think(text):
            return ChatChunk(reasoning=text)
        case Call(call):
            return ChatChunk(tool_calls=(call,))


async def _play(answer: Answer, deadline: float | None) -> AsyncGenerator[Utterance | Literal["late"], None]:
    """The steps that say something, at their time; `late` as the last one where the deadline came first."""
    now = asyncio.get_running_loop().time
    end = inf if deadline is None else now() + deadline
    for step in answer.steps:
        # Even a script without pauses leaves room for the caller's other tasks between chunks.
        await asyncio.sleep(0)
        if isinstance(step, Wait):
            if now() + step.seconds >= end:
                await asyncio.sleep(end - now())
                yield "late"
                return
            await asyncio.sleep(step.seconds)
        elif isinstance(step, Fail):
            raise refusal(step.status, step.message)
        elif isinstance(step, Disconnect):
            raise EngineBroken("The engine broke off in the middle of an answer.", "Ask again.")
        else:
            yield step


def _id(piece: str) -> int:
    if piece in SPECIAL_TOKENS:
        return SPECIAL_TOKENS.index(piece)
    token = len(SPECIAL_TOKENS) + zlib.crc32(piece.encode("utf-8", "surrogatepass"))
    _spelled[token] = piece
    return token


_spelled = dict(enumerate(SPECIAL_TOKENS))  # every token that was given out


_PIECES = re.compile(rf"{'|'.join(re.escape(token) for token in SPECIAL_TOKENS)}|\w+|[^\S\n]+|\n+|[^\w\s]")
