"""Which checkers there are here, for a user who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from understudy.checking.checkers.table import CHECKERS
from understudy.checking.choose import usable
from understudy.checking.find import find, grounds_of
from understudy.core.settings import FixSettings


@dataclass(frozen=True, slots=True)
class Installed:
    """A checker and its program; without one, `unable` says why: "pyright is not installed"."""

    checker: str
    languages: tuple[str, ...]
    program: Path | None
    unable: str = ""


def installed(folder: Path, settings: FixSettings, languages: Iterable[str] | None = None) -> tuple[Installed, ...]:
    """The checkers for these languages (LSP's ids; by default all), as they are found for files in this folder."""
    grounds = grounds_of(folder / "file", (folder,), settings.trusted_folders)
    wanted = None if languages is None else set(languages)
    found = []
    for row in CHECKERS:
        if wanted is None or wanted & set(row.languages):
            it = usable(row, grounds, lambda program: find(program, grounds))
            program, unable = (it, "") if isinstance(it, Path) else (None, it)
            found.append(Installed(row.name, row.languages, program, unable))
    return tuple(found)
