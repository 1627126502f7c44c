"""Where tests are and where new ones go."""

import os
from pathlib import Path

import pytest

from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import FileRecord
from understudy.context.resolve import tested as places
from understudy.context.syntax.languages import LANGUAGES, language_of
from understudy.context.workspace import Workspace
from understudy.core.text import Document

ROOT = os.sep + "w"


def spelled(path: str) -> str:
    return str(Path(ROOT, *path.split("/")))


def index_of(*paths: str) -> MemoryIndex:
    records = []
    for path in paths:
        language = language_of(path)
        assert language is not None
        records.append(FileRecord(spelled(path), language.name))
    return MemoryIndex(records, {spelled(path): f"# {path}\n" for path in paths})


@pytest.mark.parametrize(
    ("path", "others", "expected"),
    [
        # The test that is there.
        ("src/a.py", ["tests/test_a.py"], "tests/test_a.py"),
        ("src/a.py", ["a/b/test_a.py", "src/test_a.py"], "src/test_a.py"),
        ("src/Card.tsx", ["src/Card.test.ts"], "src/Card.test.ts"),
        ("src/a.h", ["tests/test_a.c"], "tests/test_a.c"),
        ("pkg/a.go", ["pkg/a_test.go"], "pkg/a_test.go"),
        # As the test of another file lies to its source.
        ("src/core/a.py", ["src/core/b.py", "tests/unit/core/test_b.py"], "+tests/unit/core/test_a.py"),
        ("src/core/a.py", ["src/cli/b.py", "tests/unit/cli/test_b.py"], "+tests/unit/core/test_a.py"),
        ("src/core/deep/a.py", ["src/core/b.py", "tests/core/test_b.py"], "+tests/core/deep/test_a.py"),
        ("src/a.ts", ["src/b.ts", "src/__tests__/b.test.ts"], "+src/__tests__/a.test.ts"),
        ("lib/a.js", ["lib/b.js", "lib/b.spec.js"], "+lib/a.spec.js"),
        ("src/A.java", ["src/B.java", "test/BTest.java"], "+test/ATest.java"),
        # Tests without a source: beside them.
        ("src/a.py", ["checks/test_all.py"], "+checks/test_a.py"),
        # Another language's tests say nothing.
        ("src/a.py", ["web/a.test.ts", "web/b.ts"], "+tests/test_a.py"),
        # No test at all.
        ("src/a.py", [], "+tests/test_a.py"),
        ("src/a.ts", [], "+src/a.test.ts"),
        ("pkg/a.go", [], "+pkg/a_test.go"),
        ("src/main/java/shop/A.java", [], "+src/test/java/shop/ATest.java"),
        ("src/a.h", [], "+tests/test_a.c"),
        ("lib/a.rb", [], "+spec/a_spec.rb"),
    ],
)
def test_where(path: str, others: list[str], expected: str) -> None:
    found = places.tested(spelled(path), index_of(path, *others), ROOT)
    assert found is not None
    assert (found.path, found.new) == (spelled(expected.removeprefix("+")), expected.startswith("+"))
    if found.new:
        assert found.example is None or found.example in [spelled(other) for other in others]


def test_every_language_has_a_habit() -> None:
    assert set(places.HABITS) == {language.name for language in LANGUAGES}
    assert places.tested(spelled("a.txt"), index_of(), ROOT) is None


def test_a_file_is_read_as_it_is_open(tmp_path: Path) -> None:
    path = tmp_path / "tests" / "test_a.py"
    index = MemoryIndex([FileRecord(str(path), "python")], {str(path): "old\n"})
    workspace = Workspace((tmp_path,), index=index)
    on_disk = workspace.file(str(path))
    assert on_disk == Document(path.as_uri(), 0, "python", "old\n")
    opened = Document(path.as_uri(), 7, "python", "new\n")
    workspace.changed(None, opened)
    assert workspace.file(str(path)) == opened
    assert workspace.file(str(tmp_path / "unknown.py")) is None
    workspace.close()


def test_a_hidden_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "test_a.py"
    (tmp_path / ".understudyignore").write_text("test_*.py\n")
    index = MemoryIndex([FileRecord(str(path), "python")], {str(path): "secret\n"})
    workspace = Workspace((tmp_path,), index=index)
    assert workspace.file(str(path)) is None
    workspace.changed(None, Document(path.as_uri(), 1, "python", "secret\n"))
    assert workspace.file(str(path)) is None, "nor while it is open"
    workspace.close()


def test_what_is_no_file_has_no_test(tmp_path: Path) -> None:
    workspace = Workspace((tmp_path,))
    assert workspace.tested(Document("untitled:a.py", 1, "python", "")) is None
    found = workspace.tested(Document((tmp_path / "a.py").as_uri(), 1, "python", ""))
    assert found is not None
    assert found.path == str(tmp_path / "tests" / "test_a.py")
