"""Gets a file that is pinned by its SHA-256: shows progress, can be cancelled, leaves nothing half."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from understudy import __version__
from understudy.core.errors import UnderstudyError
from understudy.engine.base import Progress

SECONDS = 30.0  # of silence


class DownloadFailed(UnderstudyError):
    """A file did not come, or is not the one that was expected."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that somebody else keeps. `size` in bytes, the most that is read."""

    url: str
    sha256: str
    size: int


async def download(remote: Remote, place: Path, report: Callable[[Progress], None]) -> None:
    """Put the file at `place`, whole and checked. Raises `DownloadFailed`."""
    name = place.name
    remedy = f"Get {remote.url} by other means and give its path with --data."
    report(Progress(f"Downloading {name}", 0))
    try:
        data = await _read(remote, lambda share: report(Progress(f"Downloading {name}", share)))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadFailed(f"{name} could not be downloaded ({error or type(error).__name__}).", remedy) from error
    if hashlib.sha256(data).hexdigest() != remote.sha256:
        raise DownloadFailed(f"What {remote.url} gives is not the file that is expected.", remedy)
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(data)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


async def _read(remote: Remote, share: Callable[[int], None]) -> bytes:
    data = bytearray()
    headers = {"User-Agent": f"understudy/{__version__}"}
    async with (
        httpx.AsyncClient(timeout=SECONDS, follow_redirects=True, headers=headers) as client,
        client.stream("GET", remote.url) as answer,
    ):
        answer.raise_for_status()
        async for part in answer.aiter_bytes():
            data += part
            if len(data) > remote.size:
                break  # the checksum will say that it is another file
            share(100 * len(data) // remote.size)
    return bytes(data)
