"""The files that an edit's imports may lead to: as on disk, or as they are open and not saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from understudy.checking.base import Overlay
from understudy.core.paths import uri_to_path

READ_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Files:
    """Files of the disk, with some texts in place of theirs or beside them."""

    texts: Mapping[Path, str] = field(default_factory=dict)

    def is_file(self, path: Path) -> bool:
        """Whether there is a file."""
        return path in self.texts or path.is_file()

    def is_folder(self, path: Path) -> bool:
        """Whether there is a folder, be it only that of a file which is not saved yet."""
        return path.is_dir() or any(path in file.parents for file in self.texts)

    def text(self, path: Path) -> str:
        """A file's text, or the beginning of a long one; empty where it cannot be read."""
        if path in self.texts:
            return self.texts[path]
        try:
            with path.open("rb") as opened:
                return opened.read(READ_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""


DISK = Files()


def files_of(overlay: Overlay) -> Files:
    """The files around an overlay's document."""
    return Files({path: text for uri, text in overlay.others.items() if (path := uri_to_path(uri)) is not None})
