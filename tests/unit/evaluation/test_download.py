"""A download is whole and checked, or there is none. The server is on loopback; the real address is not asked here."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from fake_openai import FakeServer, Script, answer, chunk, fake_server, head

from understudy.engine.base import Progress
from understudy.evaluation.download import DownloadFailed, Remote, download

DATA = bytes(range(256)) * 400
HALF = len(DATA) // 2


def remote(server: FakeServer) -> Remote:
    return Remote(server.url + "/models", hashlib.sha256(DATA).hexdigest(), len(DATA))


def pieces(*, pause: float) -> Script:
    return [head("application/gzip"), chunk(DATA[:HALF]), pause, chunk(DATA[HALF:]), b"0\r\n\r\n"]


def names(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


async def test_it_comes_whole_and_says_how_far_it_is(tmp_path: Path) -> None:
    shown: list[Progress] = []
    place = tmp_path / "deep" / "file.gz"
    async with fake_server(models=pieces(pause=0.05)) as server:
        await download(remote(server), place, shown.append)
        assert server.asked[0].headers["user-agent"].startswith("understudy/")
    assert place.read_bytes() == DATA
    assert (shown[0], shown[-1]) == (Progress("Downloading file.gz", 0), Progress("Downloading file.gz", 100))
    assert any(0 < (progress.percent or 0) < 100 for progress in shown)
    assert names(place.parent) == ["file.gz"]


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (answer(DATA[:-1], "application/gzip"), "not the file that is expected"),
        (answer(DATA + b"x", "application/gzip"), "not the file that is expected"),
        (answer(b"<html>", "text/html"), "not the file that is expected"),
        (answer(b"", "text/plain", status=404), "could not be downloaded"),
        ([head("application/gzip"), chunk(DATA[:HALF])], "could not be downloaded"),
    ],
    ids=["too short", "too long", "another", "not there", "broken off"],
)
async def test_anything_else_leaves_nothing(tmp_path: Path, script: Script, problem: str) -> None:
    place = tmp_path / "file.gz"
    async with fake_server(models=script) as server:
        with pytest.raises(DownloadFailed, match=problem) as caught:
            await download(remote(server), place, lambda _: None)
    assert "--data" in caught.value.remedy
    assert not names(tmp_path)


async def test_nobody_answers(tmp_path: Path) -> None:
    async with fake_server() as server:
        gone = remote(server)
    with pytest.raises(DownloadFailed, match="could not be downloaded"):
        await download(gone, tmp_path / "file.gz", lambda _: None)
    with pytest.raises(DownloadFailed, match="could not be downloaded"):
        await download(replace(gone, url="nonsense"), tmp_path / "file.gz", lambda _: None)


async def test_cancelled_half_way(tmp_path: Path) -> None:
    half = asyncio.Event()
    async with fake_server(models=pieces(pause=30.0)) as server:

        def report(progress: Progress) -> None:
            if progress.percent:
                half.set()

        task = asyncio.create_task(download(remote(server), tmp_path / "file.gz", report))
        await half.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(server.hung_up.wait(), 5)
    assert not names(tmp_path)
