"""A folder that looks like the workspace with some files changed, made of links: tools find configuration, imports and
project files in it, and whatever they write beside the sources goes with it.

Only the folders on the way to a changed file are real; whatever else lies in them is a link. So making one costs a look
into those folders, however large the workspace is, and nothing of the workspace can be changed by removing it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# What tools leave beside sources. A link to it would let them write there.
LEFT_OUT = frozenset((".git", ".hg", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__", ".eslintcache"))
BUILD_STATE = ".tsbuildinfo"


@dataclass(frozen=True, slots=True)
class Mirror:
    """The overlay of the folder `top` at `place`."""

    top: Path
    place: Path

    def path(self, real: Path) -> Path:
        """What a path of the workspace is called in the overlay; one outside `top` stays as it is."""
        return self.place / real.relative_to(self.top) if real.is_relative_to(self.top) else real

    def put(self, real: Path, text: str) -> Path:
        """Make a file of the overlay say something else, and return it. A link in its place is taken away, since what
        is written to it would arrive in the workspace; folders on the way have to be real ones."""
        path = self.path(real)
        path.unlink(missing_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))
        return path


def top_of(root: Path) -> Path:
    """Where an overlay of a workspace folder begins: at the top of its repository, since configuration is often found
    above the folder that is open, else at the folder itself."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def mirror(top: Path, changed: Mapping[Path, str], place: Path) -> Mirror:
    """Make an overlay of `top` in the new folder `place`, with the texts of `changed` in place of those files. They may
    be new, in new folders; those that do not lie below `top` are left out. Raises `OSError`."""
    texts = {path: text for path, text in changed.items() if path.is_relative_to(top) and path != top}
    chain = {folder for path in texts for folder in path.parents if folder.is_relative_to(top)} | {top}
    for folder in sorted(chain, key=lambda folder: len(folder.parts)):
        target = place / folder.relative_to(top)
        target.mkdir(parents=True)
        if folder.is_dir():
            _link_entries(folder, target, chain | texts.keys())
    made = Mirror(top, place)
    for path, text in texts.items():
        made.put(path, text)
    return made


def remove(place: Path) -> None:
    """Remove an overlay; what its links lead to stays."""
    shutil.rmtree(place, ignore_errors=True)


def _link_entries(folder: Path, target: Path, made: set[Path]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = folder / entry.name
            if path in made or entry.name.endswith(BUILD_STATE):
                continue
            if entry.name in LEFT_OUT:
                # Tools look for it to see where a repository ends; an empty one is no repository to git.
                if entry.name == ".git":
                    (target / entry.name).mkdir()
                continue
            _link(path, target / entry.name, is_folder=entry.is_dir())


def _link(real: Path, link: Path, *, is_folder: bool) -> None:
    try:
        link.symlink_to(real, target_is_directory=is_folder)
    except OSError:
        # Windows lets not everybody make links. A file can be copied; a folder is missed.
        if not is_folder:
            with contextlib.suppress(OSError):
                shutil.copyfile(real, link)
