"""The folders of a workspace, as the client names them and where they really are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Root:
    """A workspace folder as the client names it, and where it really is; None when that cannot be found out."""

    given: Path
    real: Path | None

    @classmethod
    def of(cls, given: Path) -> Root:
        """The root at `given`, with its links followed."""
        return cls(given, resolved(given))

    def within(self, path: Path) -> Path | None:
        """`path` as it is called below `given`; None for what is not in the folder."""
        for folder in (self.given, self.real):
            if folder is not None and path.is_relative_to(folder):
                return self.given / path.relative_to(folder)
        return None


def innermost_first(roots: tuple[Path, ...]) -> tuple[Root, ...]:
    """The roots, one that lies in another before it."""
    return tuple(Root.of(root) for root in sorted(roots, key=lambda root: len(root.parts), reverse=True))


def resolved(path: Path) -> Path | None:
    """Where `path` leads when every link is followed, also to what does not exist; None when that is unknown."""
    try:
        try:
            return path.resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError):
            return path.resolve()
    except (OSError, RuntimeError, ValueError):  # in this order: no right to look, links in a circle, no path at all
        return None
