"""The second pass: from what was read of the files, which imports which and how strongly they lean on each other."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from sys import intern

from understudy.context.index import entry as packed
from understudy.context.index import linking
from understudy.context.index.edges import ends_in, imported, key_of, split_tail
from understudy.context.index.record import FileRecord
from understudy.context.index.store import Store
from understudy.context.resolve.files import folder_of

ENOUGH = linking.MOST_DEFINERS + 1
SPEAKS_FOR_FOLDER = linking.SPEAKS_FOR_FOLDER | {"main"}
"""Files that come and go in the name of their folder, for which every import is looked at again."""
NAMELESS = re.compile(r'"[./\\]+"|\b(self|super|crate)\b')
"""Imports that name no file."""
STEP = 64


class Paths:
    """The files of the index, with their numbers, as the resolution of imports asks for them."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.numbers: dict[str, int] = {}
        self._tails: dict[str, set[str]] = defaultdict(set)
        self._folders: dict[str, set[str]] = defaultdict(set)
        self._answers: dict[str, tuple[str, ...]] = {}  # many files ask for the same
        self.speaking: set[int] = set()  # those that pass on what others of their folder define
        self._lying: dict[int, str] = {}  # the folder of each number
        for path, number in numbers.items():
            self.add(path, number)

    def __contains__(self, path: object) -> bool:
        return path in self.numbers

    def add(self, path: str, number: int) -> None:
        """A file is there."""
        tail, folder = key_of(path)
        self.numbers[path] = number
        self._tails[tail].add(path)
        self._folders[folder].add(path)
        self._answers.clear()
        self._lying[number] = intern(folder_of(path))
        if linking.speaks(path):
            self.speaking.add(number)

    def remove(self, path: str) -> None:
        """A file is gone."""
        tail, folder = key_of(path)
        number = self.numbers.pop(path, -1)
        self._lying.pop(number, None)
        self.speaking.discard(number)
        self._tails[tail].discard(path)
        self._folders[folder].discard(path)
        self._answers.clear()

    def lying(self, number: int) -> str:
        """The folder of a file."""
        return self._lying.get(number, "")

    def ending(self, tail: str) -> tuple[str, ...]:
        """The files whose path ends in the whole parts `tail`, or whose folder does where it ends in `/`."""
        if tail not in self._answers:
            parts, folder = split_tail(tail)
            known = (self._folders if folder else self._tails).get(parts[-1], ()) if parts else ()
            self._answers[tail] = tuple(sorted(ends_in(known, parts, folder=folder)))
        return self._answers[tail]


def link_all(store: Store, paths: Paths) -> Iterator[int]:
    """Find all imports and all links, in steps. Gives the number of files done.

    Between two steps files may come, go and change: who changes them has those linked again that it concerns.
    """
    every = list(paths.numbers)
    for done, path in enumerate(every):
        if path in paths:
            resolve(store, paths, path)
        if done % STEP == 0:
            yield done // 2
    definers: dict[int, list[int]] = {}
    for name, file in store.every_definition():
        files = definers.setdefault(name, [])
        if len(files) < ENOUGH and (not files or files[-1] != file):
            files.append(file)
    for done, path in enumerate(every):
        if path in paths:
            _link(store, paths, paths.numbers[path], lambda name: definers.get(name, ()))
        if done % STEP == 0:
            yield (len(every) + done) // 2


def link(store: Store, paths: Paths, number: int) -> None:
    """Find the links of a file."""
    _link(store, paths, number, lambda name: store.definers(name, ENOUGH))


def resolve(store: Store, paths: Paths, path: str) -> bool:
    """Find the imports of one file; whether they lead elsewhere than before."""
    number = paths.numbers[path]
    about = store.imports(number)
    targets = _targets(paths, path, *about) if about is not None else []
    if targets == store.targets(number):
        return False
    store.set_targets(number, targets)
    return True


def resolve_again(store: Store, paths: Paths, changed: Sequence[str]) -> list[int]:
    """Find again the imports that the coming and going of files may lead elsewhere; the files where they do."""
    stems = {part for path in changed for part in (PurePath(path).stem, key_of(path)[1]) if part}
    every = bool(stems & SPEAKS_FOR_FOLDER)
    # On what the JSON spells, which has its own way with letters that are not ASCII.
    named = re.compile("|".join(re.escape(json.dumps(stem)[1:-1].partition(".")[0]) for stem in sorted(stems)))
    about = [row[1] for row in store.importing() if every or named.search(row[3]) or NAMELESS.search(row[3])]
    return [paths.numbers[path] for path in about if path in paths and resolve(store, paths, path)]


def _targets(paths: Paths, path: str, about: str, imports: str) -> list[int]:
    language, package, rows = json.loads(about)
    record = FileRecord(path, language, imports=packed.importing(imports), package=package, rows=rows)
    return [paths.numbers[target] for target in imported(record, paths)]


def _link(store: Store, paths: Paths, number: int, definers: Callable[[int], Sequence[int]]) -> None:
    known = store.leanings(number)
    if known is None:
        return
    language, leanings = known
    imported = store.targets(number)
    near = set(linking.passed_on(imported, paths.speaking.__contains__, store.targets))
    folder, lying = paths.lying(number), paths.lying
    beside, far = (linking.apart(language, beside=it, importing=bool(imported)) for it in (True, False))

    def counts(file: int) -> float:
        return linking.IMPORTED if file in near else beside if lying(file) == folder else far

    store.set_links(number, linking.links(leanings, definers, imported, counts))
