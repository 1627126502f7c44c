"""What every feature asks of an index, however it is kept. No method waits for the building of the index: what is not
known yet is not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from understudy.context.index.record import Chunk, Definition, FileRecord, Use


class Index(Protocol):
    """The files of a workspace. Every answer is in a fixed order, so that the same files give the same prompts."""

    @property
    def revision(self) -> int:
        """Another number whenever an answer may have changed."""
        ...

    def paths(self) -> Sequence[str]:
        """Every file, sorted."""
        ...

    def __contains__(self, path: object) -> bool:
        """Whether a file is known."""
        ...

    def ending(self, tail: str) -> tuple[str, ...]:
        """The files whose path ends in the whole parts `tail`, with `/` between them: `models/user.py`. A tail that
        ends in `/` is a folder's: the files that lie in it (`models/`), not those in its own folders."""
        ...

    def record(self, path: str) -> FileRecord | None:
        """What is known of one file."""
        ...

    def text(self, path: str) -> str | None:
        """The text that the record was made from; None where the file has changed since or is gone."""
        ...

    def defined(self, name: str, limit: int = 32, family: str = "") -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and row: in files of one family of languages
        (`languages.family`), or of all."""
        ...

    def using(self, name: str, limit: int = 32, family: str = "") -> tuple[Use, ...]:
        """The files that use a name, sorted by path, of one family or of all."""
        ...

    def targets(self, path: str) -> tuple[str, ...]:
        """The files that a file imports, in the order of its imports."""
        ...

    def importers(self, path: str, limit: int = 64) -> tuple[str, ...]:
        """The files that import a file, sorted."""
        ...

    def links(self, path: str) -> Mapping[str, float]:
        """How strongly a file leans on others: by the names it uses that they define, and by its imports."""
        ...

    def similar(self, words: Sequence[str], limit: int = 8) -> tuple[Chunk, ...]:
        """Stretches of files that hold these words, the best first (BM25). The rarest of them are looked for."""
        ...
