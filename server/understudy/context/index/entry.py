"""What an index keeps of one file, and the way from a `FileRecord` to it and back.

Only what `marshal` knows, since it goes from a worker to the indexer, and nothing that depends on the file's path, so
that a copy of the file can have it too.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from understudy.context.index import linking
from understudy.context.index.record import Definition, FileRecord, Import
from understudy.context.index.words import words
from understudy.context.syntax.languages import family


class Entry(NamedTuple):
    """One file. Names are stood for by their `key` in its family of languages.

    `about` is the JSON of language, package and rows, `imports` and `references` that of these. `definitions` are keys
    and JSON in the order of the file, `uses` keys and rows (32-bit integers). `leanings` are the names by which the
    file leans on others: keys (64-bit), then as many weights (32-bit floats). `chunks` are first row, last row and the
    words, of which `spelling` is the compressed form, that is needed to take them out again.
    """

    digest: bytes
    about: str
    imports: str
    references: str
    definitions: list[tuple[int, str]]
    uses: list[tuple[int, bytes]]
    leanings: bytes
    chunks: list[tuple[int, int, str]]
    spelling: bytes


@lru_cache(maxsize=1 << 16)
def key(name: str, kin: str) -> int:
    """64 bits that stand for a name in a family of languages: shorter than most, and all of one size. Two names of a
    million have the same one with a probability of 1 in 30 million."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8, person=kin.encode()).digest()
    return int.from_bytes(digest, "little", signed=True)


def digest(data: bytes) -> bytes:
    """What a file's content is known by."""
    return blake2b(data, digest_size=16).digest()


def entry(record: FileRecord, text: str, ranges: Iterable[tuple[int, int]], content: bytes) -> Entry:
    """What is kept of a file; `content` is its digest."""
    lines = text.split("\n")
    chunks = [(first, last, " ".join(sorted(words("\n".join(lines[first:last]))))) for first, last in ranges]
    leaning = linking.used(record)
    kin = family(record.language)
    return Entry(
        content,
        _json([record.language, record.package, record.rows]),
        _json([[it.module, it.name, it.alias, it.row] for it in record.imports]),
        _json(dict(record.references)),
        [(key(it.name, kin), _definition(it)) for it in record.definitions],
        uses(record.references, kin),
        weighted((key(name, kin), linking.weight(name, times)) for name, times in leaning),
        chunks,
        zlib.compress("\n".join(held for _, _, held in chunks).encode("utf-8", "surrogatepass"), 1),
    )


def record(path: str, about: str, imports: str, references: str, definitions: Iterable[str]) -> FileRecord:
    """The record that an entry was made of, for a file at `path`."""
    language, package, rows = json.loads(about)
    return FileRecord(
        path,
        language,
        tuple(definition(path, body) for body in definitions),
        {name: tuple(uses) for name, uses in json.loads(references).items()},
        importing(imports),
        package,
        rows,
    )


def definition(path: str, body: str) -> Definition:
    """A definition from its JSON."""
    name, kind, parent, signature, first, last, doc, bases = json.loads(body)
    return Definition(path, name, kind, parent, signature, first, last, doc, tuple(bases))


def importing(imports: str) -> tuple[Import, ...]:
    """A file's imports from their JSON."""
    return tuple(Import(*fields) for fields in json.loads(imports))


def rows(packed: bytes) -> tuple[int, ...]:
    """The rows of a use."""
    return tuple(array("i", packed))


def weighted(pairs: Iterable[tuple[int, float]]) -> bytes:
    """Numbers with weights: all numbers in 64 bits, then all weights in 32."""
    every = list(pairs)
    return array("q", [number for number, _ in every]).tobytes() + array("f", [weight for _, weight in every]).tobytes()


def weights(packed: bytes) -> list[tuple[int, float]]:
    """The pairs that `weighted` packed."""
    split = len(packed) // 12 * 8
    return list(zip(array("q", packed[:split]), array("f", packed[split:]), strict=True))


def names(references: str) -> list[str]:
    """The names that a file uses, from the JSON of its references."""
    return list(json.loads(references))


def language_of(about: str) -> str:
    """A file's language, from its JSON."""
    language, *_ = json.loads(about)
    return str(language)


def uses(references: Mapping[str, Sequence[int]], kin: str) -> list[tuple[int, bytes]]:
    """Keys and rows of the names that a file uses."""
    return [(key(name, kin), array("i", rows).tobytes()) for name, rows in references.items()]


def spelled(spelling: bytes) -> list[str]:
    """The words of a file's chunks."""
    return zlib.decompress(spelling).decode("utf-8", "surrogatepass").split("\n")


def _definition(it: Definition) -> str:
    return _json([it.name, it.kind, it.parent, it.signature, it.first, it.last, it.doc, it.bases])


def _json(value: object) -> str:
    # ASCII, in which a lone surrogate can be kept.
    return json.dumps(value, separators=(",", ":"))
