"""Which files of a folder are sources to be read: none that must not be, no one else's, none that a tool made."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

from understudy.context.index.reading import LARGEST
from understudy.context.privacy.rule_files import inside
from understudy.context.syntax.languages import language_of

_FOREIGN = (
    "node_modules bower_components jspm_packages __pycache__ __pypackages__ site-packages .git .hg .svn .bzr .jj"
    " .venv .tox .nox .eggs .mypy_cache .ruff_cache .pytest_cache .hypothesis .gradle .next .nuxt .svelte-kit .turbo"
    " .parcel-cache .terraform .serverless .cache .idea .vs .vscode-test .yarn .pnpm-store Pods DerivedData .build"
)
FOREIGN = frozenset(_FOREIGN.split())
"""Folders of what was installed, downloaded or computed, wherever they lie."""
_WEB = frozenset({"package.json"})
_PYTHON = frozenset({"setup.py", "setup.cfg", "pyproject.toml"})
_GRADLE = frozenset({"build.gradle", "build.gradle.kts"})
OUTPUTS = MappingProxyType(
    {
        "dist": _WEB | _PYTHON,
        "build": _WEB | _PYTHON | _GRADLE | {"CMakeLists.txt", "meson.build"},
        "target": frozenset({"Cargo.toml", "pom.xml", "build.sbt"}),
        "out": _WEB | _GRADLE,
        "coverage": _WEB,
        "_build": frozenset({"mix.exs", "dune-project", "conf.py"}),
    }
)
"""Folders that a build makes, where one of these files lies beside them; elsewhere the name may be a source's."""
MARKS = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
"""Files that say of their folder that it is a virtual environment, or a cache (https://bford.info/cachedir/)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by path, with the time of its last change (nanoseconds) and its size (bytes)."""

    path: str
    modified: int
    size: int


class Skips(Protocol):
    """The rules about what must not be read: a file, or a folder with everything in it (`Privacy.skips`)."""

    def __call__(self, path: str, *, folder: bool = False) -> bool:
        """Whether it must not be read."""
        ...


def scan(root: Path, skips: Skips, most: int) -> Iterator[Found | None]:
    """The files below `root`, and None each time a folder is done, so that a caller can do something else meanwhile.

    The caller cuts them with `nearest`; more than 16 times as many end the scan. Links are not followed, so that
    nothing is met that is not in the folder, and nothing twice. What cannot be looked at is left out.
    """
    count = 0
    waiting = [str(root)]
    for folder in waiting:  # breadth first: what is near is met before it may be too much
        folders, files = _listed(folder, opened=folder == str(root))
        for entry in files:
            if not skips(entry.path) and (found := _found(entry)) is not None:
                count += 1
                yield found
        if count > 16 * most:
            return
        waiting += [path for path in folders if not skips(path, folder=True)]
        yield None


def nearest(found: Iterable[Found], most: int) -> list[Found]:
    """At most `most` files, sorted by path: those in the fewest folders, and of these the last changed."""
    every = list(found)
    if len(every) > most:
        every = sorted(every, key=lambda it: (it.path.count(os.sep), -it.modified, it.path))[:most]
    return sorted(every, key=lambda it: it.path)


def unreadable(folder: Path) -> str:
    """Why a folder cannot be listed; empty where it can."""
    try:
        with os.scandir(folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def look(root: Path, path: str, skips: Skips) -> Found | None:
    """One file as a scan would meet it; None where it would not."""
    if not Path(path).is_relative_to(root) or language_of(path) is None:
        return None
    parts = Path(path).relative_to(root).parts
    folder = str(root)
    for number, part in enumerate(parts[:-1]):
        folders, _ = _listed(folder, opened=number == 0)
        folder = inside(folder, part)
        if folder not in folders:
            return None
    _, files = _listed(folder, opened=len(parts) == 1)
    entry = next((entry for entry in files if entry.path == path), None)
    return _found(entry) if entry is not None and not skips(path) else None


def _listed(folder: str, *, opened: bool) -> tuple[list[str], list[os.DirEntry[str]]]:
    """The folders to enter and the sources, sorted. `opened` is the workspace's own folder, whatever it is."""
    try:
        with os.scandir(folder) as entries:
            here = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return [], []
    names = {entry.name for entry in here}
    if names & MARKS and not opened:
        return [], []
    folders = [it.path for it in here if _is(it, "is_dir") and _ours(it.name, names)]
    return folders, [it for it in here if language_of(it.name) is not None and _is(it, "is_file")]


def _is(entry: os.DirEntry[str], kind: Literal["is_dir", "is_file"]) -> bool:
    try:
        return bool(getattr(entry, kind)(follow_symlinks=False))
    except OSError:
        return False


def _ours(name: str, beside: set[str]) -> bool:
    return name not in FOREIGN and not beside & OUTPUTS.get(name, frozenset())


def _found(entry: os.DirEntry[str]) -> Found | None:
    try:
        state = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return Found(entry.path, state.st_mtime_ns, state.st_size) if state.st_size <= LARGEST else None
