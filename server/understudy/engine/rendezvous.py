"""Which of several replicas a workspace keeps to: rendezvous hashing (Thaler and Ravishankar 1998).

Every replica has a weight for every workspace, and the heaviest is the workspace's own. So no table has to be shared
among the users, and a replica that comes or goes moves only the workspaces that are its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from understudy.core.errors import EngineUnavailable
from understudy.core.settings import EngineSettings
from understudy.engine.address import read_address


def addresses(settings: EngineSettings) -> tuple[str, ...]:
    """The URLs that the settings name, each server once."""
    once: dict[str, str] = {}
    for url in (settings.url, *settings.urls):
        if url:
            once.setdefault(place(url), url)
    return tuple(once.values())


def ranked(workspace: str, urls: Iterable[str]) -> tuple[str, ...]:
    """`urls`, the workspace's own first, then the one that it moves to while that is down, and so on."""
    return tuple(sorted(urls, key=lambda url: _weight(workspace, url), reverse=True))


def _weight(workspace: str, url: str) -> bytes:
    return hashlib.blake2b(f"{workspace}\n{place(url)}".encode("utf-8", "surrogatepass"), digest_size=8).digest()


def place(url: str) -> str:
    """The address without a user's own name and password, for users of one workspace share a replica and its cache."""
    try:
        return read_address(url).base
    except EngineUnavailable:
        # Whoever connects to it says what is wrong with it.
        return url
