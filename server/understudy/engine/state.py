"""What is on disk about a local engine of a user: its status, its key, its users, its log.

There is one for typing, in `engine/`, and one for work in `work-engine/` where work has an engine of its own.

engine/gate.lock      held while somebody starts or stops the engine, or the keeper decides to stop it
engine/keeper.lock    held by the keeper as long as it lives
engine/users/*.lock   one per user of the engine, held as long as it uses it
engine/status.json    written by the keeper alone
engine/api-key        readable by the user alone
engine/stop           a request to the keeper to stop, made by anybody
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from understudy.core.lock import Lock, acquire, is_locked, try_lock
from understudy.core.paths import state_dir
from understudy.core.statistics import Lane

Phase = Literal["starting", "ready", "restarting", "stopping", "stopped", "failed"]
LOCK_SECONDS = 2.0
_ROOTS: Mapping[Lane, str] = {"typing": "engine", "work": "work-engine"}


@dataclass(frozen=True, slots=True)
class Status:
    """The engine as its keeper sees it. `pid` leads the engine's process group.

    `since`: when the engine was started or, if it is stopped or failed, when that was, in seconds since the epoch.
    `asked`: it was stopped by hand.
    """

    phase: Phase
    message: str = ""
    percent: int | None = None
    url: str = ""
    model: str = ""
    name: str = ""
    pid: int | None = None
    pid_started: str = ""
    keeper: int | None = None
    since: float = 0.0
    restarts: int = 0
    asked: bool = False
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who uses the engine: a process, and a word for what it is."""

    pid: int
    who: str


@dataclass(frozen=True, slots=True)
class EngineFolder:
    """Where the files are."""

    root: Path

    @property
    def gate(self) -> Path:
        """Lock: starting and stopping, one at a time."""
        return self.root / "gate.lock"

    @property
    def keeper(self) -> Path:
        """Lock: a keeper lives."""
        return self.root / "keeper.lock"

    @property
    def users(self) -> Path:
        """Folder of the users' locks."""
        return self.root / "users"

    @property
    def log(self) -> Path:
        """What the engine printed; the file before it ends in `.1`."""
        return self.root / "engine.log"

    @property
    def stop(self) -> Path:
        """Request to stop."""
        return self.root / "stop"

    @property
    def status(self) -> Path:
        """The keeper's last word."""
        return self.root / "status.json"

    @property
    def key(self) -> Path:
        """The API key."""
        return self.root / "api-key"


def engine_root(lane: Lane = "typing") -> Path:
    """Where the files of a lane's own engine are."""
    return state_dir() / _ROOTS[lane]


def engine_folder(lane: Lane = "typing") -> EngineFolder:
    """The folder of this user's engine, made if it is missing. Work has one only where it does not share typing's."""
    root = engine_root(lane)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return EngineFolder(root)


def write_status(folder: EngineFolder, status: Status) -> None:
    """Replace the status in one step, so that no reader sees half of it."""
    _write(folder.status, json.dumps(asdict(status)))


def read_last_status(folder: EngineFolder) -> Status | None:
    """The keeper's last word, which may be out of date; None before its first."""
    try:
        raw = json.loads(folder.status.read_text(encoding="utf-8"))
        return Status(**{field.name: raw[field.name] for field in fields(Status) if field.name in raw})
    except (OSError, ValueError, TypeError):
        return None


def read_status(folder: EngineFolder) -> Status | None:
    """How the engine stands now: the keeper's last word where a keeper lives, else stopped. None before any start."""
    status = read_last_status(folder)
    if status is None or status.phase in ("stopped", "failed") or is_locked(folder.keeper):
        return status
    return Status("stopped", "The engine's keeper was ended.", model=status.model, name=status.name)


def engine_key(folder: EngineFolder) -> str:
    """The key that the local engine asks for: random, made once, in a file that only its user can read (mode 0600)."""
    with contextlib.suppress(OSError):
        if key := folder.key.read_text(encoding="ascii").strip():
            return key
    key = secrets.token_urlsafe(32)
    _write(folder.key, key)
    return key


def register(folder: EngineFolder, who: str) -> Lock:
    """Count as a user of the engine until the lock is released or this process ends. `who`: a word for `status`."""
    path = folder.users / f"{os.getpid()}-{secrets.token_hex(4)}.lock"
    # The keeper looks at the locks by trying them, so the first attempt may find a new file taken for an instant.
    lock = acquire(path, LOCK_SECONDS)
    assert lock is not None, "nobody else knows this name"
    lock.write(json.dumps({"pid": os.getpid(), "who": who, "since": time.time()}))
    return lock


def users(folder: EngineFolder) -> list[User]:
    """Who uses the engine now; what those left behind who were killed is cleared away."""
    found = []
    for path in sorted(folder.users.glob("*.lock")):
        lock = try_lock(path)
        if lock is not None:
            lock.release(remove=True)
            continue
        with contextlib.suppress(OSError, ValueError):
            entry = json.loads(path.read_text(encoding="utf-8") or "{}")
            found.append(User(entry.get("pid", 0), entry.get("who", "somebody")))
    return found


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    except OSError:
        # What a full disk left of it; another attempt would leave one more.
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
