"""The results of one run as JSON lines: the first says which run it is, the others are results, appended as they come.

A run that was interrupted goes on in its file, which is found by what makes the run this one and no other (`identity`).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from understudy.core.errors import UsageError
from understudy.core.lock import Lock, try_lock

KIND = "understudy-evaluation"
Record = Mapping[str, Any]


@dataclass(slots=True)
class Journal:
    """An open file of results. `records` holds those that are in it, by the question's key."""

    path: Path
    head: Mapping[str, Any]
    records: dict[str, Record] = field(default_factory=dict)
    _lock: Lock | None = None

    def add(self, key: str, record: Record) -> None:
        """Keep a result, in the file before anything else is done."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, **record}, ensure_ascii=False) + "\n")
        self.records[key] = record

    def close(self) -> None:
        """Let another run have the file."""
        if self._lock is not None:
            self._lock.release(remove=True)
            self._lock = None


def open_journal(path: Path, identity: Mapping[str, Any], about: Mapping[str, Any], *, again: bool = False) -> Journal:
    """The journal of the run `identity` at `path`, or beside it as `…-2`, `…-3` where another run's is there; made if
    there is none, or if it is to be begun `again`. `about`: what else its first line says.

    Raises `UsageError` for a file that is something else, or that somebody is writing.
    """
    for number in itertools.count(1):
        place = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        found = read_journal(place) if place.exists() else None
        if found is None or same_run(found, identity):
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = try_lock(place.with_name(f".{place.name}.lock"))
    if lock is None:
        raise UsageError(f"Somebody is writing {place}.", "Wait for the other run, or give another file with --out.")
    try:
        if found is None or again:
            head = {"kind": KIND, "identity": dict(identity), **about}
            _begin(place, json.dumps(head, ensure_ascii=False) + "\n")
            return Journal(place, head, {}, lock)
        found = read_journal(place)
        _drop_half_a_line(place)
    except BaseException:
        lock.release(remove=True)
        raise
    return Journal(place, found.head, found.records, lock)


def _begin(path: Path, line: str) -> None:
    """Write the first line, or leave no file: half of one would be taken for a file of something else."""
    try:
        path.write_text(line, encoding="utf-8")
    except OSError:
        path.unlink(missing_ok=True)
        raise


def read_journal(path: Path) -> Journal:
    """What a file of results holds, without half a line at its end. Raises `UsageError` for a file of another kind."""
    strange = UsageError(f"{path} does not hold results of an evaluation.", "Give another file with --out.")
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
        head, *rest = [json.loads(line) for line in lines]
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise strange from error
    if not isinstance(head, dict) or head.get("kind") != KIND or not isinstance(head.get("identity"), dict):
        raise strange
    if not all(isinstance(record, dict) and "key" in record for record in rest):
        raise strange
    records: dict[str, Record] = {record.pop("key"): record for record in rest}
    return Journal(path, head, records)


def file_name(evaluation: str, model: str, identity: Mapping[str, Any]) -> str:
    """The name of a run's file: another one for each identity."""
    plain = "".join(letter if letter.isalnum() or letter in "-._" else "-" for letter in Path(model).name)
    return f"{evaluation}-{plain}-{digest(identity)[:10]}.jsonl"


def digest(identity: Mapping[str, Any]) -> str:
    """A fingerprint (SHA-256) of what makes a run this one."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def same_run(journal: Journal, identity: Mapping[str, Any]) -> bool:
    """Whether a journal is of the run `identity`."""
    return digest(journal.head.get("identity", {})) == digest(identity)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Sequence[str]:
    """The names of what two identities differ in."""
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _drop_half_a_line(path: Path) -> None:
    """A run that was killed while it wrote leaves half a line: its question is asked again."""
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
