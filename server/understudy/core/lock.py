"""Locks on files, which the operating system frees however their holder ends, `kill -9` included."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock:
    """An exclusive lock that is held until `release`. Make one with `try_lock` or `acquire`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    def write(self, text: str) -> None:
        """Replace what the file says about its holder."""
        assert self._descriptor is not None, "released"
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.truncate(self._descriptor, 0)
        os.write(self._descriptor, text.encode())

    def release(self, *, remove: bool = False) -> None:
        """Give the lock back; with `remove` the file goes too. Doing it twice is no error."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        if remove:
            with contextlib.suppress(OSError):
                self.path.unlink()
        os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.release()


def try_lock(path: Path) -> Lock | None:
    """The lock on `path`, whose file is made if it is missing; None if somebody holds it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if _lock(descriptor) and _same_file(descriptor, path):
        return Lock(path, descriptor)
    os.close(descriptor)
    return None


def acquire(path: Path, seconds: float) -> Lock | None:
    """Wait up to `seconds` for the lock on `path`; None if it was held all the time."""
    end = time.monotonic() + seconds
    while (lock := try_lock(path)) is None:
        if time.monotonic() >= end:
            return None
        time.sleep(0.02)
    return lock


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock on `path`."""
    if not path.exists():
        return False
    lock = try_lock(path)
    if lock is None:
        return True
    lock.release()
    return False


@contextlib.contextmanager
def holding(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock on `path` for a block. Raises `TimeoutError` if it stays taken for `seconds`."""
    lock = acquire(path, seconds)
    if lock is None:
        raise TimeoutError(f"{path} stayed locked")
    with lock:
        yield


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            # The lock is on a byte far behind the text, so that others can still read who holds it.
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _same_file(descriptor: int, path: Path) -> bool:
    """Whether the locked file is still the one with that name: its last holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
