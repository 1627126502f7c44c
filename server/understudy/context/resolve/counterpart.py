"""The test of a source file, and what a test tests: by the names that each language's tools expect."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.context.cursor import Cursor
from understudy.context.index.record import Definition, FileRecord
from understudy.context.pieces import Piece
from understudy.context.resolve.files import name_of, nearest_first
from understudy.context.resolve.forms import piece_of, stretch
from understudy.context.resolve.names import alike
from understudy.context.resolve.scene import Scene, scene_at

# A test's name in terms of its source's, without the suffix.
PATTERNS = (
    "test_{}",  # Python, Ruby, Bash
    "{}_test",  # Go, Python, C++, Ruby
    "{}_spec",  # Ruby, Lua
    "{}.test",  # JavaScript and TypeScript
    "{}.spec",
    "{}Test",  # Java, Kotlin, PHP, C++
    "{}Tests",  # C#, Swift
    "Test{}",
    "{}_tests",  # Rust
)
_FORMS = tuple(re.compile(re.escape(pattern).replace(r"\{\}", "(.+)")) for pattern in PATTERNS)
MAX_ROWS = 25  # of the test that is shown
TESTED = 0.45  # a test that names the function around the cursor
ANY_TEST = 0.15  # the first one of the file
SOURCE = 0.3  # what a test's source defines; the rest comes with nearness
MAX_OF_SOURCE = 30


def is_test(path: str) -> bool:
    """Whether a path is named as a test."""
    return pattern_of(path) is not None


def pattern_of(path: str) -> tuple[str, str] | None:
    """Of a test's path the one of `PATTERNS` that it follows, and its source's name without the suffix; None for what
    is no test."""
    name = name_of(path).rpartition(".")[0]
    found = ((pattern, form.fullmatch(name)) for pattern, form in zip(PATTERNS, _FORMS, strict=True))
    return next(((pattern, match[1]) for pattern, match in found if match is not None), None)


def test_names(path: str) -> list[str]:
    """What the file with a source's test may be called."""
    stem, _, _ = name_of(path).partition(".")
    return [pattern.format(stem) + suffix for pattern in PATTERNS for suffix in _suffixes(path)]


def counterpart(cursor: Cursor) -> Iterator[Piece]:
    """For a source the relevant stretch of its test; for a test the signatures of its source."""
    scene = scene_at(cursor)
    known = pattern_of(cursor.path)
    if known is None:
        yield from _test_of(scene)
        return
    source = _nearest([f"{known[1]}{suffix}" for suffix in _suffixes(cursor.path)], scene)
    record = scene.names.read(source) if source is not None else None
    if record is not None:
        for score, it in _defined_in(record, scene):
            yield piece_of(it, score, "test")


def _test_of(scene: Scene) -> Iterator[Piece]:
    path = _nearest(test_names(scene.cursor.path), scene)
    record = scene.names.read(path) if path is not None else None
    if path is None or record is None:
        return
    rows = next((rows for it in reversed(scene.around) if (rows := record.references.get(it.name))), ())
    tests = [it for it in record.definitions if it.kind in ("function", "method")]
    row = rows[0] if rows else None
    if row is not None:
        first = max((it.first for it in tests if it.first <= row < it.last), default=max(row - 3, 0))
        first = max(first, row - MAX_ROWS + 5)
        last = max((it.last for it in tests if it.first == first), default=first + MAX_ROWS)
    elif tests:
        first, last = tests[0].first, tests[0].last
    else:
        return
    score = ANY_TEST if row is None else TESTED
    if piece := stretch(path, first, min(last, first + MAX_ROWS), score, "test", scene.cursor.index):
        yield piece


def _defined_in(record: FileRecord, scene: Scene) -> list[tuple[float, Definition]]:
    scored = [
        (SOURCE + (1 - SOURCE) * 0.7 * scene.near_uses(it.name), it)
        for it in record.definitions
        if not it.name.startswith("_") and it.kind != "field"
    ]
    return sorted(scored, key=lambda it: (-it[0], it[1].first))[:MAX_OF_SOURCE]


def _nearest(names: list[str], scene: Scene) -> str | None:
    """The nearest file with the first of these names that there is."""
    for name in names:
        found = [it for it in scene.cursor.index.ending(name) if it != scene.cursor.path]
        if found:
            return nearest_first(found, scene.cursor.path)[0]
    return None


def _suffixes(path: str) -> tuple[str, ...]:
    """The endings of the other file: the same, or one of the same language's."""
    own = "." + path.rpartition(".")[2]
    others = {".tsx": (".ts",), ".ts": (".tsx",), ".jsx": (".js",), ".js": (".ts", ".jsx"), ".h": (".c", ".cpp", ".cc")}
    return (own, *(other for other in others.get(own, ()) if alike(f"x{other}", path)))
