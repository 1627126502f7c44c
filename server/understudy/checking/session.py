"""The folder in which overlays and caches are: the user's own, and gone when the session is.

Not in the system's folder for temporary files: tools look for their configuration in the folders above a file, and
there anybody could put one (`/tmp/node_modules`, `/tmp/.cargo/config.toml`).
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from pathlib import Path

from understudy.core.lock import Lock, is_locked, try_lock
from understudy.core.paths import state_dir

LOCK = "lock"


class Session:
    """Makes its folder when it is first asked for one, and removes those that a session left which was killed."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._place: Path | None = None
        self._ending: weakref.finalize[[Path, Lock | None], Session] | None = None
        self._making = threading.Lock()

    def scratch(self) -> Path:
        """A new folder, which whoever asked removes."""
        return Path(tempfile.mkdtemp(dir=self._folder()))

    def kept(self, name: str) -> Path:
        """A folder that stays as long as the session."""
        folder = self._folder() / name
        folder.mkdir(exist_ok=True)
        return folder

    def close(self) -> None:
        """Remove everything."""
        if self._ending is not None:
            self._ending()

    def _folder(self) -> Path:
        with self._making:
            if self._place is None or not self._place.is_dir():
                home = self._home or state_dir() / "checks"
                home.mkdir(parents=True, exist_ok=True, mode=0o700)
                _sweep(home)
                self._place = Path(tempfile.mkdtemp(dir=home))
                self._ending = weakref.finalize(self, _remove, self._place, try_lock(self._place / LOCK))
            return self._place


def _sweep(home: Path) -> None:
    for folder in home.iterdir():
        # One that is being made has no lock yet.
        if (folder / LOCK).exists() and not is_locked(folder / LOCK):
            shutil.rmtree(folder, ignore_errors=True)


def _remove(place: Path, lock: Lock | None) -> None:
    if lock is not None:
        lock.release()
    shutil.rmtree(place, ignore_errors=True)
