"""What all producers need to know about a cursor, found out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from understudy.context.cursor import Cursor
from understudy.context.index.record import EVERYTHING, WHOLE_MODULE, Definition, FileRecord
from understudy.context.resolve.evidence import Evidence, evidence
from understudy.context.resolve.files import folder_of, parts_of, stem_of
from understudy.context.resolve.names import Names, alike
from understudy.context.resolve.words import HALF, Near, Typed, near, subwords, typed
from understudy.context.syntax.languages import language_of
from understudy.core.text import line_before

MAX_IMPORTS = 80
PACKAGED = frozenset({"go", "java", "kotlin", "csharp", "swift"})
"""Languages whose files see what the others of their folder define."""
MAX_PACKAGE = 10  # files of a folder that are read
BEFORE = 5_000  # characters that are searched for types
AFTER = 1_500
FAR = 120  # rows from the cursor at which the document's own definitions may have fallen out of the prompt


@dataclass(frozen=True, slots=True)
class Binding:
    """A name of the file that stands for something of another file: `alias` here, `name` there (see `Import`)."""

    alias: str
    name: str
    files: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether it stands for all that the files define."""
        return self.name in (WHOLE_MODULE, EVERYTHING)


@dataclass(frozen=True)
class Scene:
    """A cursor and what was found out about it. Everything is found at its first use and kept."""

    cursor: Cursor

    @cached_property
    def record(self) -> FileRecord:
        """The document's own record; an empty one where there is none."""
        known = self.cursor.record
        if known is not None:
            return known
        language = language_of(self.cursor.document.language)
        return FileRecord(self.cursor.path, language.name if language is not None else "")

    @cached_property
    def lines(self) -> list[str]:
        """The document's lines."""
        return self.cursor.document.text.split("\n")

    @cached_property
    def row(self) -> int:
        """The cursor's row."""
        return self.cursor.document.text.count("\n", 0, self.cursor.offset)

    @cached_property
    def import_rows(self) -> frozenset[int]:
        """The rows of the document's imports."""
        return frozenset(it.row for it in self.record.imports)

    @cached_property
    def near(self) -> Near:
        """The names near the cursor."""
        return near(self.lines, self.row, self.import_rows)

    @cached_property
    def typed(self) -> Typed:
        """What stands right before the cursor."""
        return typed(line_before(self.cursor.document.text, self.cursor.offset))

    def begun(self, name: str) -> bool:
        """Whether a name begins with what was typed of one at the cursor."""
        return bool(self.typed.prefix) and name.startswith(self.typed.prefix)

    @cached_property
    def around(self) -> tuple[Definition, ...]:
        """The definitions around the cursor, the outermost first. An empty row at the end of one belongs to it."""
        row = self.row
        while row > 0 and not (self.lines[row].strip() if row < len(self.lines) else ""):
            row -= 1
        indented = self.row < len(self.lines) and self.lines[self.row][:1] in (" ", "\t")
        rows = {self.row, row} if indented else {self.row}
        return tuple(it for it in self.record.definitions if any(it.first <= at < it.last for at in rows))

    @cached_property
    def bindings(self) -> tuple[Binding, ...]:
        """What the file imports of the workspace, in its order."""
        return tuple(
            Binding(imported.alias, imported.name, files)
            for imported in self.record.imports[:MAX_IMPORTS]
            if (files := self.names.files(imported, self.record))
        )

    @cached_property
    def imported_files(self) -> frozenset[str]:
        """The files that the bindings lead to."""
        return frozenset(path for binding in self.bindings for path in binding.files)

    @cached_property
    def package(self) -> tuple[str, ...]:
        """The files beside the document's of the same language, those that define what it uses near the cursor first,
        then those that are called like it; none where they have to be imported."""
        if self.record.language not in PACKAGED:
            return ()
        tail = "/".join(parts_of(self.folder)[-3:])
        found = [it for it in self.cursor.index.ending(f"{tail}/") if folder_of(it) == self.folder]
        found = [it for it in found if it != self.cursor.path and alike(it, self.cursor.path)]
        used = {it.path for name in self.near.bare for it in self.resolved(name)} if len(found) > MAX_PACKAGE else set()
        called = {it: self.affinity(stem_of(it)) for it in found}
        return tuple(sorted(found, key=lambda it: (it not in used, -called[it], it))[:MAX_PACKAGE])

    @cached_property
    def imported_names(self) -> frozenset[str]:
        """What the bindings are called."""
        return frozenset(binding.alias or binding.name for binding in self.bindings)

    @cached_property
    def folder(self) -> str:
        """The document's folder."""
        return folder_of(self.cursor.path)

    @cached_property
    def names(self) -> Names:
        """Look-ups."""
        return Names(self.cursor.index, self.record, self.cursor.led)

    @cached_property
    def subwords(self) -> dict[str, float]:
        """The words that the names near the cursor are made of, each with the weight of the nearest."""
        found: dict[str, float] = {}
        for names in (self.near.bare, self.near.dotted):
            for name, weight in names.items():
                for word in subwords(name):
                    if weight > found.get(word, 0.0):
                        found[word] = weight
        return found

    def affinity(self, name: str) -> float:
        """How much of a name is made of words that are used near the cursor, from 0 to 1: who writes `build_date` is
        likelier to need `get_build_timestamp` than another function of that module."""
        words = subwords(name)
        return sum(self.subwords.get(word, 0.0) for word in words) / len(words) if words else 0.0

    @cached_property
    def evidence(self) -> dict[str, list[Evidence]]:
        """What the text before the cursor, and a little after it, says of its variables' types."""
        text, offset = self.cursor.document.text, self.cursor.offset
        headers = [it.signature for it in self.around]
        return evidence("\n".join([*headers, text[max(offset - BEFORE, 0) : offset + AFTER]]), self.record.language)

    def resolved(self, name: str) -> tuple[Definition, ...]:
        """What a bare name of the document stands for."""
        return self.names.resolved(name)

    def shown(self, definition: Definition) -> bool:
        """Whether the prompt most likely shows a definition anyway, since it stands near the cursor."""
        near = definition.first - FAR < self.row < definition.last + FAR
        return definition.path == self.cursor.path and near

    def near_uses(self, name: str) -> float:
        """How near to the cursor a name is used in the document: 1 beside it, 0 where it is not."""
        rows = self.record.references.get(name, ())
        far = min((abs(self.row - row) for row in rows), default=None)
        return max(self.near.weight(name), HALF / (HALF + far) if far is not None else 0.0)


def scene_at(cursor: Cursor) -> Scene:
    """The scene of a cursor, the same for all that ask."""
    if "scene" not in cursor.notes:
        cursor.notes["scene"] = Scene(cursor)
    scene = cursor.notes["scene"]
    assert isinstance(scene, Scene)
    return scene
