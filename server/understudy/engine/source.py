"""Where the engine comes from: somebody's URL, or this machine."""

from __future__ import annotations

from understudy.core.settings import EngineSettings
from understudy.engine.base import EngineSource
from understudy.engine.local import LocalSource
from understudy.engine.remote import RemoteSource


def source_for(settings: EngineSettings, who: str = "editor", workspace: str = "") -> EngineSource:
    """The source that the settings name. `who`: a word for this front door in `understudy engine status`. `workspace`:
    what the requests have in common, as the folder's URI: they keep to one of several replicas."""
    if settings.url:
        return RemoteSource(settings)
    return LocalSource(settings, who=who)
