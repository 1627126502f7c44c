"""Go: an import names a folder, and all files of the folder are its package."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.context.index.record import FileRecord, Import
from understudy.context.resolve.files import Files, folder_of, in_folder, name_of, within

# The first elements of the standard library's import paths (https://pkg.go.dev/std, Go 1.24).
_NAMES = (
    "archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go"
    " hash html image index io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv"
    " strings structs sync syscall testing text time unicode unique unsafe weak"
)
_STANDARD = frozenset(_NAMES.split())
_VERSION = re.compile(r"v\d+")
_HOSTED = 3  # host, owner and repository stand before the folders: github.com/owner/name


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The files of the package, without its tests."""
    parts = [part for part in imported.module.split("/") if part and not _VERSION.fullmatch(part)]
    if not parts or parts[0] in _STANDARD or parts == ["C"]:
        return ()
    found = in_folder(files, _tails(parts), record.path, (".go",))
    return tuple(path for path in found if not path.endswith("_test.go")) if _ours(found, parts, record) else ()


def _tails(parts: list[str]) -> Iterator[str]:
    """The module's own name may be in the path of the checkout or not."""
    most = min(_HOSTED if "." in parts[0] else 1, len(parts) - 1)
    yield from ("/".join(parts[start:]) for start in range(most + 1))


def _ours(found: tuple[str, ...], parts: list[str], record: FileRecord) -> bool:
    """A repository's root (`github.com/pkg/errors`) is ours only where it holds the file that imports it: a folder that
    happens to have its name is another package."""
    if not found or "." not in parts[0] or len(parts) > _HOSTED:
        return bool(found)
    folder = folder_of(found[0])
    return within(record.path, folder) and name_of(folder) == parts[-1]
