"""What of a workspace's files may be shown to a model, and for whose sake: the one place where that is decided.

- *Ignored* files (rule files, the user's patterns, names of secrets; see `ignore`) are never shown and never completed
  in, whatever leads to them.
- *Hidden* files are those and what git ignores. They are not shown for the sake of other files: what is kept out of a
  repository is generated, or it is the setting of one machine, which is where its passwords are. A user who opens one
  and types in it still gets completions.
"""

from __future__ import annotations

import os
from pathlib import Path

from understudy.context.privacy.gitignore import GitIgnored
from understudy.context.privacy.ignore import Ignoring
from understudy.context.privacy.roots import Root, resolved

MAX_PLACES = 4096  # several times the files that are ever asked about at once


class Privacy:
    """The rules of one set of workspace folders. `patterns` are what the user ignores besides."""

    def __init__(self, roots: tuple[Root, ...] = (), patterns: tuple[str, ...] = ()) -> None:
        self._ignoring = Ignoring(roots, patterns)
        self._git = GitIgnored(roots)
        self._lost = any(root.real is None for root in roots)
        self._places: dict[Path, tuple[str, ...]] = {}

    def look(self) -> None:
        """What is asked from now on is answered by the rule files as they are now, each looked at once: to be called
        before every prompt and every walk."""
        self._ignoring.look()
        self._git.look()

    def stamp(self) -> object:
        """A value that differs when a rule file has changed that speaks about anything asked about so far."""
        return self._ignoring.stamp(), self._git.stamp()

    def ignored(self, path: Path) -> bool:
        """Whether a file is never shown: by its path, or by where that leads. What cannot be followed is ignored."""
        places = self._led_to(path)
        return not places or any(self._ignoring.ignores(place) for place in places)

    def hidden(self, path: Path) -> bool:
        """Whether a file is not shown for the sake of others."""
        places = self._led_to(path)
        return not places or any(self.skips(place) for place in places)

    def skips(self, path: str, *, folder: bool = False) -> bool:
        """Whether a file's absolute path, or a folder's with everything in it, is hidden by the rules alone. Links are
        not followed: this is for a walk that follows none."""
        return self._ignoring.ignores(path, folder=folder) or self._git.ignores(path, folder=folder)

    def reason(self, path: Path) -> str | None:
        """Why everything is ignored where this file is, when the rules themselves are broken."""
        return self._ignoring.reason(_rooted(path))

    def forget(self, path: Path) -> None:
        """Look again where a path leads when it is next asked about."""
        self._places.pop(path, None)

    def _led_to(self, path: Path) -> tuple[str, ...]:
        """The path and where it leads; nothing when that is unknown."""
        known = self._places.get(path)
        if known is None:
            # A path without a root, as of an unsaved buffer, is on no disk.
            real = resolved(path) if path.is_absolute() else path
            lost = self._lost or real is None
            known = () if lost else tuple(dict.fromkeys(_rooted(place) for place in (path, real) if place))
            if len(self._places) >= MAX_PLACES:
                del self._places[next(iter(self._places))]
            self._places[path] = known
        return known


def _rooted(path: Path) -> str:
    """A path without a root as if it were at the top of a disk, where patterns and names mean the same."""
    return str(os.sep / path)
