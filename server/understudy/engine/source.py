"""Where the engine comes from: somebody's URL, or this machine."""

from __future__ import annotations

import platform
from pathlib import Path

from understudy.core.settings import EngineSettings
from understudy.engine.base import EngineSource
from understudy.engine.local import LocalSource
from understudy.engine.remote import RemoteSource, ReplicaSource, alone
from understudy.engine.rendezvous import addresses


def source_for(
    settings: EngineSettings, who: str = "editor", workspace: str = "", ledger: Path | None = None
) -> EngineSource:
    """The source that the settings name. `who`: a word for this front door in `understudy engine status`. `workspace`:
    what the requests have in common, as the folder's URI: they keep to one of several replicas. `ledger`:
    the statistics file to which an engine that is started here adds the GPUs' energy."""
    urls = addresses(settings)
    if len(urls) > 1:
        # Without a workspace, a machine keeps to one, and a team's machines are spread.
        return ReplicaSource(settings, urls, workspace or platform.node())
    if urls:
        return RemoteSource(alone(settings, urls[0]))
    return LocalSource(settings, who=who, ledger=ledger)
