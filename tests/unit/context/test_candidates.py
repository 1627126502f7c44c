"""What is wanted for a cursor is looked for anew when a word is complete, and kept for the keys between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from understudy.context.candidates import settled
from understudy.context.index.extract import extract
from understudy.context.index.memory import MemoryIndex
from understudy.context.overlay import AT_ONCE
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.source import Source
from understudy.context.workspace import Workspace
from understudy.core.text import Document

ROOT = Path("/project")
SHELF = '''class Shelf:
    """Holds books."""

    def put_book(self, book):
        self.books.append(book)

    def take_book(self):
        return self.books.pop()


def open_shelf(path, mode):
    return Shelf()
'''
MAIN = "from shelf import Shelf, open_shelf\n\n\ndef main():\n    shelf = Shelf()\n    \n"


def document(text: str, name: str = "main.py") -> Document:
    return Document((ROOT / name).as_uri(), 1, "python", text)


def index(**files: str) -> MemoryIndex:
    records, texts = [], {}
    for name, text in files.items():
        path = str(ROOT / f"{name}.py")
        grammar = grammar_for("python")
        assert grammar is not None
        records.append(extract(Source.parse(grammar, text), path))
        texts[path] = text
    return MemoryIndex(records, texts)


def thirds(text: str) -> int:
    return -(-len(text) // 3)


class Switched:
    """An index that becomes another."""

    def __init__(self, now: MemoryIndex) -> None:
        self.now = now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)

    def __contains__(self, path: object) -> bool:
        return path in self.now


class Typist:
    """Types in one document and gathers at each key."""

    def __init__(self, workspace: Workspace, text: str, offset: int | None = None, name: str = "main.py") -> None:
        self.workspace = workspace
        self.document = document(text, name)
        self.offset = len(text) - 1 if offset is None else offset
        workspace.changed(None, self.document)

    def shown(self) -> dict[str, str]:
        context = self.workspace.gather(self.document, self.offset, limit_tokens=2000, count=thirds)
        return {file.path: file.text for file in context.files}

    def type(self, text: str) -> list[dict[str, str]]:
        found = []
        for letter in text:
            before = self.document
            now = before.with_text(before.text[: self.offset] + letter + before.text[self.offset :])
            self.workspace.changed(before, now)
            self.document, self.offset = now, self.offset + 1
            found.append(self.shown())
        return found


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("    x = val", "    x ="),
        ("    x = ", "    x ="),
        ("    x =", "    x ="),
        ("    val", "    "),
        ("    ", "    "),
        ("", ""),
        ("val", ""),
        ("    shelf.pu", "    shelf."),
        ("    f(a, b", "    f(a,"),
        ("    f(", "    f("),
    ],
)
def test_a_half_typed_word_is_no_name_yet(line: str, kept: str) -> None:
    above = "first = 1\n"
    assert settled(f"{above}{line}\nmore", len(above) + len(line)) == len(above) + len(kept)


def test_what_the_file_imports_is_shown_and_the_file_itself_is_not() -> None:
    typist = Typist(Workspace((ROOT,), index=index(shelf=SHELF, main=MAIN)), MAIN)
    shown = typist.shown()
    assert shown.keys() == {"shelf.py"}
    assert "class Shelf:" in shown["shelf.py"]
    assert "def open_shelf(path, mode):" in shown["shelf.py"]


def test_letters_of_a_word_change_nothing_and_a_dot_brings_members_at_the_end() -> None:
    typist = Typist(Workspace((ROOT,), index=index(shelf=SHELF, main=MAIN)), MAIN)
    first = typist.shown()
    assert typist.type("shelf") == [first] * 5
    (after_dot,) = typist.type(".")
    assert "def put_book(self, book):" in after_dot["shelf.py"]
    assert after_dot["shelf.py"].startswith(first["shelf.py"]) or "put_book" in first["shelf.py"]
    assert typist.type("put") == [after_dot] * 3


def test_what_is_typed_elsewhere_and_not_saved_is_what_counts() -> None:
    workspace = Workspace((ROOT,), index=index(shelf=SHELF, main=MAIN))
    shelf = document(SHELF, "shelf.py")
    workspace.changed(None, shelf)
    typist = Typist(workspace, MAIN)
    assert "mode" in typist.shown()["shelf.py"]
    newer = shelf.with_text(SHELF.replace("open_shelf(path, mode)", "open_shelf(path, mode, locked)"))
    workspace.changed(shelf, newer)
    assert "def open_shelf(path, mode, locked):" in typist.shown()["shelf.py"]
    workspace.changed(newer, None)
    assert "locked" not in typist.shown()["shelf.py"]


def test_what_was_saved_or_typed_below_the_cursor_is_looked_for_at_once() -> None:
    below: Any = Switched(index(main=MAIN))
    workspace = Workspace((ROOT,), index=below)
    typist = Typist(workspace, MAIN)
    assert typist.shown() == {}
    below.now = index(shelf=SHELF, main=MAIN)
    assert "def open_shelf" in typist.shown()["shelf.py"]
    below.now = index(shelf=SHELF, main=MAIN, box="class Box:\n    def fill(self):\n        pass\n")
    assert "box.py" not in typist.shown()
    before = typist.document
    typist.document = before.with_text("from shelf import Shelf\nfrom box import Box\n\n\ndef f():\n    \n    x = 1\n")
    typist.offset = typist.document.text.index("    \n") + 4
    workspace.changed(before, typist.document)
    typist.shown()
    before = typist.document
    typist.document = before.with_text(before.text.replace("x = 1", "Box.fill()"))
    workspace.changed(before, typist.document)
    assert "def fill(self)" in typist.shown()["box.py"]


def test_a_document_on_no_disk_is_known_to_the_others() -> None:
    workspace = Workspace((ROOT,), index=index(main=MAIN))
    workspace.changed(None, document(SHELF, "shelf.py"))
    assert "def open_shelf(path, mode):" in Typist(workspace, MAIN).shown()["shelf.py"]


def test_a_long_document_is_read_in_a_thread_and_is_known_when_that_is_done() -> None:
    workspace = Workspace((ROOT,), index=index(main=MAIN))
    long = SHELF + "".join(f"value_{number} = {number}\n" for number in range(AT_ONCE // 10))
    workspace.changed(None, document(long, "shelf.py"))
    typist = Typist(workspace, MAIN)
    typist.shown()
    workspace.settle()
    assert "def open_shelf(path, mode):" in typist.shown()["shelf.py"]


def test_rows_of_a_record_that_is_behind_move_along() -> None:
    """The scope around the cursor is known at the key that begins a row, before the document is read again."""
    text = "".join(f"def one_{number}():\n    return {number}\n\n\n" for number in range(AT_ONCE // 20))
    workspace = Workspace((ROOT,), index=index(main=text))
    here = document(text)
    workspace.changed(None, here)
    workspace.gather(here, 0, limit_tokens=500, count=thirds)
    typed = here.with_text("import os\n" * 7 + text)
    workspace.changed(here, typed)
    record = workspace._overlay.record(typed, workspace.path_of(typed))
    assert record is not None
    lines = typed.text.split("\n")
    assert all(lines[it.first] == it.signature for it in record.definitions)
    assert record.rows == typed.text.count("\n")


def test_the_same_files_and_cursor_give_the_same_prompt() -> None:
    prompts = []
    for names in (("shelf", "main", "other"), ("other", "main", "shelf")):
        texts = {"shelf": SHELF, "main": MAIN, "other": SHELF.replace("Shelf", "Box")}
        workspace = Workspace((ROOT,), index=index(**{name: texts[name] for name in names}))
        prompts.append(Typist(workspace, MAIN).shown())
    assert prompts[0] == prompts[1]


def test_a_rule_that_has_come_hides_what_was_shown(tmp_path: Path) -> None:
    (tmp_path / "shelf.py").write_text(SHELF, encoding="utf-8")
    grammar = grammar_for("python")
    assert grammar is not None
    path = str(tmp_path / "shelf.py")
    known = MemoryIndex([extract(Source.parse(grammar, SHELF), path)], {path: SHELF})
    workspace = Workspace((tmp_path,), index=known)
    here = Document((tmp_path / "main.py").as_uri(), 1, "python", MAIN)
    workspace.changed(None, here)

    def shown() -> list[str]:
        context = workspace.gather(here, len(MAIN) - 1, limit_tokens=2000, count=thirds)
        return [file.path for file in context.files]

    assert shown() == ["shelf.py"]
    (tmp_path / ".understudyignore").write_text("shelf.py\n", encoding="utf-8")
    assert shown() == []
