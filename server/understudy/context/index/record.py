"""What is known of one file: values, made by `extract` and kept by an index.

Paths are absolute, as the workspace's folder is given, with the system's own separators. Rows count from 0; a range of
rows holds its first and not its last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["class", "function", "method", "constant", "field"]
"""`class` is every named type: structs, enums, interfaces, traits, aliases. `constant` is a name at the top of a file
or of a namespace, `field` one in a class."""

OWN = ""
WHOLE_MODULE = ""
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition.

    `parent` is the dotted name of the definitions around it, empty at the top of a file. `signature` is the definition
    without its body: whole lines, exactly as they stand in the file with their indentation, no line end at the end.
    `doc` is the first line of its documentation. `bases` are the last names of the types that a class says it extends.
    The rows `first` to `last` hold it with its body, and with its decorators.
    """

    path: str
    name: str
    kind: Kind
    parent: str
    signature: str
    first: int
    last: int
    doc: str = ""
    bases: tuple[str, ...] = ()

    @property
    def qualified(self) -> str:
        """The dotted name within the file."""
        return f"{self.parent}.{self.name}" if self.parent else self.name


@dataclass(frozen=True, slots=True)
class Import:
    """One name that a file takes from elsewhere.

    `module` is spelled as in the file, without quotes: `..models`, `./view`, `java.util`, `crate::engine::base`,
    `lib/point.h`. It is `OWN` where a file gives a name of its own under another (`export default main` is `main` as
    `default`), and `mod` for a Rust module that is another file (`mod parts;`). `name` is what is taken out of it:
    `WHOLE_MODULE`, `EVERYTHING`, a name, or `default`. `alias` is what it is called in this file (`import os.path` is
    called `os.path`), empty where that is left to the module (`EVERYTHING`, an `#include`).
    """

    module: str
    name: str
    alias: str
    row: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file. `language` is a row's name in `context.syntax.languages`. `definitions` are in the order of the file.

    `references` maps each name that is used to the rows of its uses, in order. `package` is what the file says that it
    belongs to (Java, Kotlin, Go, C#, PHP), else empty.
    """

    path: str
    language: str
    definitions: tuple[Definition, ...] = ()
    references: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    imports: tuple[Import, ...] = ()
    package: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """The rows of a file in which a name is used."""

    path: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The rows `first` to `last` of a file, a stretch that its syntax holds together; `score` says how alike it is to
    what was looked for, in the index's own measure: larger is more alike."""

    path: str
    first: int
    last: int
    score: float
