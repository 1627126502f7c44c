"""C and C++: the header that is included, and the source that defines what it declares."""

from __future__ import annotations

from understudy.context.index.record import FileRecord, Import
from understudy.context.resolve.files import Files, first_ending, first_of, folder_of, joined

_HEADERS = (".h", ".hpp", ".hh", ".hxx", ".inl")
SOURCES = (".c", ".cpp", ".cc", ".cxx")


def targets(imported: Import, record: FileRecord, files: Files) -> tuple[str, ...]:
    """The file that the name leads to from the folder of the file, else the nearest that ends in it; then its partner,
    beside it or elsewhere (`include/` and `src/`)."""
    here = first_of(files, [joined(folder_of(record.path), imported.module)])
    header = here or first_ending(files, [imported.module.replace("../", "").removeprefix("./")], record.path)
    suffix = next((suffix for suffix in _HEADERS if imported.module.endswith(suffix)), "")
    if not header or not suffix:
        return header
    stem = header[0].removesuffix(suffix)
    partner = first_of(files, (stem + source for source in SOURCES))
    name = imported.module.rpartition("/")[2].removesuffix(suffix)
    return header + (partner or first_ending(files, (name + source for source in SOURCES), header[0]))
