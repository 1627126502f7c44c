"""The composition root: which parts stand behind a front door, made from the settings.

UNDERSTUDY_SCRIPT=<file> puts the scripted engine in place of a real one (`understudy.engine.script` says how it is
written). It is there for tests and demonstrations of editors and stands in no manual.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.cli.indexing import Indexes, Opened
from understudy.core import layers, paths, trace
from understudy.core.errors import UnderstudyError
from understudy.core.ledger import Ledger, ledger_file
from understudy.core.settings import EngineSettings, Settings, StatisticsSettings
from understudy.core.statistics import NullRecorder, Recorder
from understudy.core.tally import Tallied, Tally
from understudy.engine.base import EngineSource
from understudy.engine.lanes import Lanes, lanes_for, shared_lanes, work_settings
from understudy.engine.metered import MeteredSource
from understudy.engine.plan.saved import settings_with_plan
from understudy.engine.remote import may_charge
from understudy.engine.source import source_for
from understudy.features.completion.watch import Watch
from understudy.lsp.services import Services

if TYPE_CHECKING:
    from understudy.context.index.indexing import Indexing
    from understudy.context.workspace import Workspace
    from understudy.features.codeaction.fixer import Fixer

SCRIPT_VARIABLE = "UNDERSTUDY_SCRIPT"


@dataclass(frozen=True, slots=True)
class UserSettings:
    """The settings where no editor speaks, what is wrong in them, and the layers they come from, strongest first."""

    settings: Settings
    problems: tuple[layers.Problem, ...]
    layers: tuple[layers.Layer, ...]


@dataclass(frozen=True, slots=True)
class CheckedFixer:
    """What does code actions. `release` removes the folder in which they were checked."""

    fixer: Fixer
    release: Callable[[], None]


def user_settings(folders: Sequence[Path] = ()) -> UserSettings:
    """Read the settings as the server reads them, less those of an editor; `folders` are the workspace's."""
    read = (
        layers.user_layer(paths.config_file()),
        layers.environment_layer(os.environ),
        *(layers.workspace_layer(folder) for folder in folders),
    )
    return UserSettings(*layers.load(read), read)


def build_services(
    settings: Settings,
    roots: tuple[str, ...],
    recorder: Recorder | None = None,
    tally: Tally | None = None,
    indexes: Indexes | None = None,
) -> Services:
    """The parts for a workspace with the folders `roots` (URIs). `recorder`: by default what the settings say. `tally`
    and `indexes`: the conversation's, if there is one; without `indexes` nothing but what is open is known."""
    from understudy.features.completion.complete import Completer
    from understudy.features.completion.warm import Ahead

    settings = settings_with_plan(settings)
    trace_to(settings.trace.file)
    folders = tuple(folder for root in roots if (folder := paths.uri_to_path(root)) is not None)
    opened = indexes.open(settings, folders) if indexes is not None else Opened()
    tally = tally or Tally()
    counted = Tallied(tally, recorder or recorder_for(settings))
    lanes = engine_lanes(settings, roots[0] if roots else "")
    typing = MeteredSource(lanes.typing, counted, "typing")
    work = MeteredSource(lanes.work, counted, "work")
    warming = None if lanes.warming is None else MeteredSource(lanes.warming, counted, "warming")
    workspace = workspace_for(settings, folders, opened.indexing)
    completer = Completer(
        settings.completion,
        typing,
        workspace=workspace,
        watch=Watch(counted),
        fim=settings.engine.fim,
        ahead=Ahead(lanes.expect, warming),
    )
    checked = fixer_for(settings, folders, workspace, work)
    return Services(
        settings,
        typing,
        work,
        completer,
        checked.fixer,
        tally.figures,
        lambda: statistics_report(settings.statistics),
        opened.indexing,
        opened.unread,
        counted,
        checked.release,
    )


def fixer_for(settings: Settings, folders: tuple[Path, ...], workspace: Workspace, work: EngineSource) -> CheckedFixer:
    """Code actions on the engine of `work`, checked by what is installed here; `workspace` is the completer's too."""
    from understudy.checking.local import LocalChecking
    from understudy.checking.session import Session
    from understudy.features.codeaction.fixer import Fixer
    from understudy.features.codeaction.noticed import quick

    session = Session()
    checking = LocalChecking(folders, settings.fix, workspace.opened, session)
    names = quick(settings.fix.checkers)
    quickly = settings.fix.model_copy(update={"checkers": names})
    noticing = LocalChecking(folders, quickly, workspace.opened, session) if names else None
    speculates = not may_charge(work_settings(settings) or settings.engine)
    fixer = Fixer(settings.fix, work, workspace, checking, speculates=speculates, noticing=noticing)
    return CheckedFixer(fixer, session.close)


def workspace_for(settings: Settings, folders: tuple[Path, ...], indexing: Indexing | None) -> Workspace:
    """What is known of these folders' files: those of an index, and above them those that are open."""
    from understudy.context.workspace import Workspace

    index = indexing.index if indexing is not None else None
    return Workspace(folders, settings.completion.ignore, index=index)


def engine_lanes(settings: Settings, workspace: str = "") -> Lanes:
    """Where the engines for typing and for work come from; `workspace`: the folder's URI. Raises `UsageError` for a
    script that cannot be played, and `EngineUnavailable` for a URL that is none."""
    if script_file() is not None:
        return shared_lanes(engine_source(settings.engine))
    return lanes_for(settings, workspace=workspace)


def engine_source(settings: EngineSettings) -> EngineSource:
    """Where one engine comes from that nobody shares. Raises `UsageError` for a script that cannot be played."""
    script = script_file()
    if script is not None:
        from understudy.engine.scripted import open_script

        return open_script(script)
    return source_for(settings)


def script_file() -> Path | None:
    """The script that is played in place of a real engine, if any."""
    script = os.environ.get(SCRIPT_VARIABLE)
    return Path(script) if script else None


def recorder_for(settings: Settings) -> Recorder:
    """The statistics file, or nothing where they are switched off."""
    return Ledger(ledger_file()) if settings.statistics.enabled else NullRecorder()


def statistics_report(settings: StatisticsSettings) -> str:
    """What `understudy stats` prints, for an editor to show; also what is wrong with the file."""
    from understudy.cli.stats.command import DEFAULT_DAYS, report_text

    try:
        return report_text(DEFAULT_DAYS, counting=settings.enabled)
    except UnderstudyError as error:
        return str(error)


def trace_to(file: str | None) -> None:
    """Trace to a file from now on, or no longer."""
    if file:
        trace.start(Path(file).expanduser())
    else:
        trace.stop()
