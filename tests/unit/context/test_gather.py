"""What the model is shown: true to the text, within the budget, and the same from one keystroke to the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.context.gather import Context
from understudy.context.window import MAX_LINES_BELOW, excerpt, window_end, window_start
from understudy.context.workspace import Workspace
from understudy.core.text import Document

ROOT = Path("/project")
URI = (ROOT / "main.py").as_uri()


def words(text: str) -> int:
    return len(text.split()) + text.count("\n")


def thirds(text: str) -> int:
    return -(-len(text) // 3)


def document(text: str, name: str = "main.py", language: str = "python") -> Document:
    return Document((ROOT / name).as_uri(), 1, language, text)


def long_source(functions: int = 60) -> str:
    parts = ["import os\nfrom pathlib import Path\n\n\nclass Shelf:\n"]
    for number in range(functions):
        lines = "".join(f"        total_{line} = self.count({line}) + {number}\n" for line in range(12))
        parts.append(f"    def method_{number}(self, value):\n{lines}        return value\n\n")
    return "".join(parts)


def total(context: Context, count: object) -> int:
    assert callable(count)
    parts = (context.prefix, context.suffix, context.head, *(file.text for file in context.files))
    return sum(count(part) for part in parts)


@settings(deadline=None, max_examples=200)
@given(
    text=st.text(alphabet="ab (\n\r:é😀", max_size=400) | st.just(long_source(20)),
    limit=st.integers(1, 2000),
    count=st.sampled_from([len, words, thirds, lambda text: 3 * len(text) + 1 if text else 0]),
    data=st.data(),
)
def test_within_the_budget_and_true_to_the_text(text: str, limit: int, count: object, data: st.DataObject) -> None:
    assert callable(count)
    offset = data.draw(st.integers(0, len(text)))
    workspace = Workspace((ROOT,))
    workspace.changed(None, document(text))
    workspace.changed(None, document(long_source(3), "other.py"))
    context = workspace.gather(document(text), offset, limit_tokens=limit, count=count)
    workspace.close()
    assert total(context, count) <= limit
    assert text[:offset].endswith(context.prefix)
    assert text[offset:].startswith(context.suffix)
    assert context.suffix.count("\n") <= MAX_LINES_BELOW
    assert context.path == "main.py"


def test_a_small_file_is_shown_whole() -> None:
    text = "import os\n\n\ndef f():\n    \n\n\nx = 1\n"
    workspace = Workspace((ROOT,))
    context = workspace.gather(document(text), 25, limit_tokens=500, count=thirds)
    assert context == Context(text[:25], text[25:], "", "main.py")


def test_head_shows_imports_and_the_scopes_that_fell_out() -> None:
    text = long_source()
    offset = text.index("        return value", text.index("def method_50"))
    context = Workspace((ROOT,)).gather(document(text), offset, limit_tokens=400, count=thirds)
    assert context.head == "import os\nfrom pathlib import Path\n# ...\nclass Shelf:\n# ...\n"
    assert "def method_50" in context.prefix, "the innermost header is in the window and not shown twice"


def test_head_leaves_bodies_out_and_keeps_the_innermost_when_it_is_tight() -> None:
    body = "".join(f"        x_{number} = {number}\n" for number in range(300))
    text = "import os\n\n\nclass Shelf:\n    size = 1\n\n    def put(\n        self,\n        book,\n    ):\n"
    text += body + "        "
    workspace = Workspace((ROOT,))
    context = workspace.gather(document(text), len(text), limit_tokens=400, count=thirds)
    header = "    def put(\n        self,\n        book,\n    ):\n    # ...\n"
    assert context.head == "import os\n# ...\nclass Shelf:\n# ...\n" + header
    tight = workspace.gather(document(text), len(text), limit_tokens=230, count=thirds)
    assert tight.head == header


def test_the_text_after_the_cursor_takes_no_more_than_it_may() -> None:
    text, workspace = long_source(), Workspace((ROOT,))
    offset = text.index("        return value", text.index("def method_30"))
    wide = workspace.gather(document(text), offset, limit_tokens=3000, count=thirds)
    narrow = workspace.gather(document(text), offset, limit_tokens=3000, count=thirds, suffix_tokens=50)
    assert 0 < thirds(narrow.suffix) <= 50 < thirds(wide.suffix)
    assert len(narrow.prefix) > len(wide.prefix), "what it leaves goes to the text before"


def test_braces_stay_with_their_header() -> None:
    body = "".join(f"  const x{number} = {number};\n" for number in range(200))
    text = f'import fs from "fs";\n\nfunction put(book) {{\n{body}  '
    source = document(text + "\n}\n", "main.js", "javascript")
    context = Workspace((ROOT,)).gather(source, len(text), limit_tokens=300, count=thirds)
    assert context.head == 'import fs from "fs";\n// ...\nfunction put(book) {\n// ...\n'


def shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def test_typing_leaves_the_edges_where_they_are() -> None:
    """400 keystrokes in the middle of a long file: the window's start moves in steps, the suffix not at all."""
    text = long_source()
    offset = text.index("        return value", text.index("def method_30"))
    typed = "".join(f"        other_{number} = self.count(value) * {number}\n" for number in range(9))
    workspace = Workspace((ROOT,))
    workspace.changed(None, document(text))
    workspace.settle()
    starts, suffixes, heads = set(), set(), set()
    last = document(text)
    for end in range(len(typed)):
        now = document(text[:offset] + typed[:end] + text[offset:])
        workspace.changed(last, now)
        context = workspace.gather(now, offset + end, limit_tokens=1000, count=thirds)
        starts.add(offset + end - len(context.prefix))
        suffixes.add(context.suffix)
        heads.add(context.head)
        last = now
    assert len(suffixes) == 1
    assert len(starts) <= 2
    assert len(heads) == 1
    assert all(text[start - 1] == "\n" and text.count("\n", 0, start) % 8 == 0 for start in starts)


def test_open_files_and_recent_edits_are_shown_in_a_stable_order() -> None:
    now = 0.0
    workspace = Workspace((ROOT,), clock=lambda: now)
    first, second = document("def one():\n    pass\n", "one.py"), document("def two():\n    pass\n", "two.py")
    main = document("x = \n")
    for opened in (first, second, main):
        workspace.changed(None, opened)

    def shown() -> list[tuple[str, str]]:
        context = workspace.gather(main, 4, limit_tokens=1000, count=thirds)
        return [(file.path, file.text) for file in context.files]

    assert [path for path, _ in shown()] == ["one.py", "two.py"]
    workspace.gather(first, 3, limit_tokens=1000, count=thirds)
    assert [path for path, _ in shown()] == ["one.py", "two.py"], "a visit changes no order"
    edited = document("def two():\n    return 2\n", "two.py")
    workspace.changed(second, edited)
    was = "def two():\n    # - pass\n    return 2\n"
    assert shown() == [("one.py", first.text), ("two.py", was)], "shown once, as what was edited"
    workspace.changed(document("long", "three.py"), None)
    workspace.changed(first, None)
    assert shown() == [("two.py", was)]


def test_an_edit_far_away_in_the_same_file_is_shown_and_a_near_one_is_not() -> None:
    text = long_source()
    workspace = Workspace((ROOT,))
    before = document(text)
    workspace.changed(None, before)
    far = text.index("def method_2(")
    after = document(text[:far] + "def renamed(" + text[far + len("def method_2(") :])
    workspace.changed(before, after)
    offset = after.text.index("return value", after.text.index("def method_50"))
    context = workspace.gather(after, offset, limit_tokens=1000, count=thirds)
    assert ["def renamed(" in file.text for file in context.files] == [True]
    near = workspace.gather(after, after.text.index("def renamed(") + 30, limit_tokens=1000, count=thirds)
    assert near.files == ()


def test_other_languages_ignored_and_secret_files_are_never_shown(tmp_path: Path) -> None:
    (tmp_path / ".understudyignore").write_text("private/\n", encoding="utf-8")
    workspace = Workspace((tmp_path,), ("*.gen.py",))

    def file(name: str, language: str = "python") -> Document:
        return Document((tmp_path / name).as_uri(), 1, language, f"CANARY = {name!r}\n")

    for name in ("private/a.py", "b.gen.py", "secrets.py", "fine.py"):
        workspace.changed(None, file(name))
        workspace.changed(file(name), file(name).with_text("CANARY = 2\n" + "x" * 9))
    workspace.changed(None, file("c.go", "go"))
    context = workspace.gather(file("main.py"), 0, limit_tokens=4000, count=thirds)
    assert {file.path for file in context.files} == {"fine.py"}


def test_names_are_relative_to_the_innermost_folder() -> None:
    workspace = Workspace((ROOT, ROOT / "inner"))
    assert workspace.name((ROOT / "a" / "b.py").as_uri()) == "a/b.py"
    assert workspace.name((ROOT / "inner" / "b.py").as_uri()) == "b.py"
    assert workspace.name(Path("/elsewhere/home/b.py").as_uri()) == "b.py"
    assert workspace.name("untitled:Untitled-1") == "Untitled-1"


@pytest.mark.parametrize("limit", [1, 7, 50, 400, 5000])
def test_windows_fit_also_in_one_endless_line(limit: int) -> None:
    text = "x" * 3000
    start, end = window_start(text, 2000, limit, len), window_end(text, 1000, limit, len)
    assert 2000 - start <= limit
    assert end - 1000 <= limit
    assert limit < 50 or (2000 - start > min(limit, 2000) / 4 and end - 1000 > min(limit, 2000) / 4)


def test_the_lower_edge_moves_in_steps() -> None:
    text = long_source(20)
    offsets = [at for at, character in enumerate(text) if character == "\n"][100:140]
    ends = {window_end(text, offset, 400, thirds) for offset in offsets}
    assert len(ends) <= 6
    assert all(text[:end].endswith("\n") for end in ends)


def test_excerpt_is_whole_lines() -> None:
    text = "a\nb\nc\n"
    assert excerpt(text, 1, 2) == "b\n"
    assert excerpt(text, -3, 2) == "a\nb\n"
    assert excerpt(text, 2, 9) == "c\n"
    assert excerpt(text, 7, 9) == ""


def test_no_part_of_a_secret_is_left_at_an_edge_within_a_long_line() -> None:
    token = "ghp_" + "q7Rz2LmPw9XvNb4TyKc8Jd5HsGf3Ae6UoQ1Z"
    parts = {token[at : at + 8] for at in range(len(token) - 7)}
    text = "{" + ", ".join(f'"{number}": "{token}"' for number in range(400)) + "}"
    workspace = Workspace((ROOT,))
    for offset in range(8000, 8000 + 2 * len(token)):
        context = workspace.gather(document(text, "main.json", "json"), offset, limit_tokens=600, count=thirds)
        assert context.prefix
        assert context.suffix
        assert not [part for part in parts if part in context.prefix or part in context.suffix], offset
