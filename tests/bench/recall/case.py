"""What is asked and what would be right: values. Paths are relative to the project's folder, with `/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DECORATION = "│⋮ \t"
SHORTENED = 80


@dataclass(frozen=True, slots=True)
class Target:
    """An identifier of the cut line. `places` are its true definitions in other files: a path, and the line that holds
    the name being defined, stripped. `kind` says how the truth was found."""

    name: str
    kind: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A line that was cut. `text` is the file without it from its first character that is no blank; the cursor stands
    there, at `offset` in code points. `line` is what was cut."""

    project: str
    path: str
    row: int
    offset: int
    text: str
    line: str
    targets: tuple[Target, ...]

    @property
    def where(self) -> str:
        """As a reader would look it up."""
        return f"{self.project} {self.path}:{self.row + 1}"

    def lines_before(self, count: int) -> list[str]:
        """The last lines before the cursor, with its own."""
        return self.text[: self.offset].split("\n")[-count:]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of another file that a system shows. `parts` are stretches of them, each with the reason that the system
    gives for it; a reason stands before its text."""

    path: str
    text: str
    parts: tuple[tuple[str, str], ...] = ()

    def reason(self, target: Target) -> str:
        """Why the definition is shown, which is in this excerpt."""
        lines = {line for _, line in target.places}
        return next((why for why, text in self.parts if lines & {it.strip() for it in text.split("\n")}), "?")


@dataclass(frozen=True, slots=True)
class Project:
    """One unpacked package. `files` are its sources by path; what is not among them is not there for any system."""

    name: str
    language: str
    root: Path
    files: dict[str, str]


def written(project: Project, folder: Path) -> Path:
    """A copy of a project in a folder of its own within `folder`."""
    root = folder.resolve() / "project"
    for path, text in project.files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def cut(project: str, path: str, text: str, row: int, targets: tuple[Target, ...]) -> Case:
    """The case of one row."""
    lines = text.split("\n")
    line = lines[row]
    blank = len(line) - len(line.lstrip())
    offset = sum(len(before) + 1 for before in lines[:row]) + blank
    left = "\n".join([*lines[:row], line[:blank], *lines[row + 1 :]])
    return Case(project, path, row, offset, left, line[blank:], targets)


def found(target: Target, shown: tuple[Excerpt, ...]) -> Excerpt | None:
    """The excerpt that shows one of the true definitions' own lines, as a line of the file that it stands in. A line
    that a system cuts short counts when `SHORTENED` characters of it are left."""
    for excerpt in shown:
        lines = [it.strip(DECORATION) for it in excerpt.text.split("\n")]
        for path, line in target.places:
            if excerpt.path == path and any(
                it == line or (len(it) >= SHORTENED and line.startswith(it)) for it in lines
            ):
                return excerpt
    return None
