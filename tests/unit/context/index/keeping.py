"""A folder kept by this process alone, one step after the other: what the indexer does, without processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from understudy.context.index.folder import Folder
from understudy.context.index.sqlite import SqliteIndex
from understudy.context.index.store import Store
from understudy.context.index.worker import Answer, Task, answer
from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import innermost_first


class Keeping:
    """`answers` says what a worker says; `backwards` has the answers come in another order."""

    def __init__(
        self,
        root: Path,
        file: Path,
        most: int = 1000,
        backwards: bool = False,
        answers: Callable[[str, frozenset[bytes]], Answer] = answer,
    ) -> None:
        self.privacy = Privacy(innermost_first((root,)))
        self.answered: list[str] = []
        self.index = SqliteIndex(file)
        self.folder = Folder(root, Store(file), self.privacy.skips, most, self._submit, self.index.changed)
        self._tasks: list[Task] = []
        self._backwards = backwards
        self._answers = answers

    def _submit(self, tasks: Sequence[Task], urgency: int) -> None:
        self._tasks += tasks

    def settle(self) -> SqliteIndex:
        self.privacy.look()
        while not self.folder.settled:
            self.folder.step()
            if not self.folder.busy and self._tasks:
                path, known = self._tasks.pop(-1 if self._backwards else 0)
                self.answered.append(path)
                self.folder.answered(path, self._answers(path, frozenset(known)))
        return self.index

    def touched(self, *paths: Path) -> SqliteIndex:
        self.folder.touched(map(str, paths))
        return self.settle()

    def rescan(self) -> SqliteIndex:
        self.folder.rescan()
        return self.settle()

    def close(self) -> None:
        self.index.close()
        self.folder.close()
