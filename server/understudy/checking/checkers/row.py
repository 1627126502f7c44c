"""What a row of the table of checkers holds, and what it is given to make a command of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from understudy.checking.diagnostic import Diagnostic
from understudy.checking.find import Grounds
from understudy.checking.overlay import Mirror
from understudy.checking.places import Lines
from understudy.checking.run import Call, Output
from understudy.core.text import Document

PYTHON = ("python",)
ECMASCRIPT = ("javascript", "javascriptreact", "typescript", "typescriptreact")


class Unable(Exception):
    """A checker cannot say anything: why, in words that follow its name: "is not installed"."""


@dataclass(frozen=True, slots=True)
class Site:
    """A document at the place where it is checked.

    `path`: the file that it is, or would be. `texts`: all files that are not as on disk, the document among them.
    `mirror` makes the overlay, or gives the one that is made already. `scratch`: a folder that goes when the check is
    over. `kept`: one that stays as long as the session, for caches. `target`: the problem that is asked about.
    """

    document: Document
    path: Path
    texts: Mapping[Path, str]
    grounds: Grounds
    mirror: Callable[[], Mirror]
    scratch: Path
    kept: Path
    target: Diagnostic | None = None

    def nearest(self, *names: str, holds: str = "") -> Path | None:
        """The first file of these names in the document's folder or above it, up to the workspace's; with `holds` only
        one in which this text stands."""
        for folder in self.grounds.chain:
            for name in names:
                file = folder / name
                if file.is_file() and (not holds or holds in text_of(file)):
                    return file
        return None


@dataclass(frozen=True, slots=True)
class Checker:
    """One tool.

    `name`: what the user calls it, in settings and in titles. `program`: what is run. `sources`: what language servers
    call it in their diagnostics, in small letters; `stands_for`: others whose problems it sees as well. `calls` makes
    the commands, of which the first counts that can say something; `read` makes diagnostics of an output. Both may
    raise `Unable`, and neither runs on the event loop. `executes`: it runs code of the workspace. `cheap`: it is asked
    also about what others reported. `alone`: two of it at once would be in each other's way. `format`: what makes it
    answer in the form that `read` understands, when the user has named the command.
    """

    name: str
    program: str
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    calls: Callable[[Site, Path], Iterable[Call]]
    read: Callable[[Output, Call, Lines], tuple[Diagnostic, ...]]
    stands_for: tuple[str, ...] = ()
    executes: bool = False
    cheap: bool = False
    alone: bool = False
    format: tuple[str, ...] = ()


def text_of(file: Path) -> str:
    """A file's text, empty where it cannot be read."""
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def is_document(call: Call, named: str) -> bool:
    """Whether a path in an answer is the document's: by its words, or, where a tool followed a link, by the file."""
    path = Path(os.path.normpath(call.folder / named))
    if path == call.document or path in call.also:
        return True
    try:
        return path.samefile(call.document)
    except OSError:
        return False


def last_words(output: Output) -> str:
    """What a tool said last, in a few words: for one that failed."""
    lines = [line.strip() for text in (output.err, output.out) for line in text.splitlines() if line.strip()]
    said = lines[-1] if lines else f"exit status {output.status}"
    return said if len(said) <= MOST_WORDS else f"{said[: MOST_WORDS - 1]}…"


MOST_WORDS = 100
