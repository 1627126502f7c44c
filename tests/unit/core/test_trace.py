"""Spans as JSON lines: what belongs together has one id, and no source text gets in."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from understudy.core import trace


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "traces" / "trace.jsonl"
    trace.start(file)
    yield file
    trace.stop()


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_nothing_is_written_unless_it_is_asked_for(tmp_path: Path) -> None:
    with trace.span("request") as span:
        span.note(tokens=3)
    assert list(tmp_path.iterdir()) == []


def test_a_span_tells_its_name_time_and_figures(file: Path) -> None:
    with trace.span("request", language="python") as span:
        span.note(tokens=3)
    (line,) = lines(file)
    assert (line["name"], line["end"], line["language"], line["tokens"]) == ("request", "ok", "python", 3)
    assert line["ms"] >= 0
    assert "parent" not in line


async def test_what_a_request_causes_has_its_id(file: Path) -> None:
    async def call(name: str) -> None:
        with trace.span(name):
            await asyncio.sleep(0)

    async def request(name: str) -> None:
        with trace.span(name):
            await asyncio.gather(call(f"{name}.a"), call(f"{name}.b"))

    await asyncio.gather(request("one"), request("two"))
    found = {line["name"]: line for line in lines(file)}
    assert len(found) == 6
    for name in ("one", "two"):
        for inner in (f"{name}.a", f"{name}.b"):
            assert found[inner]["id"] == found[name]["id"]
            assert found[inner]["parent"] == found[name]["span"]
    assert found["one"]["id"] != found["two"]["id"]


def test_an_exception_ends_the_span_with_its_name(file: Path) -> None:
    with pytest.raises(KeyError), trace.span("request"):
        raise KeyError("x")
    assert lines(file)[0]["end"] == "KeyError"


async def test_a_generator_may_be_closed_by_another_task(file: Path) -> None:
    async def stream() -> AsyncGenerator[int, None]:
        with trace.span("stream"):
            yield 1
            yield 2

    chunks = stream()
    await asyncio.create_task(anext(chunks))  # type: ignore[arg-type]
    async with aclosing(chunks):
        pass
    assert [line["end"] for line in lines(file)] == ["GeneratorExit"]


def test_source_text_gives_way_to_its_length(file: Path) -> None:
    with trace.span("request", model="Qwen/Qwen2.5-Coder-1.5B", prompt="def secret():\n    pass"):
        pass
    (line,) = lines(file)
    assert line["model"] == "Qwen/Qwen2.5-Coder-1.5B"
    assert line["prompt"] == len("def secret():\n    pass")
    assert "secret" not in file.read_text()


def test_a_file_that_cannot_be_written_costs_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    trace.start(tmp_path / "file" / "trace.jsonl")
    for _ in range(3):
        with trace.span("request"):
            pass
    trace.stop()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
