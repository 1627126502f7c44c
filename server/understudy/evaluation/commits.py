"""Text that people really typed: the lines that the commits of a repository added, in the file as it stood."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from understudy.context.syntax.languages import language_of
from understudy.evaluation.git import git

HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
LONGEST = 240  # characters of one piece
SHORTEST = 21
WHOLE_LINES = 12  # up to which an addition is typed from its beginning


@dataclass(frozen=True, slots=True)
class Typing:
    """`text` is typed into `before` at `offset`; `path` and `commit` say where it comes from. `beyond`: what the author
    wrote after that and nobody types here."""

    commit: str
    path: str
    language: str
    before: str
    offset: int
    text: str
    beyond: str = ""


def typings(
    root: Path, *, characters: int, wanted: Callable[[str], bool] = lambda language: True, seed: int = 7
) -> list[Typing]:
    """Pieces of what was added until they come to `characters`; the same ones for the same history and seed. `wanted`
    takes the id of a language. Raises `UsageError`: there is no such repository."""
    commits = git(root, "log", "--no-merges", "--format=%H").split()
    dice = random.Random(seed)
    dice.shuffle(commits)
    chosen: list[Typing] = []
    total = 0
    for commit in commits:
        names = [(path, row.ids[0]) for path in _changed(root, commit) if (row := language_of(path)) is not None]
        dice.shuffle(names)
        # One piece of a commit, so that no large one stands for all.
        typing = next(
            (it for path, name in names if wanted(name) and (it := _one(root, commit, path, name, dice))), None
        )
        if typing is not None:
            chosen.append(typing)
            total += len(typing.text)
            if total >= characters:
                break
    return chosen


def _changed(root: Path, commit: str) -> list[str]:
    return [
        name
        for name in git(root, "show", "--format=", "--name-only", "-z", "--diff-filter=AM", commit).split("\0")
        if name
    ]


def _one(root: Path, commit: str, path: str, language: str, dice: random.Random) -> Typing | None:
    """A piece of what a commit added to a file, if there is enough."""
    runs = _added(root, commit, path)
    source = git(root, "show", f"{commit}:{path}").replace("\r\n", "\n")
    # git counts line feeds, where str.splitlines also counts form feeds and others.
    lines = [f"{line}\n" for line in source.split("\n")]
    if not runs or max(last for _, last in runs) > len(lines):
        return None
    first, last = dice.choice(runs)
    start = first
    if last - first > WHOLE_LINES:
        # Of a long addition a part in the middle: what stands above it is there already, below it nothing is.
        start = first + dice.randrange((last - first) // 4, 3 * (last - first) // 4)
    before, after = "".join(lines[:start]), "".join(lines[last:])
    written = "".join(lines[start:last])
    text = written[:LONGEST].rstrip()
    whole = f"{before}\n{after}"
    if len(text) < SHORTEST or _binary(whole + text):
        return None
    return Typing(commit[:10], path, language, whole, len(before), text, written[len(text) :])


def _binary(text: str) -> bool:
    """Whether it holds what no source text does: bytes that are not UTF-8, or NUL."""
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _added(root: Path, commit: str, path: str) -> list[tuple[int, int]]:
    """Half-open ranges of lines, from 0, that the commit added."""
    diff = git(root, "show", "--format=", "--unified=0", "--no-ext-diff", "--no-textconv", commit, "--", path)
    found = ((int(start) - 1, int(count or 1)) for start, count in HUNK.findall(diff))
    return [(start, start + count) for start, count in found if count]
