"""What git ignores, beside git itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from understudy.context.privacy.gitignore import GitIgnored
from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import innermost_first

GIT = shutil.which("git")


def ignored(root: Path, *names: str) -> list[str]:
    rules = GitIgnored(innermost_first((root,)))
    return [name for name in names if rules.ignores(str(root / name))]


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


RULES = {
    ".gitignore": "*.log\n/build/\n!keep.log\nnode_modules\n**/cache/**\ndocs/*.html\n"
    "\\#odd\nCase.py\n[ab]x.py\nend\\\n!\n",
    ".git/info/exclude": "local.py\n*.excluded\n!build.excluded\n",
    "sub/.gitignore": "!important.log\n/only.py\nbuild\n!local.py\n",
    "sub/deep/.gitignore": "*\n!*.py\n!*/\n",
}
NAMES = [
    *("a.log", "keep.log", "sub/a.log", "sub/important.log", "sub/deep/important.log", "important.log"),
    *("build/a.py", "sub/build/a.py", "x/build/a.py", "build", "only.py", "sub/only.py", "sub/deep/only.py"),
    *("node_modules/a/b.js", "sub/node_modules/keep.log", "cache/a", "x/cache/y/z.py", "docs/a.html", "docs/b/a.html"),
    *("#odd", "local.py", "sub/local.py", "x/local.py", "a.excluded", "build.excluded", "case.py", "Case.py"),
    *("ax.py", "cx.py", "sub/deep/a.txt", "sub/deep/a.py", "sub/deep/x/a.py", "sub/deep/x/a.txt", "main.py"),
]


@pytest.mark.skipif(GIT is None, reason="git is not installed")
def test_as_git_does(tmp_path: Path) -> None:
    subprocess.run([GIT or "git", "init", "-q", str(tmp_path)], check=True)
    write(tmp_path, RULES)
    asked = "\0".join(NAMES).encode()
    command = [GIT or "git", "-c", "core.excludesFile=", "check-ignore", "-z", "--no-index", "--stdin"]
    answer = subprocess.run(command, input=asked, cwd=tmp_path, capture_output=True, check=True)
    expected = answer.stdout.decode().rstrip("\0").split("\0")
    assert len(expected) > 15
    assert ignored(tmp_path, *NAMES) == expected


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@pytest.mark.parametrize("seed", range(6))
def test_as_git_does_with_any_patterns(seed: int, tmp_path: Path) -> None:
    some = Random(seed)
    subprocess.run([GIT or "git", "init", "-q", str(tmp_path)], check=True)

    def pattern() -> str:
        parts = [some.choice(["a", "b", "c", "*", "*.py", "a*", "?", "**", "[ab]", "x.py", "d"]) for _ in range(3)]
        path = "/".join(parts[: some.choice([1, 1, 1, 2, 2, 3])])
        return some.choice(["", "", "", "/", "!", "!", "!/"]) + path + some.choice(["", "", "/"])

    folders = ["", *(it for it in ("a", "a/b", "c", "d") if some.random() < 0.5)]
    write(tmp_path, {f"{it}/.gitignore".lstrip("/"): "\n".join(pattern() for _ in range(5)) for it in folders})
    parts = ("a", "b", "c", "d", "x.py", "y.txt")
    names = sorted({"/".join(some.choice(parts) for _ in range(some.randint(1, 4))) for _ in range(80)})
    names = [name for name in names if not (tmp_path / name).is_dir()]
    asked = "\0".join(names).encode()
    command = [GIT or "git", "-c", "core.excludesFile=", "check-ignore", "-z", "--no-index", "--stdin"]
    answer = subprocess.run(command, input=asked, cwd=tmp_path, capture_output=True, check=False)
    assert ignored(tmp_path, *names) == [it for it in answer.stdout.decode().split("\0") if it]


def test_a_folder_is_ignored_as_a_whole(tmp_path: Path) -> None:
    write(tmp_path, RULES)
    rules = GitIgnored(innermost_first((tmp_path,)))
    folders = ("build", "node_modules", "sub", ".git", "cache", "sub/deep")
    assert [name for name in folders if rules.ignores(str(tmp_path / name), folder=True)] == [
        "build",
        "node_modules",
        ".git",
    ]


def test_a_repository_in_another_has_its_own_rules_alone(tmp_path: Path) -> None:
    write(
        tmp_path, {".git/HEAD": "", ".gitignore": "*.py\n", "inner/.git": "gitdir: x\n", "inner/.gitignore": "a.py\n"}
    )
    assert ignored(tmp_path, "b.py", "inner/a.py", "inner/b.py") == ["b.py", "inner/a.py"]


def test_the_workspaces_folder_is_not_ignored_itself(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", ".gitignore": "scratch/\n*.log\n", "scratch/.gitignore": "b.py\n"})
    assert ignored(tmp_path / "scratch", "a.py", "b.py") == ["b.py"]
    assert ignored(tmp_path, "scratch/a.py") == ["scratch/a.py"]


def test_rules_above_the_workspaces_folder_hold_up_to_the_repositorys(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.py\n", "repository/.git/HEAD": "", "repository/.gitignore": "/app/a.ts\n"})
    (tmp_path / "repository" / "app").mkdir()
    assert ignored(tmp_path / "repository" / "app", "a.py", "a.ts", "b.ts") == ["a.ts"]


def test_without_a_repository_the_files_hold_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "a.py\n"})
    assert ignored(tmp_path, "a.py", "b.py") == ["a.py"]


def test_rules_that_cannot_be_read_ignore_what_they_are_about(tmp_path: Path) -> None:
    (tmp_path / "sub" / ".gitignore").mkdir(parents=True)
    assert ignored(tmp_path, "a.py", "sub/a.py") == ["sub/a.py"]


def test_changed_rules_hold_from_the_next_look_on(tmp_path: Path) -> None:
    rules = GitIgnored(innermost_first((tmp_path,)))
    path = str(tmp_path / "sub" / "a.py")
    assert not rules.ignores(path)
    before = rules.stamp()
    write(tmp_path, {"sub/.gitignore": "a.py\n"})
    assert rules.stamp() != before
    rules.look()
    assert rules.ignores(path)


def test_what_git_ignores_is_hidden_and_not_ignored(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "settings.py\n"})
    privacy = Privacy(innermost_first((tmp_path,)))
    assert privacy.hidden(tmp_path / "settings.py")
    assert not privacy.ignored(tmp_path / "settings.py")
    assert privacy.hidden(tmp_path / ".env")
    assert not privacy.hidden(tmp_path / "main.py")
