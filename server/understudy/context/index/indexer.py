"""The process that keeps the indexes of the workspace's folders: `python -m understudy.context.index.indexer`.

It is driven by lines of JSON on its standard input and ends with it. The first says what to do: `roots`, `folder` (for
the databases), `ignore` (the user's patterns), `most` (files of a folder) and `workers`. Then come, in any order,
`{"touched": [path, ...]}`, `{"rescan": true}`, `{"damaged": root}` and `{"settle": number}`. It says

    {"open": root, "file": path}            a database is there to be read; also when it was made anew
    {"changed": root}                       it was written
    {"progress": [message, done, total]}    how far it is; done when equal
    {"settled": number, "parsed": count}    all that was asked for before is done; so many files were parsed so far
    {"problem": sentence}                   said once
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePath
from time import monotonic, time
from typing import IO, Any

from understudy.context.index.folder import Folder
from understudy.context.index.kept import Kept, Say, database_of
from understudy.context.index.old import remove_old
from understudy.context.index.store import Store
from understudy.context.index.worker import Answer
from understudy.context.index.workers import LATER, Workers
from understudy.context.privacy import gitignore, ignore
from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import innermost_first

NICENESS = 10
QUEUE = 256  # answers that wait to be written; when there are more, the workers wait
TICK_SECONDS = 0.25
TELL_SECONDS = 0.05  # between two reports
WARM_LANGUAGES = 3
RULES = frozenset((*ignore.FILES, *(PurePath(file).name for file in gitignore.FILES)))


class Indexer:
    """All of the process, but for what it reads and says."""

    def __init__(self, job: Mapping[str, Any], say: Say) -> None:
        self.events: queue.Queue[Callable[[], None] | None] = queue.Queue(QUEUE)
        self._say = say
        self._privacy = Privacy(innermost_first(tuple(map(Path, job["roots"]))), tuple(job["ignore"]))
        self._most = int(job["most"])
        self._workers = Workers(int(job["workers"]), self._answered)
        folder = Path(job["folder"])
        files = {root: database_of(root, folder) for root in map(Path, job["roots"])}
        remove_old(folder, files.values(), time())
        self._kept = [Kept(root, file, self._make, say) for root, file in files.items()]
        self._settling: list[int] = []
        self._reached: object = None
        self._told = 0.0
        self._warm = False

    def run(self) -> None:
        """Work until there comes None."""
        while True:
            for kept in self._kept:
                kept.open()
            self._each(Folder.step)
            self._tell()
            busy = any(kept.folder is not None and kept.folder.busy for kept in self._kept)
            try:
                event = self.events.get(block=not busy, timeout=None if busy else TICK_SECONDS)
            except queue.Empty:
                self._workers.check()
                continue
            if event is None:
                break
            event()
        for kept in self._kept:  # first, since whoever waits for this process to end does not wait long
            kept.close()
        self._workers.close()

    def command(self, command: Mapping[str, Any]) -> None:
        """Do what a line says."""
        touched = [str(path) for path in command.get("touched", ())]
        if touched or "rescan" in command:
            self._privacy.look()
        if "rescan" in command or any(PurePath(path).name in RULES for path in touched):
            self._each(Folder.rescan)
        self._each(lambda folder: folder.touched(touched))
        for kept in self._kept:
            if command.get("damaged") == str(kept.root):
                kept.damaged()
        if "settle" in command:
            self._settling.append(command["settle"])

    def _make(self, root: Path, store: Store) -> Folder:
        self._privacy.look()
        return Folder(
            root,
            store,
            self._privacy.skips,
            self._most,
            self._workers.submit,
            lambda: self._say({"changed": str(root)}),
        )

    def _answered(self, path: str, answer: Answer) -> None:
        # Called from the workers' threads.
        self.events.put(lambda: self._each(lambda folder: folder.answered(path, answer)))

    def _each(self, act: Callable[[Folder], None]) -> None:
        for kept in self._kept:
            kept.act(act)

    def _tell(self) -> None:
        folders = [kept.folder for kept in self._kept if kept.folder is not None]
        over = all(kept.settled for kept in self._kept)
        if over:
            reached: object = ["", 1, 1]
            for number in self._settling:
                self._say({"settled": number, "parsed": sum(folder.parsed for folder in folders)})
            self._settling.clear()
            if not self._warm:
                # The first file that is saved should not wait for a process to start.
                self._warm = True
                paths = [path for folder in folders for path in folder.examples(WARM_LANGUAGES)]
                self._workers.submit([(path, ()) for path in paths[:WARM_LANGUAGES]], LATER)
        else:
            at = next((folder for folder in folders if not folder.settled), None)
            message, done, total = at.progress if at is not None else ("Waiting for another process that reads", 0, 1)
            reached = [message, min(done, total - 1), total] if total else ["Looking for files", 0, 1]
        # Not for each file: to write a line waits for whoever reads it.
        if reached != self._reached and (over or monotonic() - self._told > TELL_SECONDS):
            self._reached, self._told = reached, monotonic()
            self._say({"progress": reached})


def main() -> None:
    """Do what the lines of the standard input say, until it ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # Whatever else prints must not get between the lines.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(what: dict[str, object]) -> None:
        try:
            out.write(json.dumps(what) + "\n")
            out.flush()
        except OSError:
            os._exit(0)  # nobody is left to hear it

    first = sys.stdin.readline()
    if first:
        indexer = Indexer(json.loads(first), say)
        threading.Thread(target=_listen, args=(sys.stdin, indexer), daemon=True).start()
        indexer.run()


def _listen(lines: IO[str], indexer: Indexer) -> None:
    for line in lines:
        command = json.loads(line)
        indexer.events.put(partial(indexer.command, command))
    indexer.events.put(None)


if __name__ == "__main__":
    main()
