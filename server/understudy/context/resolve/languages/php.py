"""PHP: classes by PSR-4 (a prefix of the namespace stands for a folder), other files by their path."""

from __future__ import annotations

from understudy.context.index.record import FileRecord, Import
from understudy.context.resolve.files import Files, first_ending, first_of, folder_of, joined


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The file whose path repeats most of the namespace, since the prefix that `composer.json` maps is not known."""
    module = imported.module
    if module.endswith((".php", ".inc")):
        here = first_of(files, [joined(folder_of(record.path), module.lstrip("/"))])
        return here or first_ending(files, [module.replace("../", "").lstrip("./")], record.path)
    parts = [part for part in module.split("\\") if part]
    if imported.name:
        parts.append(imported.name)
    tails = ("/".join(parts[start:]) + ".php" for start in range(len(parts)))
    return first_ending(files, tails, record.path)
