"""Where the test of a source is, or would be put: as the tests that the project has already say it.

The names of tests are those of `counterpart`. A test that is there shows by its own source how folders of tests lie
beside those of sources (`src/core/text.py`, `tests/unit/core/test_text.py`); without one the language's habit counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from understudy.context.index.base import Index
from understudy.context.resolve.counterpart import is_test, pattern_of, test_names
from understudy.context.resolve.files import folder_of, joined, name_of, nearest_first, parts_of, within
from understudy.context.resolve.names import alike
from understudy.context.syntax.languages import language_of

MAX_PATHS = 5_000  # before and after the source in the order of paths: a look at each takes about a microsecond
MAX_EXAMPLES = 200  # tests that are asked for their source, the nearest first


@dataclass(frozen=True, slots=True)
class Habit:
    """Where a language's tests are put: a name (see `counterpart.PATTERNS`), and a folder below that of the workspace;
    None: beside the source."""

    pattern: str
    folder: str | None = None


HABITS = {
    "python": Habit("test_{}", "tests"),
    "javascript": Habit("{}.test"),
    "typescript": Habit("{}.test"),
    "tsx": Habit("{}.test"),
    "go": Habit("{}_test"),
    "java": Habit("{}Test"),
    "kotlin": Habit("{}Test"),
    "csharp": Habit("{}Tests"),
    "c": Habit("test_{}", "tests"),
    "cpp": Habit("{}_test", "tests"),
    "ruby": Habit("{}_spec", "spec"),
    "php": Habit("{}Test", "tests"),
    "bash": Habit("test_{}", "tests"),
    "lua": Habit("{}_spec", "spec"),
    "swift": Habit("{}Tests", "Tests"),
    "rust": Habit("{}_tests", "tests"),
}
_MAIN, _TEST = "/src/main/", "/src/test/"  # Maven's and Gradle's folders


@dataclass(frozen=True, slots=True)
class Tested:
    """The test of a source: the path of a file that is there, or `new` of one that is not. `example`: the test nearest
    to it, for how the project writes them; None where there is none."""

    path: str
    new: bool
    example: str | None = None


def tested(path: str, index: Index, root: str) -> Tested | None:
    """Where the test of the source `path` is, or goes; None where the language has no habit. `root` is the folder of
    the workspace."""
    for name in test_names(path):
        if found := [it for it in index.ending(name) if it != path]:
            return Tested(nearest_first(found, path)[0], new=False)
    tests = nearest_first(_tests(path, index), path)
    for test in tests[:MAX_EXAMPLES]:
        if (source := _source_of(test, index)) is not None and (folder := _mirrored(path, source, test)) is not None:
            return Tested(_named_as(test, path, folder), new=True, example=test)
    if tests:
        return Tested(_named_as(tests[0], path, folder_of(tests[0])), new=True, example=tests[0])
    return _by_habit(path, root)


def _tests(path: str, index: Index) -> Iterator[str]:
    every = index.paths()
    here = bisect_left(every, path)
    for other in every[max(0, here - MAX_PATHS) : here + MAX_PATHS]:
        name = name_of(other).lower()
        if ("test" in name or "spec" in name) and other != path and alike(other, path) and is_test(other):
            yield other


def _source_of(test: str, index: Index) -> str | None:
    known = pattern_of(test)
    if known is None:
        return None
    suffix = name_of(test).rpartition(".")[2]
    found = [it for it in index.ending(f"{known[1]}.{suffix}") if it != test]
    return nearest_first(found, test)[0] if found else None


def _mirrored(path: str, source: str, test: str) -> str | None:
    """The folder that is to the folder of `path` as that of `test` is to that of `source`; None where they say
    nothing about it."""
    sources, tests = folder_of(source), folder_of(test)
    while name_of(sources) == name_of(tests) and name_of(sources):
        sources, tests = folder_of(sources), folder_of(tests)
    folder = folder_of(path)
    if folder == sources:
        return tests
    return joined(tests, "/".join(parts_of(folder[len(sources) + 1 :]))) if within(folder, sources) else None


def _named_as(test: str, path: str, folder: str) -> str:
    known = pattern_of(test)
    assert known is not None  # it was found as a test
    return joined(folder, f"{known[0].format(_stem(path))}.{_suffix(path, test)}")


def _by_habit(path: str, root: str) -> Tested | None:
    language = language_of(path)
    habit = HABITS.get(language.name) if language is not None else None
    if habit is None:
        return None
    folder = folder_of(path)
    if habit.folder is not None:
        folder = joined(root, habit.folder)
    elif _MAIN in f"{folder}/":
        folder = f"{folder}/".replace(_MAIN, _TEST, 1).rstrip("/")
    return Tested(joined(folder, f"{habit.pattern.format(_stem(path))}.{_suffix(path, path)}"), new=True)


def _stem(path: str) -> str:
    return name_of(path).partition(".")[0]


def _suffix(path: str, test: str) -> str:
    """The ending of a test: its source's; a header's test is no header."""
    own = name_of(path).rpartition(".")[2]
    headers = {"h": "c", "hpp": "cpp", "hh": "cc", "hxx": "cxx"}
    return own if own not in headers else name_of(test).rpartition(".")[2] if test != path else headers[own]
