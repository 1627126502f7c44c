"""Rust: `mod x;`, paths from `crate`, `self` and `super`, and the crates of the same workspace."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.context.index.record import EVERYTHING, FileRecord, Import
from understudy.context.resolve.files import Files, first_ending, first_of, folder_of, joined, name_of

_ROOTS = ("lib.rs", "main.rs")
_OWNERS = frozenset({"lib.rs", "main.rs", "mod.rs"})


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The file of the innermost module that the path goes through: its end may be an item or an inline module."""
    segments = [segment.strip() for segment in imported.module.split("::") if segment.strip()]
    if imported.name and imported.name not in (EVERYTHING, "self"):
        segments.append(imported.name)
    if not segments:
        return ()
    first, rest = segments[0], segments[1:]
    if first == "crate":
        root = crate_root(record.path, files)
        return _below(root, rest, files) if root else ()
    folder = module_folder(record.path)
    if first in ("self", "super"):
        while segments and segments[0] in ("self", "super"):
            folder = folder_of(folder) if segments.pop(0) == "super" else folder
        return _below(folder, segments, files)
    if first_of(files, _spelled(folder, [first])):
        return _below(folder, segments, files)
    return _crate(first, rest, record, files)


def crate_root(path: str, files: Files) -> str:
    """The folder of the crate's `lib.rs` or `main.rs`, empty where there is none above `path`."""
    folder = folder_of(path)
    while folder:
        if any(joined(folder, name) in files for name in _ROOTS):
            return folder
        folder = folder_of(folder)
    return ""


def module_folder(path: str) -> str:
    """Where the modules lie that the file declares."""
    folder = folder_of(path)
    return folder if name_of(path) in _OWNERS else joined(folder, name_of(path).removesuffix(".rs"))


def _below(folder: str, segments: list[str], files: Files) -> tuple[str, ...]:
    for count in range(len(segments), 0, -1):
        if found := first_of(files, _spelled(folder, segments[:count])):
            return found
    owner = joined(folder_of(folder), f"{name_of(folder)}.rs")
    return first_of(files, [*(joined(folder, name) for name in (*_ROOTS, "mod.rs")), owner])


def _spelled(folder: str, segments: list[str]) -> Iterator[str]:
    path = joined(folder, "/".join(segment.removeprefix("r#") for segment in segments))
    yield f"{path}.rs"
    yield joined(path, "mod.rs")


def _crate(name: str, rest: list[str], record: FileRecord, files: Files) -> tuple[str, ...]:
    tails = [f"{folder}/src/lib.rs" for folder in dict.fromkeys((name, name.replace("_", "-")))]
    root = first_ending(files, tails, record.path)
    return _below(folder_of(root[0]), rest, files) if root else ()
