"""Where a stream ends at a cursor: the syntax there says whether a line or a block, and the text below ends it too."""

from __future__ import annotations

import pytest

from understudy.context.syntax.parsed import SyntaxStore
from understudy.core.text import Document
from understudy.features.completion.stopping import LONGEST_BLOCK, stop_rule


@pytest.mark.parametrize(
    ("source", "stream"),
    [
        ("x = $0\n", "1|\ny"),
        ("def f():\n    $0\n", "x = 1\n    y|\nz"),
        ('def f():\n    """$0\n', 'A.\n    """\n    y|\nz'),
        ("def f():\n    $0\n    return total\n", "total = 1|\n    return total\n    z"),
        ("def f():\n    $0\n", "a = 1\n|    a = 1\n    a = 1\n    a = 1"),
        ("def f():\n    $0\n", "\n    ".join([*map("a{0} = {0}".format, range(LONGEST_BLOCK))]) + "|\n    b = 1"),
    ],
    ids=[
        "line",
        "block",
        "docstring",
        "text below",
        "circles",
        "longer than anybody reads",
    ],
)
def test_where_a_stream_ends(source: str, stream: str) -> None:
    offset, end = source.index("$0"), stream.index("|")
    document = Document("untitled:1", 1, "python", source.replace("$0", ""))
    parsed = SyntaxStore().parse(document)
    assert parsed is not None
    stop = stop_rule(document, offset, block=parsed.shape(offset) == "block")
    assert stop(stream.replace("|", "")) == end
    assert stop(stream[:end]) is None
