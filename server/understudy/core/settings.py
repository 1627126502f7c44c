"""Every setting, declared once: the name, the type, the default and the words a user reads.

The VS Code manifest's block is generated from this tree and a test compares the two. Names are camelCase outside and
snake_case inside. Features are handed the small class that is theirs, never the whole tree.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel


class Group(BaseModel):
    """What all groups of settings share: frozen, no unknown keys, the docstring under a field is its description."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, alias_generator=to_camel, populate_by_name=True
    )


# The rows of `engine.fim_formats`, which is out of reach from here; a test compares the two.
Fim = Literal[
    "auto",
    "qwen",
    "qwen-spm",
    "starcoder2",
    "starcoder",
    "granite",
    "mellum",
    "deepseek",
    "codellama",
    "codestral",
    "codegemma",
    "granite-4",
    "glm",
    "seed-coder",
    "hole",
    "replace",
]


class EngineSettings(Group):
    """Which model answers, and where it runs."""

    url: str | None = None
    """Base URL of an OpenAI-compatible server that somebody runs, for example `http://127.0.0.1:8000/v1`. Empty:
    Understudy runs vLLM itself."""

    urls: tuple[str, ...] = ()
    """Base URLs of several replicas that serve the same model. A workspace keeps to one of them, for its prefix cache,
    and moves to another while that one is down. Empty: `url` alone."""

    model: str | None = None
    """Name of the served model (with `url`), or the folder or hub name of the model that Understudy serves. Empty:
    what the server has, or the bundled demonstration model."""

    api_key: SecretStr | None = None
    """Key for `url`. Better set as the environment variable UNDERSTUDY_ENGINE_API_KEY or stored in the system's
    keyring (service `understudy`, user: the URL)."""

    fim: Fim = "auto"
    """Name of the fill-in-the-middle prompt format. `auto`: chosen from the model's name and its tokens. `hole` and
    `replace` ask a chat model that has no such format."""

    start: bool = True
    """Start a local engine when `url` is empty and none runs."""

    arguments: tuple[str, ...] = ()
    """Further arguments for the local vLLM server, for example `["--gpu-memory-utilization", "0.5"]`."""

    idle_minutes: Annotated[float, Field(gt=0)] = 15
    """Minutes after which a local engine that no editor uses any more is stopped."""

    start_seconds: Annotated[float, Field(gt=0)] = 600
    """Seconds to wait for a local engine to become ready."""


class WorkSettings(Group):
    """The engine for work that takes longer than a completion: fixes and the agent. Left empty, it is the one that
    completions use, which then lets typing go first."""

    url: str | None = None
    """Base URL of an OpenAI-compatible server for fixes and the agent. Empty: the engine that completions use, or the
    one that Understudy runs for `model`."""

    urls: tuple[str, ...] = ()
    """Base URLs of several replicas for fixes and the agent."""

    model: str | None = None
    """Name of the served chat model (with `url`), or the folder or hub name of one that Understudy serves beside the
    one for completions."""

    api_key: SecretStr | None = None
    """Key for the `url` of fixes and the agent. Better set as the environment variable UNDERSTUDY_WORK_API_KEY or kept
    in the system's keyring (service `understudy`, user: the URL)."""

    arguments: tuple[str, ...] = ()
    """Further arguments for the local vLLM server of `model`."""


class CompletionSettings(Group):
    """Inline completions while typing."""

    enabled: bool = True
    """Offer inline completions."""

    disabled_languages: tuple[str, ...] = ()
    """Language ids in which nothing is offered, for example `["markdown", "plaintext"]`."""

    ignore: tuple[str, ...] = ()
    """Patterns in `.gitignore` style: nothing is offered in these files and they are never shown to the model."""

    in_comments: bool = True
    """Offer completions inside comments."""

    in_strings: bool = True
    """Offer completions inside strings."""

    multiline: Literal["auto", "never"] = "auto"
    """`auto`: the syntax at the cursor decides between one line and a block. `never`: one line at most."""

    debounce_ms: Annotated[int, Field(ge=0, le=5000)] = 150
    """Milliseconds without a keystroke before the engine is asked; the engine's expected latency is taken off."""

    timeout_ms: Annotated[int, Field(ge=50, le=60000)] = 4000
    """Milliseconds after which a completion is cut off and what has come by then is offered."""

    prompt_tokens: Annotated[int, Field(ge=64, le=32768)] = 2048
    """Budget of the prompt in the model's tokens; never more than the model's context allows."""

    max_tokens: Annotated[int, Field(ge=1, le=2048)] = 128
    """Longest completion in tokens while typing; asking by hand allows twice as many."""

    alternatives: Annotated[int, Field(ge=1, le=3)] = 3
    """Alternatives when a completion is asked for by hand."""


class ContextSettings(Group):
    """What the model is told about files that are not open."""

    index: bool = True
    """Read the source files of the workspace, so that completions know what is defined in files that are not open.
    What is found is kept on this machine."""

    max_files: Annotated[int, Field(ge=0, le=1_000_000)] = 50_000
    """Source files that are read at most, of each folder of the workspace."""


class FixSettings(Group):
    """Code actions: fixes that are checked before they are offered, and other changes to what stands at the cursor."""

    enabled: bool = True
    """Offer code actions."""

    speculate: bool = True
    """Prepare fixes for the problems near the cursor while the engine has nothing else to do, so that the menu opens on
    a checked one. Never done where a request may cost money."""

    checkers: tuple[str, ...] = ("auto",)
    """Names of the checkers that vouch for a fix, for example `["ruff", "mypy"]`. `auto`: the one that reported the
    problem, and what else is installed for the language."""

    trusted_folders: tuple[str, ...] = ()
    """Folders whose own programs may be run to check a fix: those in `node_modules/.bin` and `.venv`, plugins that
    their configuration names, build scripts. Elsewhere only programs on the PATH are run."""

    check_seconds: Annotated[float, Field(gt=0, le=600)] = 20
    """Seconds that one checker may take."""


class StatisticsSettings(Group):
    """Counts kept on this machine and nowhere else."""

    enabled: bool = True
    """Keep counts, latencies, acceptance and retention in a local file for `understudy stats`; never source text."""


class TraceSettings(Group):
    """Looking inside."""

    file: str | None = None
    """Append one JSON line per request and engine call to this file. It holds timings and sizes, and no source text."""


class Settings(Group):
    """The whole tree. Only front doors hold it."""

    engine: EngineSettings = EngineSettings()
    work: WorkSettings = WorkSettings()
    completion: CompletionSettings = CompletionSettings()
    context: ContextSettings = ContextSettings()
    fix: FixSettings = FixSettings()
    statistics: StatisticsSettings = StatisticsSettings()
    trace: TraceSettings = TraceSettings()
