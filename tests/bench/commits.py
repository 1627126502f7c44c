"""Text that people really typed: the lines that the commits of a repository added, in the file as it stood.

The repository is the project's own, so that the bench needs nothing that a clone does not have.
"""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True)
class Typing:
    """`text` is typed into `before` at `offset`; `path` and `commit` say where it comes from."""

    commit: str
    path: str
    before: str
    offset: int
    text: str


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def typings(root: Path, *, characters: int, longest: int = 240, seed: int = 7) -> list[Typing]:
    """Runs of added Python lines until they come to `characters`; the same ones for the same history and seed."""
    commits = git(root, "log", "--no-merges", "--format=%H").split()
    chosen: list[Typing] = []
    total = 0
    shuffled = random.Random(seed)
    candidates = [(commit, path) for commit in commits for path in _changed(root, commit)]
    shuffled.shuffle(candidates)
    for commit, path in candidates:
        after = git(root, "show", f"{commit}:{path}")
        runs = [run for run in _added(root, commit, path) if run[1] - run[0] >= 1]
        if not runs:
            continue
        first, last = shuffled.choice(runs)
        typing = _typing(commit, path, after.splitlines(keepends=True), first, last, longest, shuffled)
        if typing is None:
            continue
        chosen.append(typing)
        total += len(typing.text)
        if total >= characters:
            break
    return chosen


def _changed(root: Path, commit: str) -> list[str]:
    names = git(root, "show", "--format=", "--name-only", "--diff-filter=AM", commit, "--", "*.py").split("\n")
    return [name for name in names if name]


def _added(root: Path, commit: str, path: str) -> list[tuple[int, int]]:
    """Half-open ranges of lines, from 0, that the commit added."""
    diff = git(root, "show", "--format=", "--unified=0", commit, "--", path)
    found = ((int(start) - 1, int(count or 1)) for start, count in HUNK.findall(diff))
    return [(start, start + count) for start, count in found if count]


def _typing(
    commit: str, path: str, lines: list[str], first: int, last: int, longest: int, shuffled: random.Random
) -> Typing | None:
    # Of a long addition, a stretch in the middle is typed: what stands above it is there already, below it nothing is.
    whole = last - first
    if whole > 12:
        start = first + shuffled.randrange(whole // 4, 3 * whole // 4)
        before, after = "".join(lines[:start]), "".join(lines[last:])
        text = "".join(lines[start:last])[:longest]
    else:
        before, after = "".join(lines[:first]), "".join(lines[last:])
        text = "".join(lines[first:last])[:longest]
    text = text.rstrip()
    return Typing(commit[:10], path, before + "\n" + after, len(before), text) if len(text) > 20 else None
