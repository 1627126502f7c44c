"""Case files: prose that says why, then named sections.

    Why this case exists.

    -- @settings --
    {"multiline": "never"}
    -- main.py --
    def f():
        ret$0
    -- @engine --
    "urn 1\\n"
    -- @want --
    urn 1

Sections keep their order and may repeat. A section whose name does not begin with `@` is a source; `$0` is the cursor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^-- (.+?) --$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    name: str
    text: str


@dataclass(frozen=True)
class Case:
    path: Path
    prose: str
    sections: tuple[Section, ...]

    def text(self, name: str, default: str = "") -> str:
        return next((section.text for section in self.sections if section.name == name), default)

    def source(self) -> tuple[str, str, int]:
        """Name, text without the cursor mark, and the cursor's offset."""
        section = next(section for section in self.sections if not section.name.startswith("@"))
        assert section.text.count("$0") == 1, f"{self.path} needs one $0"
        return section.name, section.text.replace("$0", ""), section.text.index("$0")

    def unknown(self, known: set[str]) -> list[str]:
        return [section.name for section in self.sections if section.name.startswith("@") and section.name not in known]


def read(path: Path) -> Case:
    pieces = HEADING.split(path.read_bytes().decode("utf-8"))
    assert pieces[0].strip(), f"{path} does not say why it exists"
    bodies = [body.removeprefix("\n").removesuffix("\n") for body in pieces[2::2]]
    return Case(path, pieces[0], tuple(Section(*pair) for pair in zip(pieces[1::2], bodies, strict=True)))


def write(case: Case) -> None:
    sections = (f"-- {section.name} --\n{section.text}\n" for section in case.sections)
    case.path.write_bytes((case.prose + "".join(sections)).encode("utf-8"))
