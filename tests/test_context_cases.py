"""What is proposed for a cursor by what the code says: every file in `cases/context` through the producers.

Sections: sources, of which one has the cursor `$0`; `@<origin>`: keys of pieces of that origin, the best first, others
may stand between them; `@absent`: an origin and a key that must not be proposed; `@piece <origin> <key>`: the header
that the piece stands below, where it has one, and its forms, separated by `===`.
"""

from pathlib import Path

import pytest

from casefile import Case, read
from understudy.context.cursor import Cursor
from understudy.context.index.extract import extract
from understudy.context.index.memory import MemoryIndex
from understudy.context.index.record import FileRecord
from understudy.context.pieces import Piece
from understudy.context.resolve import PRODUCERS
from understudy.context.syntax.grammar import grammar_for
from understudy.context.syntax.languages import language_of
from understudy.context.syntax.source import Source
from understudy.core.text import Document

CASES = sorted((Path(__file__).parent / "cases" / "context").glob("*.txt"))
ORIGINS = [origin for origin, _ in PRODUCERS]


def record(path: str, text: str) -> FileRecord | None:
    language = language_of(path)
    grammar = grammar_for(language.ids[0]) if language is not None else None
    return extract(Source.parse(grammar, text), path) if grammar is not None else None


def cursor_of(case: Case) -> Cursor:
    sources = {section.name: section.text for section in case.sections if not section.name.startswith("@")}
    open_path = next(path for path, text in sources.items() if "$0" in text)
    offset = sources[open_path].index("$0")
    sources[open_path] = sources[open_path].replace("$0", "")
    records = [it for path, text in sources.items() if (it := record(f"/w/{path}", text)) is not None]
    index = MemoryIndex(records, {f"/w/{path}": text for path, text in sources.items()})
    language = language_of(open_path)
    document = Document(f"file:///w/{open_path}", 1, language.ids[0] if language else "plain", sources[open_path])
    return Cursor(document, offset, f"/w/{open_path}", None, index.record(f"/w/{open_path}"), index)


def proposed(cursor: Cursor) -> dict[str, list[Piece]]:
    found = {origin: list(produce(cursor)) for origin, produce in PRODUCERS}
    return {origin: sorted(them, key=lambda it: -it.score) for origin, them in found.items()}


def key(piece: Piece) -> str:
    return piece.key.removeprefix("/w/")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = read(path)
    found = proposed(cursor_of(case))
    checked = 0
    for section in case.sections:
        lines = section.text.splitlines()
        if section.name == "@absent":
            every = {f"{origin} {key(piece)}" for origin, them in found.items() for piece in them}
            assert every.isdisjoint(lines)
        elif section.name.startswith("@piece "):
            _, origin, name = section.name.split()
            piece = next(piece for piece in found[origin] if key(piece) == name)
            header = [piece.within] if piece.within else []
            assert "\n".join([*header, "\n===\n".join(piece.forms)]) == section.text
        elif section.name.startswith("@"):
            keys = [key(piece) for piece in found[section.name.removeprefix("@")]]
            assert [it for it in keys if it in lines] == lines, keys
        checked += section.name.startswith("@")
    assert checked, "nothing is wanted"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_pieces_are_sound(path: Path) -> None:
    cursor = cursor_of(read(path))
    for origin, them in proposed(cursor).items():
        assert len({piece.key for piece in them}) == len(them), "a key comes twice"
        for piece in them:
            text = cursor.index.text(piece.path)
            assert text is not None
            assert piece.origin == origin
            assert 0 < piece.score <= 1
            assert 0 <= piece.usual < len(piece.forms)
            assert all(form in text and not form.endswith("\n") for form in piece.forms), "not whole lines of the file"
            assert len({len(form) for form in piece.forms}) == len(piece.forms)
            assert list(piece.forms) == sorted(piece.forms, key=len, reverse=True)
