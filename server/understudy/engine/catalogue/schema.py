"""What a row of the catalogue says about a model. Sizes in GB are 10^9 bytes, prices US dollars per million tokens.

A row that contradicts itself or physics is refused, whoever wrote it: its sentence says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

Lane = Literal["typing", "work", "next-edit"]
Infill = Literal["fim", "hole", "replace", "none"]
"""How a model is asked to fill in the middle: its own tokens, a chat about a hole, a chat about a replacement."""

Precision = Literal["bf16", "fp8", "nvfp4", "gptq-int4", "awq-int4", "int4"]
BITS: Mapping[Precision, int] = {"bf16": 16, "fp8": 8, "nvfp4": 4, "gptq-int4": 4, "awq-int4": 4, "int4": 4}
"""Of the narrowest weights. Checkpoints keep some of their layers wider, mostly in 16 bits."""

Tested = Literal["run here", "arguments and wire checked here", "not run here"]
"""How far this project has tried a model. In the middle: vLLM's own parser takes the arguments, that vLLM knows its
parsers and architecture, and prompts of its format, where it has one, are read back; the weights were never loaded."""

Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]

SLACK = 1.1  # scales and norms, or figures that were rounded
LARGEST_CACHE = 2 << 20  # bytes per token; a model of 405 * 10^9 parameters needs a quarter of this


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


class Attention(Row):
    """What the KV cache is computed from: the layers that keep all tokens, and what each keeps of one.

    `latent` is the width of what multi-head latent attention keeps instead of keys and values.
    """

    layers: Count
    kv_heads: Count = 0
    head_size: Count = 0
    latent: Count = 0

    @property
    def bytes_per_token(self) -> int:
        """In 16 bits."""
        return self.layers * (2 * self.kv_heads * self.head_size + self.latent) * 2


class Checkpoint(Row):
    """The weights of a model in one precision."""

    model: str
    """Name on the hub (`owner/name`)."""

    precision: Precision
    weights: Positive
    """GB of weights in memory, as Understudy starts it: without what serves images or drafts."""

    download: Positive | None = None
    """GB of the files, where they hold more than `weights`."""

    active: Positive
    """GB that decoding one token of one request reads from the weights."""

    minimum_memory: Positive | None = None
    """GB of GPU memory that the maker or a recipe asks for at least, where one says so. They count 2^30 bytes, so that
    84 GB become 90 here."""

    minimum_capability: Positive = 7.5
    """The oldest NVIDIA compute capability that runs it. CUDA 13, with which vLLM is built, begins at 7.5."""

    minimum_vllm: str = "0.10.0"
    arguments: tuple[str, ...] = ()
    """Further arguments of vLLM, after the model's."""

    source: str
    """Where the sizes are from."""

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.active > self.weights:
            raise ValueError(f"{self.model} cannot read more for a token (active) than it has (weights)")
        if self.minimum_memory is not None and self.minimum_memory < self.weights:
            raise ValueError(f"{self.model} cannot run in less memory (minimumMemory) than its weights take")
        if self.download is not None and self.download * SLACK < self.weights:
            raise ValueError(f"{self.model} has weights that were never downloaded (download)")
        return self


class GpuArguments(Row):
    """Arguments of vLLM for certain GPUs; `gpus` are names of `plan/gpus.toml`, `precisions` empty means any.

    `environment`: variables that its process needs there.
    """

    gpus: Annotated[tuple[str, ...], Field(min_length=1)]
    precisions: tuple[Precision, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = {}


class Price(Row):
    """What an API charges for requests with up to `up_to` prompt tokens; the last price of a list has no limit."""

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]
    cached: Annotated[float, Field(ge=0)] | None = None
    up_to: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.cached is not None and self.cached > self.input:
            raise ValueError("a cached token cannot cost more than one that is read anew")
        return self


class Provider(Row):
    """Somebody who serves the model behind OpenAI's API. `key_variable`: where its key is usually kept."""

    name: str
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    model: str
    key_variable: str
    context: Annotated[int, Field(gt=0)]
    prices: Annotated[tuple[Price, ...], Field(min_length=1)]
    body: Mapping[Literal["thinking", "plain"], Mapping[str, Any]] = {}
    """Fields of a request that switch thinking on and off, where the chat template's switches do not pass through."""

    source: str = ""
    """Where the prices are from, and of when."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        limits = [price.up_to or float("inf") for price in self.prices]
        if limits != sorted(set(limits)):
            raise ValueError(f"the prices of {self.name} should rise in upTo, and only the last have none")
        return self


class Model(Row):
    """One model, with all its checkpoints."""

    name: str
    """What people call it. A row of the user's own with the name of another replaces that."""

    served_by: Literal["vllm", "api"]
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1)]
    matches: tuple[str, ...] = ()
    """Regular expressions searched in a lower-case served name, for checkpoints that are not listed."""

    licence: str
    commercial: bool
    """Whether the licence allows use at work without asking."""

    architecture: str = ""
    """The class in the checkpoint's config.json."""

    parameters: Annotated[float, Field(ge=0)] = 0.0
    """10^9, in all; of the language model alone. 0: the maker does not say."""

    active_parameters: Annotated[float, Field(ge=0)] = 0.0
    """10^9, for one token, with the output layer and without the table of embeddings."""

    context: Annotated[int, Field(gt=0)]
    """Tokens that it was made for."""

    attention: Attention | None = None
    cache_per_token: Count = 0
    """Bytes of KV cache per token, in 16 bits."""

    state_per_request: Count = 0
    """Bytes per request that do not grow with it: recurrent states, and the windows of layers that look back on one."""

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
    tested: Tested = "not run here"
    """How far this project has tried it."""

    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.infill == "fim") != (self.fim is not None):
            raise ValueError("infill is fim exactly where a fim format is given")
        if self.served_by == "api" and not self.providers:
            raise ValueError("a model that an API serves needs providers")
        if self.served_by == "vllm" and not self.checkpoints:
            raise ValueError("a model that vLLM serves needs checkpoints")
        for pattern in self.matches:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} in matches is no regular expression: {error}") from error
        return self

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.active_parameters > self.parameters:
            raise ValueError("activeParameters cannot be more than parameters")
        if self.attention and self.attention.bytes_per_token != self.cache_per_token:
            expected = self.attention.bytes_per_token
            raise ValueError(f"cachePerToken should be {expected}, which follows from attention")
        if self.cache_per_token > LARGEST_CACHE:
            raise ValueError(f"cachePerToken is more than {LARGEST_CACHE} bytes")
        if self.served_by == "vllm" and not (self.active_parameters and self.cache_per_token + self.state_per_request):
            raise ValueError("a model that vLLM serves needs parameters, activeParameters and cachePerToken")
        for checkpoint in self.checkpoints:
            bits = BITS[checkpoint.precision]
            for key, size, count in (
                ("weights", checkpoint.weights, self.parameters),
                ("active", checkpoint.active, self.active_parameters),
            ):
                least, most = count * bits / 8 / SLACK, count * 2 * SLACK
                if not least <= size <= most:
                    raise ValueError(
                        f"{key} of {checkpoint.model} should lie between {least:.3g} and {most:.3g} GB: "
                        f"{count:g} * 10^9 parameters in {bits} to 16 bits"
                    )
        return self
