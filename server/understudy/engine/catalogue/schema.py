"""What a row of the catalogue says about a model. Sizes in GB are 10^9 bytes, prices US dollars per million tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Lane = Literal["typing", "work", "next-edit"]
Infill = Literal["fim", "hole", "replace", "none"]
"""How a model is asked to fill in the middle: its own tokens, a chat about a hole, a chat about a replacement."""

Precision = Literal["bf16", "fp8", "nvfp4", "gptq-int4", "awq-int4"]
Tested = Literal["run here", "arguments and wire checked here", "not run here"]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]


class Row(BaseModel):
    """What all parts of the catalogue share: frozen, no unknown keys, names in camelCase outside."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, alias_generator=to_camel, populate_by_name=True
    )


class Sampling(Row):
    """What to sample with. All are sent always, since a server may take others from the checkpoint."""

    temperature: Annotated[float, Field(ge=0, le=2)]
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    top_k: Count = 0
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] = 0.0


class Fim(Row):
    """The fill-in-the-middle format, a row of `engine.fim_formats`, and who says that the model knows it."""

    format: str
    evidence: Literal["vendor", "experimental"]
    source: str
    """Where that is said."""


class Checkpoint(Row):
    """The weights of a model in one precision."""

    model: str
    """Name on the hub (`owner/name`)."""

    precision: Precision
    weights: Positive
    """GB of the weights, on disk and in memory."""

    active: Positive
    """GB that decoding one token of one request reads from the weights."""

    minimum_memory: Positive | None = None
    """GB of GPU memory that the maker or the recipe asks for at least, where one says so."""

    minimum_capability: Positive = 7.0
    """The oldest NVIDIA compute capability that runs it."""

    minimum_vllm: str = "0.10.0"
    arguments: tuple[str, ...] = ()
    """Further arguments of vLLM, after the model's."""

    source: str
    """Where the size is from."""


class GpuArguments(Row):
    """Arguments of vLLM for certain GPUs; `gpus` are names of `gpus.toml`, `precisions` empty means any."""

    gpus: tuple[str, ...]
    precisions: tuple[Precision, ...] = ()
    arguments: tuple[str, ...]


class Price(Row):
    """What an API charges for requests with up to `up_to` prompt tokens."""

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]
    cached: Annotated[float, Field(ge=0)] | None = None
    up_to: int | None = None


class Provider(Row):
    """Somebody who serves the model behind OpenAI's API. `key_variable`: where its key is usually kept."""

    name: str
    url: str
    model: str
    key_variable: str
    context: Annotated[int, Field(gt=0)]
    prices: Annotated[tuple[Price, ...], Field(min_length=1)]


class Model(Row):
    """One model, with all its checkpoints."""

    name: str
    """What people call it, and a name for `engine.model`."""

    served_by: Literal["vllm", "api"]
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1)]
    matches: tuple[str, ...] = ()
    """Regular expressions searched in a lower-case served name, for checkpoints that are not listed."""

    licence: str
    commercial: bool
    """Whether the licence allows use at work without asking."""

    architecture: str = ""
    """The class in the checkpoint's config.json."""

    parameters: Positive
    """10^9, in all."""

    active_parameters: Positive
    """10^9, for one token."""

    context: Annotated[int, Field(gt=0)]
    """Tokens that it was made for."""

    cache_per_token: Count = 0
    """Bytes of KV cache per token, in 16 bits."""

    state_per_request: Count = 0
    """Bytes of recurrent state per request, for hybrid models."""

    infill: Infill
    fim: Fim | None = None
    tool_parser: str | None = None
    reasoning_parser: str | None = None
    template: Mapping[Literal["thinking", "plain"], Mapping[str, Any]] = {}
    """Switches of the chat template, with thinking on and off."""

    sampling: Mapping[Literal["typing", "chat", "thinking"], Sampling] = {}
    arguments: tuple[str, ...] = ()
    """Arguments of vLLM on any hardware."""

    gpu_arguments: tuple[GpuArguments, ...] = ()
    hazards: tuple[str, ...] = ()
    """What is known to go wrong, a sentence each."""

    checkpoints: tuple[Checkpoint, ...] = ()
    providers: tuple[Provider, ...] = ()
    tested: Tested
    """How far this project has tried it."""

    sources: tuple[str, ...] = ()
