"""The problems of HumanEval-Infilling: functions with a hole, and their tests (Bavarian et al., arXiv 2207.14255)."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from understudy.core.errors import UsageError
from understudy.core.paths import data_dir
from understudy.engine.base import Progress
from understudy.evaluation.download import Remote, download

COMMIT = "88062ff9859c875d04db115b698ed4b0f0395170"
ADDRESS = f"https://raw.githubusercontent.com/openai/human-eval-infilling/{COMMIT}/data"


@dataclass(frozen=True, slots=True)
class Problem:
    """A function with a hole between `prompt` and `suffix`. `test` defines `check`, which takes the function."""

    task_id: str
    entry_point: str
    prompt: str
    suffix: str
    canonical_solution: str
    test: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One of the sets. `mark`: how its task ids begin. `line`: each hole is one whole line, and an answer ends with its
    first; `max_tokens`: the longest answer."""

    name: str
    mark: str
    remote: Remote
    line: bool
    max_tokens: int

    @property
    def file(self) -> str:
        """What the file is called."""
        return self.remote.url.rpartition("/")[2]


def _remote(name: str, size: int, sha256: str) -> Remote:
    return Remote(f"{ADDRESS}/HumanEval-{name}Infilling.jsonl.gz", sha256, size)


BENCHMARKS = (
    Benchmark(
        "single-line",
        "SingleLineInfilling/",
        _remote("SingleLine", 75058, "1277073e7ddce163ef68598c2bca777f688a53df99422f097e37362090f88e1f"),
        line=True,
        max_tokens=128,
    ),
    Benchmark(
        "multi-line",
        "MultiLineInfilling/",
        _remote("MultiLine", 170082, "2f341612eee1d35da1357a4f365e0c0b3ba6e2b62eb491e88aaefa4855af0349"),
        line=False,
        max_tokens=384,
    ),
    Benchmark(
        "random-span",
        "RandomSpanInfilling/",
        _remote("RandomSpan", 89591, "b4f330d8a8ff97bf85d9def497dffcae4d741e506449386a877236e422e33e8d"),
        line=False,
        max_tokens=384,
    ),
    Benchmark(
        "random-span-light",
        "RandomSpanInfillingLight/",
        Remote(
            f"{ADDRESS}/HumanEval-RandomSpanInfillingLight.jsonl.gz",
            "1432250ecac0cb56e6f97f8faf0970419ef892a98fda7e1f5aa4c4b87209b760",
            45730,
        ),
        line=False,
        max_tokens=384,
    ),
)


@dataclass(frozen=True, slots=True)
class DataSet:
    """Problems, which benchmark they are of, the file they are from, and its SHA-256."""

    benchmark: Benchmark
    problems: tuple[Problem, ...]
    path: Path
    sha256: str


async def find_problems(name: str | None, data: Path | None, report: Callable[[Progress], None]) -> DataSet:
    """The benchmark `name` (by default what the file holds, else the first), from the file or folder `data`, else from
    where it was downloaded to, else downloaded. Raises `UsageError` and `DownloadFailed`."""
    chosen = next((row for row in BENCHMARKS if row.name == name), BENCHMARKS[0])
    if data is not None:
        return read_problems(data, None if name is None else chosen)
    place = data_dir() / "evaluations" / "data" / chosen.file
    if not _is_here(place, chosen):
        await download(chosen.remote, place, report)
    return read_problems(place, chosen)


def _is_here(place: Path, benchmark: Benchmark) -> bool:
    return place.exists() and hashlib.sha256(place.read_bytes()).hexdigest() == benchmark.remote.sha256


def read_problems(path: Path, benchmark: Benchmark | None) -> DataSet:
    """The problems in a file of JSON lines, as it is or in gzip. Raises `UsageError`."""
    if path.is_dir():
        path /= (benchmark or BENCHMARKS[0]).file
    strange = UsageError(f"{path} does not hold problems of HumanEval-Infilling.", "Give a .jsonl or .jsonl.gz file.")
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw).decode("utf-8")
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        problems = tuple(Problem(**{field.name: str(row[field.name]) for field in fields(Problem)}) for row in rows)
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise strange from error
        raise UsageError(f"{path} cannot be read ({error.strerror}).", "Check the path given with --data.") from error
    except (ValueError, KeyError, TypeError, EOFError, zlib.error) as error:
        raise strange from error
    marked = next((row for row in BENCHMARKS if problems and problems[0].task_id.startswith(row.mark)), None)
    found = benchmark or marked
    if not problems or found is None:
        raise strange
    if marked not in (None, found):
        raise UsageError(f"{path} holds {marked.name} problems, not {found.name} ones.", "Correct --benchmark.")
    return DataSet(found, problems, path, hashlib.sha256(raw).hexdigest())


def sampled(problems: Sequence[Problem], limit: int | None, seed: int) -> tuple[Problem, ...]:
    """All problems, or `limit` of them, the same ones for the same seed, in their own order."""
    if limit is None or limit >= len(problems):
        return tuple(problems)
    places = sorted(random.Random(seed).sample(range(len(problems)), limit))
    return tuple(problems[place] for place in places)
