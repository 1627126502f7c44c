"""Ruby, Lua and Bash: a path or a dotted name, seen from the file itself or from some root."""

from __future__ import annotations

import re

from understudy.context.index.record import FileRecord, Import
from understudy.context.resolve.files import Files, first_ending, first_of, folder_of, joined

_VARIABLE = re.compile(r"^(?:\"?\$(?:\{[^}]*\}+|\([^)]*\)+|\w+)\"?/)+")


def ruby(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """`require_relative` is seen from the file; `require` from a gem's `lib/`."""
    path = imported.module.removesuffix(".rb") + ".rb"
    here = first_of(files, [joined(folder_of(record.path), path)])
    if here and path.startswith("."):
        return here
    return first_ending(files, [f"lib/{path}"], record.path) or here or first_ending(files, [path], record.path)


def lua(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """`require "a.b"`: the templates of `package.path` are `?.lua` and `?/init.lua`."""
    path = imported.module.replace(".", "/")
    return first_ending(files, [f"{path}.lua", f"{path}/init.lua"], record.path)


def bash(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """A variable in front most often holds the folder of the script, or one near it."""
    path = _VARIABLE.sub("", imported.module).strip("\"'")
    here = first_of(files, [joined(folder_of(record.path), path)])
    return here or first_ending(files, [re.sub(r"^(?:\.{0,2}/)+", "", path)], record.path)
