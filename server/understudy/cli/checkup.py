"""What `understudy doctor` looks at: each function looks at one thing and returns what it found."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryFile

from pydantic.alias_generators import to_camel

from understudy import __version__
from understudy.cli.engine_status import EVIDENCE
from understudy.cli.services import UserSettings, build_services, engine_lanes, engine_source, script_file
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.grammar_files import grammar_root
from understudy.context.syntax.languages import LANGUAGES
from understudy.core import paths
from understudy.core.errors import EngineError
from understudy.core.settings import EngineSettings, Settings
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document
from understudy.engine.address import without_credentials
from understudy.engine.base import Engine, Health, Progress
from understudy.engine.catalogue.load import load_catalogue, user_file
from understudy.engine.checkpoint import find_checkpoint
from understudy.engine.environment import find_installed, has_nvidia_gpu
from understudy.engine.lanes import work_settings
from understudy.engine.rendezvous import addresses
from understudy.engine.served import describe
from understudy.engine.state import EngineFolder, read_status
from understudy.features.completion.outcome import Completion, Query, Reason, Trigger

ROOMY_GB = 1.0  # less free space than this is worth a note
SAMPLE = "def add(a, b):\n    return "
# The pipeline worked although it had nothing to say.
WORKED = (Reason.EMPTY, Reason.DUPLICATE, Reason.REPETITION, Reason.MASKED, Reason.SYNTAX)


class Level(Enum):
    """Whether a finding stands in the way of completions."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and the next thing to do about it, if any."""

    what: str
    found: str
    level: Level = Level.OK
    remedy: str = ""


def machine_findings(settings: Settings) -> Iterator[Finding]:
    """The program, this machine, its folders and the grammars."""
    yield Finding("understudy", f"{__version__}, Python {platform.python_version()} on {platform.platform(terse=True)}")
    yield folder("data folder", paths.data_dir())
    yield folder("state folder", paths.state_dir())
    yield grammars()
    yield from models()
    if not addresses(settings.engine):
        gpu = has_nvidia_gpu()
        yield Finding(
            "GPU", "NVIDIA" if gpu else "none found: the engine runs on the CPU", Level.OK if gpu else Level.NOTE
        )


def folder(what: str, path: Path) -> Finding:
    """Whether files can be made in a folder, or in the nearest one above that exists; and the room there."""
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    try:
        with TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free / 1e9
    except OSError as error:
        return Finding(what, f"{path} cannot be written ({error.strerror})", Level.WRONG, f"Make {there} writable.")
    if free < ROOMY_GB:
        return Finding(what, f"{path}, {free:.1f} GB free", Level.NOTE, "Make room on this disk.")
    return Finding(what, f"{path}, {free:.0f} GB free")


def grammars() -> Finding:
    """How many languages can be parsed."""
    missing = [language.name for language in LANGUAGES if grammar_for(language.ids[0]) is None]
    if missing:
        remedy = "Install Understudy again."
        return Finding("grammars", f"missing: {', '.join(missing)}", Level.NOTE, remedy)
    if not grammar_root().is_dir():
        return Finding(
            "grammars", f"their queries are missing ({grammar_root()})", Level.NOTE, "Install Understudy again."
        )
    return Finding("grammars", f"{len(LANGUAGES)} languages, queries in {grammar_root()}")


def models() -> Iterator[Finding]:
    """How many models are known, and what is wrong with the user's own rows."""
    catalogue = load_catalogue()
    yield Finding("models", f"{len(catalogue.models)} known; yours go into {user_file()}")
    for problem in catalogue.problems:
        yield Finding("model", problem, Level.NOTE, "Correct or remove it.")


def settings_findings(read: UserSettings) -> Iterator[Finding]:
    """Where each setting comes from that is not a default, and what is wrong."""
    wrong = {problem.key for problem in read.problems}
    dumped = read.settings.model_dump(mode="json", by_alias=True)  # in which secrets are hidden
    values = {f"{group}.{name}": value for group, names in dumped.items() for name, value in names.items()}
    said = {key: place for key, place in origins(read) if key in values and key not in wrong}
    if not said:
        yield Finding("settings", f"all defaults; yours go into {paths.config_file()}")
    for key, place in said.items():
        yield Finding(f"setting {key}", f"{without_credentials(str(values[key]))}, from {place}")
    for problem in read.problems:
        yield Finding("setting", str(problem), Level.NOTE, "Correct or remove it.")
    if not read.settings.completion.enabled:
        yield Finding("completions", "are switched off", Level.WRONG, "Set `completion.enabled` to true.")


def origins(read: UserSettings) -> Iterator[tuple[str, str]]:
    """The dotted key of each setting that was set, and the strongest place that set it."""
    seen = set()
    for layer in read.layers:
        for group, values in layer.values.items():
            for name in values if isinstance(values, Mapping) else ():
                key = f"{group}.{to_camel(name)}"
                if key not in seen:
                    seen.add(key)
                    yield key, layer.place


async def engine_findings(settings: Settings) -> list[Finding]:
    """The engine, the model and, where both are ready, one completion."""
    if (script := script_file()) is not None:
        ready, findings = True, [Finding("engine", f"scripted by {script}", Level.NOTE)]
    elif urls := addresses(settings.engine):
        ready, findings = True, [Finding("engine", f"at {without_credentials(url)}") for url in urls]
    else:
        ready, findings = local_engine(settings.engine)
    asked = [*findings, *(await answers(settings))] if ready else findings
    return [*asked, *(await work_findings(settings))]


async def work_findings(settings: Settings) -> list[Finding]:
    """What the engine for fixes and the agent says, where it is one of its own. Completions work without it."""
    if script_file() is not None or work_settings(settings) is None:
        return []
    never = settings.model_copy(update={"engine": settings.engine.model_copy(update={"start": False})})
    source = None
    try:
        source = engine_lanes(never).work
        info = await (await source.ensure(_nobody)).model()
        return [Finding("engine for work", f"{info.id}, context {info.context} tokens")]
    except EngineError as error:
        return [Finding("engine for work", error.problem, Level.NOTE, error.remedy)]
    finally:
        if source is not None:
            await source.aclose()


def local_engine(settings: EngineSettings) -> tuple[bool, list[Finding]]:
    """Whether the engine of this machine is ready now, and what was found of it."""
    try:
        environment = find_installed()
        found = [Finding("engine installed", f"{environment.distribution} in {environment.folder}")]
    except EngineError as error:
        found = [Finding("engine installed", "no", Level.WRONG, error.remedy)]
    try:
        checkpoint = find_checkpoint(settings.model)
        found.append(Finding("model", f"{checkpoint.name} ({checkpoint.model})"))
    except EngineError as error:
        found.append(Finding("model", error.problem, Level.WRONG, error.remedy))
    status = read_status(EngineFolder(paths.state_dir() / "engine"))
    phase = status.phase if status else "stopped"
    if phase == "ready":
        return True, found
    if phase == "failed" and status is not None:
        found.append(Finding("engine", f"failed: {status.problem}", Level.WRONG, status.remedy))
    elif settings.start:
        found.append(
            Finding("engine", f"{phase}; an editor starts it by itself, or `understudy engine start`", Level.NOTE)
        )
    else:
        found.append(Finding("engine", phase, Level.WRONG, "Type `understudy engine start`."))
    return False, found


async def answers(settings: Settings) -> list[Finding]:
    """What a ready engine says: that it is there, what it serves, in which format it is asked, and one completion."""
    source = engine_source(settings.engine.model_copy(update={"start": False}))
    said: list[Progress] = []
    try:
        engine = await source.ensure(said.append)
        several = len(addresses(settings.engine)) > 1
        counted = [Finding("replicas", said[-1].message)] if several and said else []
        return [*counted, *(await served(engine, settings.engine)), await trial(settings)]
    except EngineError as error:
        return [Finding("engine answers", error.problem, Level.WRONG, error.remedy)]
    finally:
        await source.aclose()


async def served(engine: Engine, settings: EngineSettings) -> list[Finding]:
    """The model and its fill-in-the-middle format. Raises `EngineError`."""
    found = await describe(engine, settings.fim)
    model = Finding("engine answers", f"{found.info.id}, context {found.info.context} tokens")
    if await engine.health() is not Health.READY:
        model = Finding("engine answers", "it is still starting", Level.WRONG, "Wait a moment and type this again.")
    if found.fim is None:
        remedy = "Serve a code model, or set `engine.fim` to the format of this one, `hole` for a chat model."
        return [model, Finding("prompt format", "none is known for this model", Level.WRONG, remedy)]
    return [model, Finding("prompt format", f"{found.fim.name}, {EVIDENCE[found.fim.evidence]}")]


async def trial(settings: Settings) -> Finding:
    """One completion of a line of Python through the whole pipeline, counted nowhere. Raises `EngineError`."""
    completion = settings.completion.model_copy(update={"disabled_languages": (), "ignore": (), "alternatives": 1})
    engine = settings.engine.model_copy(update={"start": False})
    services = build_services(
        settings.model_copy(update={"completion": completion, "engine": engine}), (), NullRecorder()
    )
    try:
        await services.engine.ensure(_nobody)
        query = Query(Document("untitled:doctor", 1, "python", SAMPLE), len(SAMPLE), Trigger.INVOKED)
        outcome = await services.completer.complete(query)
    finally:
        await services.completer.aclose()
        await services.engine.aclose()
    took = f"{outcome.total_ms:.0f} ms"
    if isinstance(outcome, Completion):
        return Finding("a completion", f"came in {took}")
    if outcome.reason in WORKED:
        return Finding("a completion", f"{outcome.reason.value} ({took})", Level.NOTE)
    return Finding("a completion", outcome.reason.value, Level.WRONG, "Look into `understudy engine logs`.")


def _nobody(_: Progress) -> None:
    return
