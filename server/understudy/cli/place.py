"""A cursor as a person types it, FILE:LINE:COL, and what an editor would say of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from understudy.cli.indexing import readable
from understudy.context.privacy.ignore import FILE
from understudy.context.syntax.languages import language_of
from understudy.core.errors import UsageError
from understudy.core.layers import WORKSPACE_FILE
from understudy.core.text import Document, split_lines
from understudy.features.completion.outcome import Query, Trigger

FORM = "Say where as FILE:LINE:COL, counted from 1."
ROOT_MARKS = (FILE, WORKSPACE_FILE, ".git")
MANIFESTS = (
    *("pyproject.toml", "setup.py", "package.json", "go.mod", "Cargo.toml", "pom.xml", "build.gradle"),
    *("build.gradle.kts", "Package.swift", "Gemfile", "composer.json", "CMakeLists.txt", "Makefile"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor in a file, counted from 1; columns are code points."""

    file: Path
    line: int
    column: int


def workspace_of(place: Path) -> Path:
    """The folder whose rules hold for a file or folder, as if an editor had opened it: the nearest one that has any,
    else the repository, else the nearest with a project's manifest, else the folder itself or that of the file. Raises
    `UsageError`."""
    try:
        place = place.resolve()
    except FileNotFoundError:
        raise UsageError("The folder that you are in was deleted.", "Go to another.") from None
    folder = place if place.is_dir() else place.parent
    above = (folder, *folder.parents)
    marked = next((it for mark in ROOT_MARKS for it in above if (it / mark).exists()), None)
    if marked is not None:
        return marked
    # A stray manifest at home, or above it, makes no project of everything.
    projects, _ = readable(above)
    return next((it for it in projects if any((it / mark).is_file() for mark in MANIFESTS)), folder)


def is_project(folder: Path) -> bool:
    """Whether something in a folder says that its files belong together; a stray file's folder may hold anything."""
    return any((folder / mark).exists() for mark in (*ROOT_MARKS, *MANIFESTS))


def parse_place(words: str) -> Place:
    """Read `FILE:LINE:COL`. Raises `UsageError`."""
    file, *numbers = words.rsplit(":", 2)
    if not file or len(numbers) < 2 or not all(number.isascii() and number.isdigit() for number in numbers):
        raise UsageError(f"{words} names no place in a file.", FORM)
    return Place(Path(file), int(numbers[0]), int(numbers[1]))


def query_at(place: Place) -> Query:
    """The question that an editor with this file open and this cursor would ask. Raises `UsageError`."""
    text = read_text(place.file)
    language = language_of(place.file.name)
    uri = place.file.resolve().as_uri()
    document = Document(uri, 1, language.ids[0] if language else "plaintext", text)
    return Query(document, offset_at(text, place), Trigger.INVOKED)


def read_text(file: Path) -> str:
    """The text of a file. Raises `UsageError`."""
    try:
        if file.is_dir():
            raise UsageError(f"{file} is a folder.", "Give a file.")
        if file.exists() and not file.is_file():  # reading a pipe would wait for whoever writes to it
            raise UsageError(f"{file} is a pipe or a device.", "Give a file.")
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise UsageError(f"There is no file {file}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8 text.", "Give a source file in UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).", "Check the path and its rights.") from error


def offset_at(text: str, place: Place) -> int:
    """The offset of a place. Raises `UsageError` for one outside the text."""
    lines = split_lines(text)
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    if not 1 <= place.line <= len(lines):
        raise UsageError(f"{place.file} has no line {place.line}.", f"Its lines go from 1 to {len(lines)}.")
    width = len(lines[place.line - 1].rstrip("\r\n"))
    if not 1 <= place.column <= width + 1:
        raise UsageError(
            f"Line {place.line} of {place.file} has no column {place.column}.", f"Its columns go from 1 to {width + 1}."
        )
    return sum(map(len, lines[: place.line - 1])) + place.column - 1
