"""The file that is fixed: read with all that its text does not say, and written back as it was, in one step."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from understudy.cli.place import read_text
from understudy.context.syntax.languages import language_of
from understudy.core.errors import UnderstudyError
from understudy.core.text import Document

MARK = "\ufeff"  # the byte order mark, which editors keep out of the text as well


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read. `file` is where links lead, `mark` the byte order mark, if there is one."""

    file: Path
    mark: str
    document: Document

    def content(self, text: str) -> bytes:
        """What stands on disk when `text` is the text."""
        return f"{self.mark}{text}".encode()


def read_source(file: Path) -> Source:
    """Read a file in UTF-8. Raises `UsageError`."""
    text = read_text(file)
    mark = MARK if text.startswith(MARK) else ""
    file = file.resolve()
    language = language_of(file.name)
    document = Document(file.as_uri(), 1, language.ids[0] if language else "plaintext", text.removeprefix(MARK))
    return Source(file, mark, document)


def write_source(source: Source, text: str) -> None:
    """Put a new text into the file: whole or not at all, with the rights that it has. Raises `UnderstudyError` where it
    may not be written or is no longer what was read."""
    if source.file.exists() and not os.access(source.file, os.W_OK):  # a rename would not mind
        raise UnderstudyError(
            f"{source.file} is write-protected.", "Make it writable, or print the changes with --diff."
        )
    handle, name = tempfile.mkstemp(dir=source.file.parent, prefix=f".{source.file.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(source.content(text))
            out.flush()
            os.fsync(out.fileno())
        _take_rights(source.file, fresh)
        # As late as can be: between this look and the rename there is no way to notice a change.
        if source.file.read_bytes() != source.content(source.document.text):
            raise UnderstudyError(
                f"{source.file} has changed meanwhile.", "Nothing was written. Run the command again."
            )
        fresh.replace(source.file)
    except FileNotFoundError:
        raise UnderstudyError(f"{source.file} is gone.", "Nothing was written.") from None
    finally:
        fresh.unlink(missing_ok=True)


def _take_rights(old: Path, new: Path) -> None:
    status = old.stat()
    with suppress(OSError, AttributeError):  # only root may give a file away; Windows has no owners of this kind
        os.chown(new, status.st_uid, status.st_gid)
    new.chmod(status.st_mode & 0o7777)  # after chown, which takes away set-user-id
