"""What is at a cursor: code, comment or string, in which scopes, and whether one line or a block is wanted there.

The tree answers where it can. While somebody types, the code around the cursor is often broken; then the lines say more
than the tree does, and they are read instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from understudy.context.syntax.brackets import open_quote, unclosed
from understudy.context.syntax.languages import Language, language_of
from understudy.context.syntax.source import Source
from understudy.core.text import Document, indent_of, line_after, line_before, line_end, line_start

if TYPE_CHECKING:
    import tree_sitter

Captures = dict[str, list["tree_sitter.Node"]]
Kind = Literal["code", "comment", "string"]
Shape = Literal["line", "block"]

CLOSERS = ")]}>\"'`;,: \t"
# How far back a statement's beginning is looked for where the tree does not say.
REACH = 4000
_DOCSTRING = re.compile(r"""[rRuU]?(?:\"\"\"|''')(?:\"\"\"|''')?$""")
_INDENT_HEADER = re.compile(
    r"(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case)\b.*:$|[)\]].*:$", re.DOTALL
)
# `=`, `(`, `,`, `:`, `[` and `return` before a brace say that it opens a value, not a block.
_VALUE_BRACE = re.compile(r"(?:(?<!=)=|[(,:\[?&|]|\breturn)\s*\{$")


@dataclass(frozen=True, slots=True)
class Place:
    """What stands around a cursor.

    `scopes` are the names of the definitions around it, outermost first. `at_statement_start`: in code, with nothing
    but blanks before it on its line. `in_empty_block`: the block that it is in, or whose header it ends, holds nothing
    yet. `open_bracket`: the innermost bracket around it in its statement. `line_tail_closers`: the rest of its line,
    when that is closers and punctuation only.
    """

    kind: Kind
    scopes: tuple[str, ...]
    in_empty_block: bool
    at_statement_start: bool
    open_bracket: str | None
    line_tail_closers: str


def place(source: Source, offset: int) -> Place:
    """The place of `offset` in a parsed text."""
    kind = kind_at(source, offset)
    language = source.grammar.language
    return Place(
        kind=kind,
        scopes=tuple(name for name, _ in scopes_at(source, offset)),
        in_empty_block=kind == "code" and _in_empty_block(source.text, offset, language, source),
        at_statement_start=kind == "code" and not line_before(source.text, offset).strip(),
        open_bracket=_open_bracket(source, offset) if kind == "code" else None,
        line_tail_closers=_tail_closers(source.text, offset),
    )


def text_place(document: Document, offset: int) -> Place:
    """The place of `offset` in a text without a grammar, from its lines."""
    text = document.text
    before = line_before(text, offset)
    kind = open_quote(before, document.language)
    brackets = unclosed(before, document.language)
    row = language_of(document.language)
    return Place(
        kind=kind,
        scopes=(),
        in_empty_block=kind == "code" and row is not None and _in_empty_block(text, offset, row, None),
        at_statement_start=kind == "code" and not before.strip(),
        open_bracket=brackets[-1:] or None,
        line_tail_closers=_tail_closers(text, offset),
    )


def shape(source: Source, offset: int) -> Shape:
    """Whether one line or a block is wanted at `offset`.

    ====================================================== =====
    the cursor                                             wanted
    ====================================================== =====
    has more than closers to the right of it on its line   line
    begins the docstring of an empty body                  block
    is in any other string, or in a comment                line
    is inside a bracket of its statement                   line
    ends the header of an empty block                      block
    has other text to the left of it on its line           line
    is on an empty line where a statement may begin        block
    ====================================================== =====
    """
    return _decide(source.text, offset, place(source, offset), source.grammar.language, source)


def text_shape(document: Document, offset: int) -> Shape:
    """`shape` for a text without a grammar: the same table, read from the lines."""
    return _decide(document.text, offset, text_place(document, offset), language_of(document.language), None)


def _decide(text: str, offset: int, here: Place, language: Language | None, source: Source | None) -> Shape:
    if line_after(text, offset).strip() and not here.line_tail_closers:
        return "line"
    before = line_before(text, offset).strip()
    if language is not None and language.blocks == "indent" and _DOCSTRING.match(before):
        start, end = line_start(text, offset), line_end(text, offset)
        return "block" if _in_empty_block(text[:start] + text[end:], start, language, None) else "line"
    if here.kind != "code" or here.open_bracket in ("(", "["):
        return "line"
    if here.in_empty_block:
        return "block"
    return "block" if here.at_statement_start and not here.line_tail_closers.strip(" \t}") else "line"


def kind_at(source: Source, offset: int) -> Kind:
    """Whether `offset` is inside a comment, a string or code. The innermost counts: `{…}` in an f-string is code."""
    byte = source.byte(offset)
    innermost: tuple[int, Kind] = (-1, "code")
    kinds: dict[str, Kind] = {"comment": "comment", "string": "string", "interpolation": "code"}
    for name, nodes in source.captures("scope", max(0, byte - 1), byte + 1).items():
        for node in nodes if name in kinds else ():
            if node.start_byte < byte and _reaches(source, node, byte, name) and node.start_byte >= innermost[0]:
                innermost = node.start_byte, kinds[name]
    if innermost[0] < 0 and source.root.has_error:
        return open_quote(line_before(source.text, offset), source.language_id)
    return innermost[1]


def _reaches(source: Source, node: tree_sitter.Node, byte: int, name: str) -> bool:
    if byte < node.end_byte:
        return True
    # A line comment goes on to the end of its line; everything else has ended where its node ends.
    ends_here = byte == node.end_byte and name == "comment" and source.data[byte - 1 : byte] not in (b"\n", b"\r")
    return ends_here and not source.data[node.start_byte : node.end_byte].endswith((b"*/", b"]]"))


def scopes_at(source: Source, offset: int) -> list[tuple[str, Captures]]:
    """Name and captures (`scope.definition`, `.name`, `.body`) of the definitions around `offset`, outermost first."""
    text = source.text
    start = line_start(text, offset)
    blank_line = not text[start:offset].strip()
    by_indent = source.grammar.language.blocks == "indent"
    # In Python a body ends with its last statement: the blank lines below it belong to nobody in the tree.
    probe = len(text[:offset].rstrip()) - 1 if by_indent else offset
    byte = source.byte(max(0, probe))
    rest = line_after(text, offset)
    column = offset - start + (len(indent_of(rest)) if rest.strip() else 0)
    found: dict[int, tuple[str, Captures]] = {}
    for captures in source.matches("scope", byte, byte + 1):
        for node in captures.get("scope.definition", ()):
            inside = node.start_byte <= byte < node.end_byte if by_indent else node.start_byte < byte < node.end_byte
            if inside and not (by_indent and blank_line and node.start_point.column >= column):
                found[node.start_byte] = source.node_text(captures["scope.name"][0]), captures
    return [found[start] for start in sorted(found)]


def _in_empty_block(text: str, offset: int, language: Language, source: Source | None) -> bool:
    before, after = text[:offset][-REACH:], text[offset:][:REACH]
    header = _last_line(before)
    if not header.strip():
        return False
    own_line = header == line_before(text, offset)
    deeper = own_line or len(line_before(text, offset)) > len(indent_of(header)) or not line_before(text, offset)
    if language.blocks == "indent":
        opens = deeper and bool(_INDENT_HEADER.match(_without_comment(header, language).strip()))
        return opens and not _tail(after) and _dedented(after, header)
    stripped = before.rstrip()
    if stripped.endswith("{"):
        closes = after.lstrip()[:1] in ("}", "") or _dedented(after, header)
        return closes and _opens_block(stripped, len(text[:offset].rstrip()) - 1, source)
    if language.blocks == "words" and not _tail(after):
        words = re.findall(r"[\w]+", _without_comment(header, language))
        opens = bool(words) and (words[-1] in language.openers or _heads(words[0], language))
        return opens and _dedented(after, header)
    return False


def _heads(word: str, language: Language) -> bool:
    """Whether a line that begins with `word` opens a block, as in Ruby; in a shell only its last word says so."""
    return language.name != "bash" and word in language.openers


def _opens_block(before: str, brace: int, source: Source | None) -> bool:
    if source is not None:
        byte = source.byte(brace)
        for name, nodes in source.captures("scope", byte, byte + 1).items():
            if name in ("block", "scope.body") and any(node.start_byte == byte for node in nodes):
                return True
    return not _VALUE_BRACE.search(before)


def _dedented(after: str, header: str) -> bool:
    """Whether the next line below that is not blank stands no deeper than `header`, or there is none."""
    lines = after.replace("\r", "\n").split("\n")[1:]
    below = next((line for line in lines if line.strip()), None)
    return below is None or _width(below) <= _width(header)


def _width(line: str) -> int:
    return len(indent_of(line).expandtabs(4))


def _tail(after: str) -> str:
    return line_after(after, 0).strip()


def _last_line(before: str) -> str:
    """The last line of `before` that is not blank, up to the cursor where that is on it."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")


def _without_comment(line: str, language: Language) -> str:
    found = line.rfind(language.comment)
    return line[:found].rstrip() if found > 0 and open_quote(line, language.ids[0]) == "comment" else line


def _tail_closers(text: str, offset: int) -> str:
    tail = line_after(text, offset)
    return tail if not tail.strip(CLOSERS) else ""


def _open_bracket(source: Source, offset: int) -> str | None:
    start = statement_start(source, offset)
    return unclosed(source.text[:offset], source.language_id, start)[-1:] or None


def _last_code(source: Source, offset: int) -> tree_sitter.Node | None:
    """The leaf that ends the code before `offset`: a comment after an open bracket is not part of what is open."""
    end = offset
    while True:
        end = len(source.text[:end].rstrip())
        byte = source.byte(max(0, end - 1))
        node = source.root.descendant_for_byte_range(byte, byte)
        if node is None or "comment" not in node.type or end == 0:
            return node
        end = source.offset(node.start_byte)


def statement_start(source: Source, offset: int) -> int:
    """Where the statement that `offset` is in, or stands behind, begins: at most `REACH` code points up."""
    node = _last_code(source, offset)
    while node is not None and node.parent is not None:
        if node.is_error or node.type.endswith(("statement", "declaration", "definition", "_item")):
            return max(source.offset(node.start_byte), offset - REACH)
        node = node.parent
    return max(0, offset - REACH) if source.root.is_error else line_start(source.text, offset)
