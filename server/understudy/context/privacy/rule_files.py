"""Files of patterns as in `.gitignore`, found in the folders above a path, read once and again when they change.

Fails closed: a file that is there and cannot be read or understood is `broken`, and whoever asks ignores what it is
about. Only regular files up to `MAX_BYTES` are read, so that a pipe or a device under a rule file's name stops nothing.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

MAX_BYTES = 1_000_000
MAX_DEPTH = 128  # folders above a path: deeper ones are no project's
MAX_FOLDERS = 100_000  # that are remembered, more than any workspace has
ABSENT = (errno.ENOENT, errno.ENOTDIR)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Lines as in `.gitignore`. `rows` are their expressions and whether each ignores, the last line first; `some`
    finds something in every path in which one of them does.

    The library answers for a path as a whole, through every folder in it: `*` with `!*/` after it ignores what is in
    folders. Git asks for one folder after the other, and so do the callers here: a row counts that matches to the end.
    """

    some: re.Pattern[str] | None
    rows: tuple[tuple[re.Pattern[str], bool], ...]

    @classmethod
    def of(cls, lines: tuple[str, ...]) -> Patterns:
        """Raises `ValueError` for a pattern that cannot be understood."""
        if not lines:
            return cls(None, ())
        import pathspec

        # `a/**` is everything in `a` at any depth and not `a` itself, to which the library's expression extends.
        lines = tuple(re.sub(r"/\*\*(/?)\s*$", r"/**/*\1", line) for line in lines)
        try:
            spec = pathspec.GitIgnoreSpec.from_lines(lines)
        except TypeError as failure:
            raise ValueError(str(failure)) from failure
        found = [
            (it.regex, it.include) for it in reversed(list(spec.patterns)) if isinstance(it, pathspec.RegexPattern)
        ]
        rows = tuple((regex, include) for regex, include in found if regex is not None and include is not None)
        # A name that groups share would be defined twice in one expression.
        together = "|".join(re.sub(r"\(\?P<\w+>", "(?:", regex.pattern) for regex, _ in rows)
        return cls(re.compile(together) if rows else None, rows)

    def verdict(self, name: str) -> bool | None:
        """Whether the last line that speaks of a relative path ignores it; a folder's ends with a separator."""
        name = name.replace(os.sep, "/")
        if self.some is None or self.some.search(name) is None:
            return None
        for regex, include in self.rows:
            if any(match.end() == len(name) for match in regex.finditer(name)):
                return include
        return None


@dataclass(frozen=True, slots=True)
class Rules:
    """One set of patterns, about the paths below the folder `base`, which ends with a separator. Of a path whose
    folders are ignored nothing is asked."""

    base: str
    exact: Patterns
    loose: Patterns

    @classmethod
    def of(cls, base: str, lines: tuple[str, ...]) -> Rules:
        """Raises `ValueError` for a pattern that cannot be understood."""
        exact, alike = Patterns.of(lines), tuple(map(loosened, lines))
        return cls(inside(base, ""), exact, exact if alike == lines else Patterns.of(alike))

    def verdict(self, path: str) -> bool | None:
        """Whether the last pattern that speaks of `path` ignores it, exactly as written; None when none does."""
        return self.exact.verdict(path[len(self.base) :])

    def covers(self, path: str) -> bool:
        """Whether `path` is ignored as it is written, or else with case, normal forms and ends set aside: whichever
        ignores, since some file systems take such names for the same."""
        name = path[len(self.base) :]
        if self.exact.verdict(name):
            return True
        alike = _parts_loosened(name)
        return (alike != name or self.loose is not self.exact) and bool(self.loose.verdict(alike))


@dataclass(frozen=True, slots=True)
class Found:
    """The rules for what lies in a folder, those of the outermost folder first. `broken` says why there are none."""

    rules: tuple[Rules, ...] = ()
    broken: str | None = None


NOTHING = Found()


@dataclass(slots=True)
class _Folder:
    looked: int
    stamps: tuple[object, ...]
    above: Found
    found: Found


@dataclass(slots=True)
class RuleTree:
    """The rule files called `names` (relative to the folder that they speak about) of every folder above a path.

    `begins` says of a folder that nothing above it matters, `means` of a line that it may say something. Files are
    looked at once after each `look`.
    """

    names: tuple[str, ...]
    begins: Callable[[str], bool] = lambda _: False
    means: Callable[[str], bool] = lambda _: True
    _looks: int = 0
    _folders: dict[str, _Folder] = field(default_factory=dict)

    def look(self) -> None:
        """What is asked from now on is answered by the files as they are now."""
        self._looks += 1

    def found(self, folder: str) -> Found:
        """The rules for what lies in a folder, an absolute path. The same object as long as nothing has changed."""
        waiting: list[str] = []
        at, known = folder, self._folders.get(folder)
        while known is None or known.looked != self._looks:
            waiting.append(at)
            outer = os.path.split(at)[0]
            if outer == at or self.begins(at):
                break
            if len(waiting) > MAX_DEPTH:
                return Found(broken=f"{folder[:80]}… lies too deep to look for rules.")
            at, known = outer, self._folders.get(outer)
        found = known.found if known is not None and known.looked == self._looks else NOTHING
        for at in reversed(waiting):
            found = self._refreshed(at, found)
        return found

    def stamp(self) -> tuple[tuple[str, tuple[object, ...]], ...]:
        """A value that differs when a rule file of any folder that was asked about has come, gone or changed."""
        return tuple((folder, _stamps(folder, self.names)) for folder in sorted(self._folders))

    def _refreshed(self, folder: str, above: Found) -> Found:
        known = self._folders.get(folder)
        stamps = _stamps(folder, self.names)
        if known is not None and known.above is above and known.stamps == stamps:
            known.looked = self._looks
            return known.found
        found = above if above.broken is not None else self._with_own(folder, stamps, above)
        if len(self._folders) >= MAX_FOLDERS:
            self._folders.clear()
        self._folders[folder] = _Folder(self._looks, stamps, above, found)
        return found

    def _with_own(self, folder: str, stamps: tuple[object, ...], above: Found) -> Found:
        own: list[Rules] = []
        for name, stamp in zip(self.names, stamps, strict=True):
            if stamp is None:
                continue
            file = inside(folder, name)
            try:
                own.append(Rules.of(folder, tuple(filter(self.means, _lines(file)))))
            except (OSError, ValueError) as failure:
                return Found(broken=f"{file} cannot be read ({failure}): everything below {folder} is ignored.")
        return Found((*above.rules, *own)) if own else above


@lru_cache(maxsize=4096)
def loosened(text: str) -> str:
    """A pattern, or a part of a path, with case and normal forms set aside. No character with a meaning in patterns
    comes or goes."""
    return text if text.isascii() and text.islower() else unicodedata.normalize("NFC", text.casefold())


def _parts_loosened(name: str) -> str:
    if name.isascii() and name.islower() and ". " not in name and "./" not in name and name[-1] not in ". ":
        return name
    return "/".join(loosened(part).rstrip(". ") or part for part in name.replace(os.sep, "/").split("/"))


def inside(folder: str, name: str) -> str:
    """The path of `name` in a folder. Paths are strings here: there are tens of thousands of them."""
    return folder + name if folder.endswith(os.sep) else folder + os.sep + name


def _stamps(folder: str, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(_stamp(inside(folder, name)) for name in names)


def _stamp(file: str) -> object:
    """None for a file that is not there, a number for one that may not be looked at, else what changes with it."""
    try:
        state = os.lstat(file)
    except OSError as failure:
        return None if failure.errno in ABSENT else failure.errno or -1
    except ValueError:
        return -1
    if stat.S_ISLNK(state.st_mode):
        try:
            state = Path(file).stat()
        except OSError as failure:
            return failure.errno or -1  # a link that leads nowhere was to be a rule file
    # Tools that copy files set the time of the last change back, and not that of the last change of the entry.
    return state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino, stat.S_ISREG(state.st_mode)


def _lines(file: str) -> tuple[str, ...]:
    """The lines of a rule file. Raises `OSError` or `ValueError` for what cannot be read."""
    # Opening a pipe waits for a writer, unless it is told not to block; then its kind is known.
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as opened:
        state = os.fstat(opened.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise ValueError("it is not a file")
        if state.st_size > MAX_BYTES:
            raise ValueError("it is too long")
        return tuple(opened.read(MAX_BYTES + 1).decode("utf-8-sig").splitlines())
