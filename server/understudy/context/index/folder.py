"""One workspace folder in the indexer: what was found in it, what has to be read, and what that changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from time import monotonic

from understudy.context.index import relinking
from understudy.context.index.entry import Entry
from understudy.context.index.relinking import Paths
from understudy.context.index.scan import Found, Skips, look, nearest, scan, unreadable
from understudy.context.index.store import Full, Store, numbered
from understudy.context.index.worker import Answer, Task
from understudy.context.index.workers import NOW, SOON

MANY = 200
"""When so many files came, went or changed, all links are found anew; when more are told of, all are looked at."""
FEW = 32
"""So many files' links are found in one step."""
COMMIT_SECONDS = 0.5
CANDIDATES = 8  # contents of the same length that a file is compared with

Submit = Callable[[Sequence[Task], int], None]


class Folder:
    """A folder and its store.

    `submit` has files parsed, and whoever hears of the answers calls `answered`. `skips` says what must not be read.
    `step` does a part of what there is to do; `written` is called when others can see a change. Every method may raise
    `sqlite3.Error`.
    """

    def __init__(
        self, root: Path, store: Store, skips: Skips, most: int, submit: Submit, written: Callable[[], None]
    ) -> None:
        self.root = root
        self._skips = skips
        self.parsed = 0
        self.progress = "", 0, 0  # what is being done, files done, files in all
        self.unreadable = ""  # why the folder itself cannot be read
        self.looked = False  # whether that is known
        self._store = store
        self._most = most
        self._submit = submit
        self._written = written
        self._pending: dict[str, Found] = {}
        self._again: set[str] = set()  # changed once more while they were being read
        self._steps: Iterator[object] | None = None
        self._scan_wanted = True
        self._linked = store.meta("linked") == 1
        self._gone: dict[str, None] = {}
        self._came: dict[str, None] = {}  # these or their going may be what imports mean
        self._read: dict[str, None] = {}  # their imports are to be resolved
        self._loose: dict[int, None] = {}  # their links are to be found
        self._begun: float | None = None
        self._load()

    @property
    def busy(self) -> bool:
        """Whether `step` has something to do."""
        return self._steps is not None or self._scan_wanted or (not self._pending and self._unfinished)

    @property
    def settled(self) -> bool:
        """Whether all that was asked for is done and can be seen."""
        return not (self.busy or self._pending)

    def rescan(self) -> None:
        """Look at all files again."""
        self._scan_wanted = True

    def touched(self, paths: Iterable[str]) -> None:
        """Something about these paths may have changed."""
        some = list(paths)
        if len(some) > MANY:  # as when a branch is changed: each by itself has all folders above it listed
            self.rescan()
            return
        for path in some:
            found = look(self.root, path, self._skips)
            if found is not None and (path in self._numbers or len(self._numbers) < self._most):
                self._seen(found, NOW)
            elif path in self._pending:  # it is gone, but what was read of it is still to come
                self._again.add(path)
            elif path in self._known:
                self._gone[path] = None
            elif Path(path).is_dir() or any(known.startswith(path + os.sep) for known in self._known):
                self.rescan()

    def answered(self, path: str, answer: Answer) -> None:
        """A file that was submitted has been read."""
        found = self._pending.pop(path, None)
        if found is None:
            return
        message, done, total = self.progress
        self.progress = message, min(done + 1, total), total
        if path in self._again:
            self._again.discard(path)
            self.touched([path])
            return
        if isinstance(answer, str):
            self._put(found, None, answer)
        elif isinstance(answer, tuple):
            self.parsed += 1
            self._put(found, Entry(*answer), "")
        elif answer == self._digest(path):
            self._note(found, answer)
        elif (copied := self._store.copy(answer, PurePath(path).suffix)) is not None:
            self._put(found, copied, "")
        else:
            self._submit_one(found, (), NOW)
        if self._begun is not None and monotonic() - self._begun > COMMIT_SECONDS and not self._linked:
            self._commit()

    def step(self) -> None:
        """Do a part of what there is to do."""
        if self._steps is None:
            if self._scan_wanted:
                self._scan_wanted = False
                self._steps = self._look_around()
            elif not self._pending and self._unfinished:
                self._steps = self._relink()
            else:
                return
        if next(self._steps, self) is self:
            self._steps = None

    def examples(self, count: int) -> list[str]:
        """A file for each of the `count` commonest kinds."""
        kinds: dict[str, list[str]] = {}
        for path in self._paths.numbers:
            kinds.setdefault(PurePath(path).suffix, []).append(path)
        return [paths[0] for paths in sorted(kinds.values(), key=len, reverse=True)[:count]]

    def close(self) -> None:
        """Keep what was written."""
        self._store.close()

    @property
    def _unfinished(self) -> bool:
        return self._unlinked or self._begun is not None

    @property
    def _unlinked(self) -> bool:
        return bool(not self._linked or self._gone or self._came or self._read or self._loose)

    def _load(self) -> None:
        rows = self._store.known()
        self._numbers = {path: number for path, (number, *_) in rows.items()}
        self._known = {path: (modified, size, digest) for path, (_, modified, size, digest) in rows.items()}
        self._paths = Paths({path: number for path, (number, *_, digest) in rows.items() if digest is not None})
        self._sizes: dict[int, list[bytes]] = {}
        for _, size, digest in self._known.values():
            self._remember(size, digest)

    def _remember(self, size: int, digest: bytes | None) -> None:
        some = self._sizes.setdefault(size, [])
        if digest is not None and digest not in some and len(some) < CANDIDATES:
            some.append(digest)

    def _digest(self, path: str) -> bytes | None:
        return self._known[path][2] if path in self._known else None

    def _look_around(self) -> Iterator[object]:
        """Scan the folder, and submit what is new or changed."""
        every: list[Found] = []
        self.unreadable, self.looked = unreadable(self.root), True
        for found in scan(self.root, self._skips, self._most):
            if found is not None:
                every.append(found)
            else:
                yield every
        chosen = nearest(every, self._most)
        there = {found.path for found in chosen}
        gone = [path for path in self._known if path not in there]
        changed = [found for found in chosen if self._differs(found)]
        if len(gone) + len(changed) > MANY:
            self._loosen_all()
        self._gone.update(dict.fromkeys(gone))
        self.progress = "Reading", 0, len(changed)
        self._give_numbers([found.path for found in changed])
        yield every
        for found in changed:
            self._seen(found, SOON)

    def _differs(self, found: Found) -> bool:
        known = self._known.get(found.path)
        return known is None or known[:2] != (found.modified, found.size)

    def _seen(self, found: Found, urgency: int) -> None:
        self._gone.pop(found.path, None)
        if found.path in self._pending:
            if self._pending[found.path] != found:
                self._again.add(found.path)
        elif self._differs(found):
            self._give_numbers([found.path])
            digest = self._digest(found.path)
            own = (digest,) if digest is not None else ()
            self._submit_one(found, (*own, *self._sizes.get(found.size, ())), urgency)

    def _submit_one(self, found: Found, known: tuple[bytes, ...], urgency: int) -> None:
        self._pending[found.path] = found
        self._submit([(found.path, known)], urgency)

    def _give_numbers(self, paths: Iterable[str]) -> None:
        new = [path for path in paths if path not in self._numbers]
        if not new:
            return
        try:
            self._numbers.update(numbered(self._numbers, new))
        except Full:
            waiting = [path for path in self._numbers if path not in self._known]
            self._loosen_all()
            self._store.renumber()
            self._commit()  # and let it be known: to readers the old numbers are other files' by now
            self._load()
            self._loose.clear()
            self._numbers.update(numbered(self._numbers, [*waiting, *new]))

    def _put(self, found: Found, it: Entry | None, unfit: str) -> None:
        """A file's content is another, or it is none to be indexed."""
        path, number = found.path, self._numbers[found.path]
        if it is None and unfit == "gone":
            if path in self._known:
                self._gone[path] = None
            return
        self._begin()
        self._drop(path, {name for name, _ in it.definitions} if it is not None else None)
        self._note(found, it.digest if it is not None else None, unfit)
        if it is not None:
            self._store.put(number, it)
            if path not in self._paths:
                self._paths.add(path, number)
                self._came[path] = None
            self._read[path] = None

    def _note(self, found: Found, digest: bytes | None, unfit: str = "") -> None:
        self._begin()
        self._store.look(self._numbers[found.path], found, digest, unfit or None)
        self._known[found.path] = found.modified, found.size, digest
        self._remember(found.size, digest)

    def _drop(self, path: str, names: set[int] | None) -> None:
        """Take out what was known of a file that from now on defines `names`, or leaves the index."""
        number = self._numbers[path]
        self._loose[number] = None
        if self._linked:
            for name in self._store.names_defined(number) ^ (names or set()):
                # One more than count, for the definer that goes or comes.
                if len(self._store.definers(name, relinking.ENOUGH + 1)) <= relinking.ENOUGH:
                    self._loose.update(dict.fromkeys(self._store.users(name)))
            if names is None:
                self._loose.update(dict.fromkeys(self._store.importers(number)))
        self._store.take(number)
        if names is None and path in self._paths:
            self._paths.remove(path)
            self._came[path] = None

    def _relink(self) -> Iterator[object]:
        """Bring imports and links up to what was read; then let it be seen."""
        self._begin()
        for path in self._gone:
            if path in self._known:
                self._drop(path, None)
                number = self._numbers.pop(path)
                self._store.forget(number)
                self._loose.pop(number, None)
                del self._known[path]
        self._gone.clear()
        if len(self._came) + len(self._read) > MANY:
            self._loosen_all()
        yield from self._link_all() if not self._linked else self._link_some()
        self._commit()

    def _link_all(self) -> Iterator[object]:
        self._came.clear()
        self._read.clear()
        self._loose.clear()
        self._linked = True  # what changes from here on is told apart again
        for done in relinking.link_all(self._store, self._paths):
            self.progress = "Linking", done, max(len(self._known), done)
            yield done
        self._store.optimize()
        self._say_linked()

    def _link_some(self) -> Iterator[object]:
        read, came = list(self._read), list(self._came)
        self._read.clear()
        self._came.clear()
        for path in read:
            if path in self._paths and relinking.resolve(self._store, self._paths, path):
                self._loosen(self._paths.numbers[path])
        for number in relinking.resolve_again(self._store, self._paths, came) if came else ():
            self._loosen(number)
        loose = list(self._loose)
        self._loose.clear()
        if len(loose) > FEW:
            self._store.say("linked", 0)  # until all is done, in case that this process ends
        for place, number in enumerate(loose, 1):
            relinking.link(self._store, self._paths, number)
            if place % FEW == 0:
                self._commit()
                yield place
                self._begin()
        self._say_linked()

    def _loosen(self, number: int) -> None:
        """A file imports others than before: what it leans on, and who leans on what it passes on, is found anew."""
        self._loose[number] = None
        if number in self._paths.speaking:
            self._loose.update(dict.fromkeys(self._store.importers(number)))

    def _say_linked(self) -> None:
        if not self._unlinked:  # or else there has come more meanwhile
            self._store.say("linked", 1)

    def _loosen_all(self) -> None:
        self._begin()
        self._linked = False
        self._store.say("linked", 0)

    def _begin(self) -> None:
        if self._begun is None:
            self._begun = monotonic()
            self._store.begin()

    def _commit(self) -> None:
        if self._begun is not None:
            self._begun = None
            self._store.commit()
            self._written()
