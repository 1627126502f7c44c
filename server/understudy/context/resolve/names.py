"""From a name in a file to its definitions in others: through imports, re-exports and inheritance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from understudy.context.cursor import Led
from understudy.context.index.base import Index
from understudy.context.index.record import EVERYTHING, WHOLE_MODULE, Definition, FileRecord, Import
from understudy.context.resolve.files import folder_of
from understudy.context.resolve.targets import targets
from understudy.context.syntax.languages import family, language_of

MAX_RECORDS = 48
"""Files of whose record one cursor reads at most: each costs the index a look-up and the building of its values."""
MAX_STEPS = 5  # re-exports that are followed from file to file
MAX_BASES = 8  # classes above one, in all
OPEN = frozenset({"go", "java", "kotlin", "csharp", "swift", "c", "cpp", "ruby", "php", "bash"})
"""Languages in which a name of another file needs no import of its own: those of the package or folder are simply
there."""

NAMESPACES = frozenset({"cpp", "csharp", "php", "ruby", "rust", "kotlin", "lua"})
"""Languages in which what stands at the top of a file may have a namespace for a parent."""


class Names:
    """Look-ups in an index for one cursor, each made once. `own` is the record of the cursor's document, which is what
    stands for its file here; `led` is `Cursor.led`."""

    def __init__(self, index: Index, own: FileRecord, led: Led | None = None) -> None:
        self.index = index
        self.own = own
        self._records: dict[str, FileRecord | None] = {own.path: own}
        self._defined: dict[str, tuple[Definition, ...]] = {}
        self._targets: Led = {} if led is None else led
        self._tops: dict[str, dict[str, list[Definition]]] = {}
        self._classes: dict[str, dict[str, str]] = {}
        self._imports: dict[str, dict[str, list[Import]]] = {}
        self._resolved: dict[tuple[str, str], tuple[Definition, ...]] = {}

    def read(self, path: str) -> FileRecord | None:
        """The record of a file; None when it is unknown, or when enough have been read."""
        if path not in self._records:
            if len(self._records) > MAX_RECORDS:
                return None
            self._records[path] = self.index.record(path)
        return self._records[path]

    def defined(self, name: str) -> tuple[Definition, ...]:
        """The definitions of a name in other files of this language."""
        if name not in self._defined:
            kin = family(self.own.language)
            found = self.index.defined(name, family=kin) if kin else ()
            self._defined[name] = tuple(it for it in found if it.path != self.own.path)
        return self._defined[name]

    def files(self, imported: Import, record: FileRecord) -> tuple[str, ...]:
        """The files that an import of a file leads to."""
        key = record.path, record.package, imported.module, imported.name
        if key not in self._targets:
            self._targets[key] = targets(imported, record, self.index)
        return self._targets[key]

    def exported(self, name: str, files: Iterable[str]) -> tuple[Definition, ...]:
        """The definitions that `name` stands for in the first of these files that has it, by itself or from another
        file that it passes on: `__init__`, index files, `pub use`, `import *`."""
        return self._exported(name, tuple(files), MAX_STEPS, set())

    def resolved(self, name: str, record: FileRecord | None = None) -> tuple[Definition, ...]:
        """What a bare name of a file (the cursor's, if none is given) stands for: what the file defines or imports,
        then what its folder defines, where the language needs no import for that. Empty where it would be a guess."""
        record = record or self.own
        key = record.path, name
        if key not in self._resolved:
            if record.language not in OPEN and not self._may_know(name, record):
                return ()
            found = self._passed_on(name, record, MAX_STEPS, {(record.path, name)})
            self._resolved[key] = found or self._beside(name, record)
        return self._resolved[key]

    def line_of(self, start: Definition) -> Iterator[tuple[int, Definition]]:
        """A class and those above it, nearest first, each once, with the number of steps up to it."""
        seen = {(start.path, start.qualified)}
        level = [start]
        for steps in range(MAX_BASES):
            yield from ((steps, it) for it in level)
            level = [it for it in self._above(level) if (it.path, it.qualified) not in seen]
            seen |= {(it.path, it.qualified) for it in level}
            if not level or len(seen) > MAX_BASES:
                return

    def members(self, owner: Definition) -> tuple[Definition, ...]:
        """What a class defines: in its file, and in a language whose methods stand outside of it (Go, C++, Rust) in the
        files beside it that are known to."""
        paths = [owner.path]
        if owner.kind == "class" and (record := self.read(owner.path)) and record.language in ("go", "cpp", "swift"):
            paths += [it for it in self._partners(owner) if it != owner.path]
        found = []
        for path in paths:
            if (record := self.read(path)) is not None:
                found += [it for it in record.definitions if it.parent == owner.qualified]
        return tuple(found)

    def header(self, it: Definition) -> str:
        """The signature of the class that a member stands in; empty at the top of a file, and where the class is in
        another file."""
        if not it.parent:
            return ""
        if it.path not in self._classes:
            record = self.read(it.path)
            known = record.definitions if record is not None else ()
            self._classes[it.path] = {other.qualified: other.signature for other in known if other.kind == "class"}
        return self._classes[it.path].get(it.parent, "")

    def _partners(self, owner: Definition) -> list[str]:
        """Files of the folder that use the class's name: its methods do."""
        folder, kin = folder_of(owner.path), family(self.own.language)
        return [use.path for use in self.index.using(owner.name, family=kin) if folder_of(use.path) == folder][:6]

    def _above(self, level: list[Definition]) -> Iterator[Definition]:
        for it in level:
            record = self.read(it.path)
            for base in it.bases:
                if record is not None:
                    yield from (found for found in self.resolved(base, record) if found.kind == "class")

    def _exported(
        self, name: str, files: tuple[str, ...], steps: int, seen: set[tuple[str, str]]
    ) -> tuple[Definition, ...]:
        fresh = [path for path in files if (path, name) not in seen]
        seen.update((path, name) for path in fresh)
        if found := self._direct(name, fresh):
            return found
        for path in fresh if steps else ():
            record = self.read(path)
            if record is not None and (found := self._passed_on(name, record, steps, seen)):
                return found
        return ()

    def _passed_on(
        self, name: str, record: FileRecord, steps: int, seen: set[tuple[str, str]]
    ) -> tuple[Definition, ...]:
        if own := self._top(record).get(name):
            return tuple(own)
        # Without a module it is a name of the file's own, given under another: `export default order`.
        incoming = [
            (it, wanted, self.files(it, record) if it.module else (record.path,))
            for it, wanted in self._incoming(name, record)
        ]
        # First what needs no reading: an index file may pass on dozens of others as a whole.
        for _, wanted, files in incoming:
            if found := self._direct(wanted, files):
                return found
        for imported, wanted, files in incoming:
            if _everything(imported) and not self.defined(name):
                continue
            if found := self._exported(wanted, files, steps - 1, seen):
                return found
            if imported.name == "default" and (found := self._default(imported, record)):
                return found
        return ()

    def _direct(self, name: str, files: Iterable[str]) -> tuple[Definition, ...]:
        """The definitions of a name in the first of these files that has one by itself."""
        known = self.defined(name)
        for path in files if known else ():
            if found := tuple(it for it in known if it.path == path and reachable(it)):
                return found
        return ()

    def _top(self, record: FileRecord) -> dict[str, list[Definition]]:
        """The definitions that other files can name, by name."""
        if record.path not in self._tops:
            by_name: dict[str, list[Definition]] = {}
            for it in record.definitions:
                if reachable(it):
                    by_name.setdefault(it.name, []).append(it)
            self._tops[record.path] = by_name
        return self._tops[record.path]

    def _may_know(self, name: str, record: FileRecord) -> bool:
        """Whether a name can stand for anything in a file by what it defines and imports: most are local variables."""
        imports = self._by_alias(record)
        return "" in imports or name in imports or name in self._top(record)

    def _incoming(self, name: str, record: FileRecord) -> Iterator[tuple[Import, str]]:
        """The imports by which a name may come into a file, and what it is called where it comes from. What is named
        is looked for before what comes along with everything."""
        imports = self._by_alias(record)
        yield from ((it, it.name) for it in imports.get(name, ()) if it.name != WHOLE_MODULE)
        yield from ((it, name) for it in imports.get("", ()))

    def _by_alias(self, record: FileRecord) -> dict[str, list[Import]]:
        """A file's imports by what they are called in it; what comes along with everything has no name."""
        if record.path not in self._imports:
            by_alias: dict[str, list[Import]] = {}
            for it in record.imports:
                by_alias.setdefault("" if _everything(it) else it.alias or it.name, []).append(it)
            self._imports[record.path] = by_alias
        return self._imports[record.path]

    def _default(self, imported: Import, record: FileRecord) -> tuple[Definition, ...]:
        """What a default export is most likely: what the file calls by the name that it is given here, else the file's
        only class or function."""
        for path in self.files(imported, record):
            if (other := self.read(path)) is not None:
                top = [it for it in other.definitions if not it.parent and it.kind in ("class", "function")]
                named = [it for it in top if it.name == imported.alias]
                return tuple(named or (top if len(top) == 1 else ()))
        return ()

    def _beside(self, name: str, record: FileRecord) -> tuple[Definition, ...]:
        if record.language not in OPEN:
            return ()
        known = [it for it in self.defined(name) if reachable(it)]
        folder = folder_of(record.path)
        beside = tuple(it for it in known if folder_of(it.path) == folder)
        return beside or (tuple(known) if len({it.path for it in known}) == 1 else ())


def reachable(it: Definition) -> bool:
    """Whether other files can name a definition by itself: it stands at the top of its file or of a namespace, or is a
    class in one."""
    return not it.parent or it.kind == "class" or (it.kind in ("function", "constant") and _spaced(suffix_of(it.path)))


@cache
def _spaced(suffix: str) -> bool:
    language = language_of(f"x.{suffix}")
    return language is not None and language.name in NAMESPACES


def suffix_of(path: str) -> str:
    """What a path ends in after its last dot."""
    return path.rpartition(".")[2]


def _everything(imported: Import) -> bool:
    return imported.name == EVERYTHING or (imported.name == WHOLE_MODULE and not imported.alias)


def alike(path: str, other: str) -> bool:
    """Whether a file may define what another one of these names uses: both are of one language, or of two that are
    linked with each other."""
    return _family(suffix_of(path)) == _family(suffix_of(other))


@cache
def _family(suffix: str) -> str:
    language = language_of(f"x.{suffix}")
    return family(language.name) if language is not None else ""
