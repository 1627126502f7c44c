"""What a commit added is typed into the file as it stood; a repository's own settings start nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from repositories import git, repository

from understudy.core.errors import UsageError
from understudy.evaluation.commits import LONGEST, typings
from understudy.evaluation.git import git as harmless

BEFORE = "import os\n\n\ndef first():\n    return 1\n"
ADDED = "\n\ndef second(number):\n    return number + 1\n"
LONG = "".join(f"value_{number} = compute({number})\n" for number in range(40))


def test_a_piece_is_what_was_added_in_the_file_without_it(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": BEFORE + "# end\n"}, {"a.py": BEFORE + ADDED + "# end\n"})
    head = git(root, "rev-parse", "HEAD").strip()
    (piece,) = [it for it in typings(root, characters=10_000) if head.startswith(it.commit)]
    assert (piece.path, piece.language) == ("a.py", "python")
    assert piece.before[: piece.offset] == BEFORE
    assert piece.text == ADDED.rstrip()
    assert piece.before[piece.offset :].strip() == "# end"
    assert piece.before[: piece.offset] + piece.text + piece.beyond + "# end\n" == BEFORE + ADDED + "# end\n"


def test_of_a_long_addition_a_part_is_typed(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": LONG})
    (piece,) = typings(root, characters=10_000)
    assert len(piece.text) <= LONGEST
    assert piece.offset > 0
    assert LONG.startswith(piece.before[: piece.offset] + piece.text), "what stands above it is there already"
    assert (piece.text + piece.beyond).endswith("compute(39)\n")


def test_the_same_pieces_for_the_same_seed(tmp_path: Path) -> None:
    root = repository(tmp_path, *({f"{number}.py": f"{LONG}# {number}\n"} for number in range(12)))
    assert typings(root, characters=600, seed=1) == typings(root, characters=600, seed=1)
    assert typings(root, characters=600, seed=1) != typings(root, characters=600, seed=2)
    assert 600 <= sum(len(piece.text) for piece in typings(root, characters=600)) < 600 + LONGEST


def test_files_of_known_languages_only(tmp_path: Path) -> None:
    added = {
        "a.py": LONG,
        "b.rs": 'fn main() {\n    println!("hello, world");\n}\n',
        "c.txt": LONG,
        "d.py": b"\xff" + LONG.encode(),
    }
    root = repository(tmp_path, *({name: text} for name, text in added.items()))
    assert {piece.language for piece in typings(root, characters=10_000)} == {"python", "rust"}
    only = typings(root, characters=10_000, wanted=lambda language: language == "rust")
    assert [piece.path for piece in only] == ["b.rs"]


def test_line_ends_of_windows_and_form_feeds(tmp_path: Path) -> None:
    root = repository(
        tmp_path, {"a.py": "x = 1\r\n\fy = 2\r\n"}, {"a.py": "x = 1\r\n\fy = 2\r\nadded = some_function(1)\r\n"}
    )
    piece = typings(root, characters=10)[0]
    assert "\r" not in piece.before + piece.text
    assert piece.before[: piece.offset] + piece.text in ("x = 1\n\fy = 2\nadded = some_function(1)", "x = 1\n\fy = 2")


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git cannot read"):
        typings(tmp_path / "none", characters=10)
    with pytest.raises(UsageError, match="git cannot read"):
        typings(tmp_path, characters=10)


def test_a_program_that_the_repository_names_is_not_run(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", {"a.py": LONG, ".gitattributes": "*.py diff=own\n"})
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "diff.external",
        "diff.own.command",
        "diff.own.textconv",
        "core.pager",
        "core.sshCommand",
    ):
        git(root, "config", name, str(program))
    assert typings(root, characters=10)
    assert harmless(root, "status", "--porcelain") == ""
    assert not mark.exists()
    for words in (("show", "--ext-diff", "--textconv"), ("status",)):
        git(root, *words)
        assert mark.exists(), "git would have run it"
        mark.unlink()
