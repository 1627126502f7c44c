"""Problems are read from files as they are published, and a sample of them is the same each time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from own_problems import PROBLEMS, write_problems

from understudy.core.errors import UsageError
from understudy.evaluation.problems import BENCHMARKS, Problem, find_problems, read_problems, sampled

SINGLE, MULTI = BENCHMARKS[0], BENCHMARKS[1]


@pytest.mark.parametrize("name", ["own.jsonl", "own.jsonl.gz"])
def test_a_file(tmp_path: Path, name: str) -> None:
    data = read_problems(write_problems(tmp_path / name), None)
    assert (data.problems, data.benchmark) == (PROBLEMS, SINGLE)
    assert len(data.sha256) == 64


def named(kind: str) -> tuple[Problem, ...]:
    return tuple(replace(problem, task_id=problem.task_id.replace("SingleLineInfilling", kind)) for problem in PROBLEMS)


def test_the_ids_say_which_benchmark_it_is_or_else_the_user(tmp_path: Path) -> None:
    spans = write_problems(tmp_path / "spans.jsonl", named("RandomSpanInfilling"))
    assert read_problems(spans, None).benchmark.name == "random-span"
    with pytest.raises(UsageError, match="holds random-span problems, not multi-line ones"):
        read_problems(spans, MULTI)
    assert read_problems(write_problems(tmp_path / "own.jsonl", named("Own")), MULTI).benchmark is MULTI


async def test_a_folder_of_the_published_files(tmp_path: Path) -> None:
    write_problems(tmp_path / "HumanEval-MultiLineInfilling.jsonl.gz", named("MultiLineInfilling"))
    data = await find_problems("multi-line", tmp_path, lambda _: None)
    assert (data.benchmark, len(data.problems)) == (MULTI, 4)


@pytest.mark.parametrize(
    "content",
    [b"", b"not JSON\n", b"[]\n", b'{"task_id": "x"}\n', b"\x1f\x8bnot gzip", b"\xff\xfe", b'{"task_id": 1}'],
)
def test_what_holds_no_problems(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "strange.jsonl"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="does not hold problems"):
        read_problems(path, None)


def test_half_a_gzip_file(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "own.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UsageError, match="does not hold problems"):
        read_problems(path, None)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_problems(tmp_path / "none.jsonl", None)


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    many = tuple(replace(PROBLEMS[0], task_id=str(number)) for number in range(1000))
    chosen = sampled(many, 100, 1)
    assert len(set(chosen)) == 100
    assert chosen == sampled(many, 100, 1) != sampled(many, 100, 2)
    assert list(chosen) == [problem for problem in many if problem in set(chosen)], "in their own order"
    assert max(int(problem.task_id) for problem in chosen) > 500, "not just the first"
    assert sampled(many, None, 1) == sampled(many, 1000, 1) == many


def test_every_published_file_is_pinned() -> None:
    assert {row.name for row in BENCHMARKS} == {"single-line", "multi-line", "random-span", "random-span-light"}
    for row in BENCHMARKS:
        assert row.remote.url.startswith("https://")
        assert len(row.remote.sha256) == 64
        assert row.file.startswith("HumanEval-")
