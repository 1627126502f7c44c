"""The engine as features see it: a narrow asynchronous protocol and the values that pass through it.

Cancelling the task that iterates a stream must end the request at the engine. Callers therefore wrap streams in
`contextlib.aclosing`, and an engine closes its connection when its generator is closed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, Protocol

FinishReason = Literal["stop", "length", "tool_calls", "abort"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request. `cached` is None where the engine does not say it, as vLLM before a stream has ended."""

    prompt: int = 0
    completion: int = 0
    cached: int | None = None

    @property
    def computed(self) -> int | None:
        """Prompt tokens that were not in the engine's prefix cache."""
        return None if self.cached is None else self.prompt - self.cached


@dataclass(frozen=True, slots=True)
class TextRequest:
    """A raw prompt to be continued, as text or as the model's tokens. At most four `stop` strings (vLLM's limit);
    `stop_token_ids` have none. `top_k`: 0 means that every token may be drawn.

    `priority`: lower goes first, and an engine may ignore it. `deadline`: seconds after which the engine is told to
    stop; what came until then is kept. `add_special_tokens`: whether the engine puts the model's beginning-of-text
    token, where it has one, before a prompt that is text.
    """

    prompt: str | tuple[int, ...]
    max_tokens: int
    stop: tuple[str, ...] = ()
    stop_token_ids: tuple[int, ...] = ()
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    presence_penalty: float = 0.0
    alternatives: int = 1
    seed: int | None = None
    priority: int = 0
    deadline: float | None = None
    add_special_tokens: bool = True


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of alternative number `index`. `usage` is of the stream so far; the last chunk's is whole."""

    text: str = ""
    index: int = 0
    finish: FinishReason | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for. `arguments` is JSON text, as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that the model may call; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat. A `tool` message answers the call `tool_call_id`."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat to be continued. `template` holds switches of the chat template, as `{"enable_thinking": False}`."""

    messages: tuple[Message, ...]
    max_tokens: int
    tools: tuple[Tool, ...] = ()
    stop: tuple[str, ...] = ()
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    presence_penalty: float = 0.0
    seed: int | None = None
    priority: int = 0
    deadline: float | None = None
    template: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of an answer. `tool_calls` come whole, once each, when their arguments are complete."""

    text: str = ""
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish: FinishReason | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the model sees it. `pieces[i]` is the text of `ids[i]`, where the engine gives it, else empty."""

    ids: tuple[int, ...]
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The served model: `id` is the name to send, `root` the checkpoint where the engine says, `context` in tokens."""

    id: str
    context: int
    root: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """How busy an engine is: requests that run and wait now, and the share of the KV cache in use (0 to 1).

    The others count since the engine's start. `prompt_tokens` and `cached_tokens`: looked up in the prefix cache, and
    those of them that were found; `computed_tokens` and `generated_tokens`: of prompts and of answers; `queue_seconds`
    over `queued` requests: how long these waited before the engine began with them.
    """

    running: int = 0
    waiting: int = 0
    kv_cache: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    computed_tokens: int = 0
    generated_tokens: int = 0
    queue_seconds: float = 0.0
    queued: int = 0


class Health(Enum):
    """Whether the engine can be asked now."""

    READY = "ready"
    STARTING = "starting"
    DOWN = "down"


class Streams(Protocol):
    """What answers prompts."""

    def stream(self, request: TextRequest) -> AsyncGenerator[Chunk, None]:
        """Continue a raw prompt, piece by piece. May raise `understudy.core.errors.EngineError`."""
        ...


class Engine(Streams, Protocol):
    """A model that can be asked. Every method may raise `understudy.core.errors.EngineError`."""

    def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        """Continue a chat, piece by piece."""
        ...

    async def tokenize(self, text: str) -> Tokens:
        """`text` in the model's own tokens. Special tokens spelled in it become special tokens; none is added."""
        ...

    async def detokenize(self, ids: tuple[int, ...]) -> str:
        """The text of tokens, special ones as they are spelled."""
        ...

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        """The prompt that a chat becomes in the model's template, up to where the answer begins."""
        ...

    async def load(self) -> Load:
        """How busy the engine is."""
        ...

    async def model(self) -> ModelInfo:
        """The model that is served."""
        ...

    async def models(self) -> tuple[str, ...]:
        """The names of everything that is served, which `engine.model` can name."""
        ...

    async def health(self) -> Health:
        """Whether the engine answers. Never raises."""
        ...

    async def aclose(self) -> None:
        """Give back the connections. The engine itself goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long start is: a sentence for the user and, where known, a share of 100."""

    message: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that the user may choose: what `engine.model` would say, a few words about it, and whether it is there
    without a download."""

    model: str
    detail: str
    here: bool = True


class EngineSource(Protocol):
    """Finds the engine that the settings name: connects to a URL, adopts a running one, or starts one.

    Front doors hold a source, not an engine, since a local engine takes a minute to start and may be restarted.
    """

    def current(self) -> Engine | None:
        """The engine, if it can be asked now; never waits."""
        ...

    async def ensure(self, report: Callable[[Progress], None]) -> Engine:
        """Wait until the engine is ready, starting it where the settings allow. Raises `EngineError`."""
        ...

    async def choices(self) -> tuple[Choice, ...]:
        """The models that could be asked instead. Raises `EngineError`."""
        ...

    async def stop(self) -> None:
        """End the engine, whoever uses it; until `ensure` is called by a new source, nobody starts it again. Raises
        `EngineError`: it is not ours to end."""
        ...

    async def aclose(self) -> None:
        """Let go: the last one out leaves a local engine for its idle time."""
        ...
