"""Where a checker's program is: on the PATH outside the workspace, and inside it only where the folder is trusted.

Whoever clones a repository has not agreed to run what lies in it. So a program that the workspace brings along, whether
by a name on the PATH, a link or an empty entry, is not run unless the user named the folder in `fix.trustedFolders`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from understudy.context.privacy.roots import innermost_first, resolved

SCRIPTS = "Scripts" if os.name == "nt" else "bin"
OWN = (Path("node_modules/.bin"), Path(".venv") / SCRIPTS, Path("venv") / SCRIPTS)


@dataclass(frozen=True, slots=True)
class Grounds:
    """The folder that a document belongs to, and whether the user trusts it. `chain`: the document's folder and those
    above it up to `root`; `forbidden`: folders of which nothing is run, links followed."""

    root: Path
    chain: tuple[Path, ...]
    trusted: bool
    forbidden: tuple[Path, ...]

    def allows(self, program: Path) -> bool:
        """Whether a program may be run, by its path and by where that leads."""
        if self.trusted:
            return True
        real = resolved(program)
        places = (program, real)
        return real is not None and not any(
            place.is_relative_to(folder) for place in places if place for folder in self.forbidden
        )


def grounds_of(path: Path, roots: tuple[Path, ...], trusted: Iterable[str | Path]) -> Grounds:
    """The grounds of a file by its path below a root. One that lies in no root belongs to its own folder."""
    root = next((root.given for root in innermost_first(roots) if path.is_relative_to(root.given)), path.parent)
    chain = tuple(folder for folder in path.parents if folder.is_relative_to(root))
    # The root too: its configuration and its programs count for all below. And the file by where its folder leads.
    real = [resolved(root), resolved(path.parent)]
    trusted_folders = [resolved(Path(folder).expanduser()) for folder in trusted]
    is_trusted = any(
        folder is not None and all(place is not None and place.is_relative_to(folder) for place in real)
        for folder in trusted_folders
    )
    places = [place for folder in (*roots, root) for place in (folder, resolved(folder)) if place]
    return Grounds(root, chain, is_trusted, tuple(dict.fromkeys(places)))


def find(program: str, grounds: Grounds, path: str | None = None) -> Path | None:
    """Where `program` is, None where it may not be run or is not there. `path`: by default the variable PATH."""
    for folder in (*_own(grounds), *folders(grounds, path)):
        found = shutil.which(str(folder / program))  # with a folder in the name, PATH is not looked at
        if found and (folder == _beside() or grounds.allows(Path(found))):
            return Path(found)
    return None


def folders(grounds: Grounds, path: str | None = None) -> tuple[Path, ...]:
    """The entries of PATH from which programs may be run, last the folder of this interpreter, beside which a user may
    have installed a checker. A relative or empty entry would be whatever folder a program runs in."""
    entries = (os.environ.get("PATH", os.defpath) if path is None else path).split(os.pathsep)
    absolute = [Path(entry) for entry in entries if entry and Path(entry).is_absolute()]
    return tuple(dict.fromkeys([*(folder for folder in absolute if grounds.allows(folder)), _beside()]))


def brought_along(program: str, grounds: Grounds) -> bool:
    """Whether the workspace has such a program, which may not be run."""
    return not grounds.trusted and any((folder / own / program).exists() for folder in grounds.chain for own in OWN)


def interpreter(grounds: Grounds) -> Path:
    """The Python whose packages the code imports: the folder's own where it is trusted."""
    for name in ("python3", "python"):
        if (found := find(name, grounds)) is not None:
            return found
    return Path(sys.executable)


def virtual_environment(grounds: Grounds) -> Path | None:
    """The folder of the project's own environment, of which nothing is run."""
    places = (folder / name for folder in grounds.chain for name in (".venv", "venv"))
    return next((place for place in places if (place / "pyvenv.cfg").is_file()), None)


def _own(grounds: Grounds) -> Iterator[Path]:
    if grounds.trusted:
        yield from (folder / own for folder in grounds.chain for own in OWN)


def _beside() -> Path:
    """It is what runs us, so whoever can change it needs no trick."""
    return Path(sys.executable).parent
