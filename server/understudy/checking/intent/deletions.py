"""Code that an edit takes away, and whether it may: only where the target says that it is not needed.

An edit that changes a statement keeps most of what the statement is about. One that takes a statement away, empties a
body, or puts something else in the place of what was meant, makes the diagnostic go as well, and is no fix.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from understudy.checking.intent.kinds import Kind
from understudy.checking.intent.reach import import_statement
from understudy.checking.intent.revision import Revision, is_spelling
from understudy.checking.intent.tokens import (
    JUMPS,
    Token,
    is_block,
    is_called,
    is_in_type,
    own_tokens,
    shown,
    statement_at,
    tokens_of,
)
from understudy.context.syntax.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

# What a body consists of that does nothing.
_HOLLOW = frozenset(
    {"pass", "...", "return", "raise", "throw", "new", "None", "null", "undefined", "nil", "continue", "break"}
    | {"NotImplementedError", "NotImplemented", "Error", "todo", "unimplemented", "panic", "False", "True"}
)
_STOPS = frozenset({"pass", "...", "return", "raise", "throw", "continue", "break", "NotImplementedError"})
_ELSE = re.compile(r"(?:unnecessary|useless|redundant|unneeded|superfluous) [`'\"]?(?:else|elif)\b", re.IGNORECASE)
_WANTS_RETURN = re.compile(r"missing return|lacks ending return|not all code paths return|must return", re.IGNORECASE)
_WORD = re.compile(r"\w")
_CLAUSES = ("elif_clause", "else_clause", "except_clause", "case_clause", "finally_clause", "with_item", "switch_case")


def deleted(revision: Revision) -> str:
    """The first statement that is gone without need, as a line with its number; empty where there is none."""
    if revision.candidate.target is None:
        return definition_gone(revision)
    lost = _lost(revision)
    if not lost:
        return ""
    if not any(token.is_word for token in _own_code(revision, revision.added)) and not _only_repeats(revision, lost):
        return shown(revision.before, lost[0].node)
    seen: set[int] = set()
    for token in lost:
        statement = statement_at(revision.before, token.start)
        if statement is not None and statement.id not in seen:
            seen.add(statement.id)
            if _is_dropped(revision, statement, lost):
                return shown(revision.before, token.node)
    return ""


def definition_gone(revision: Revision) -> str:
    """A definition that is gone whole, or of which nothing but the head is left."""
    before = _definitions(revision.before, [(hunk.old.start, hunk.old.end) for hunk in revision.texts.hunks])
    after = _definitions(revision.after, [(hunk.new.start, hunk.new.end) for hunk in revision.texts.hunks])
    names = Counter(name for name, _ in after)
    if len(before) > len(after):
        return next((shown(revision.before, node) for name, node in before if not names[name]), "")
    for name, node in before:
        other = next((found for called, found in after if called == name), None)
        if other is not None and _is_hollow(revision.after, other) and not _is_hollow(revision.before, node):
            return shown(revision.after, other)
    return ""


def hollowed(revision: Revision) -> str:
    """A statement that does nothing in the place of code that did."""
    lost = [token for token in _lost(revision) if token.kind in ("name", "string")]
    if not lost:
        return ""
    target = revision.candidate.target
    wants_return = target is not None and _WANTS_RETURN.search(target.message) is not None
    for token in revision.added:
        statement = statement_at(revision.after, token.start) if token.text in _STOPS else None
        if statement is None or (wants_return and token.text == "return"):
            continue
        words = [leaf.text for leaf in tokens_of(revision.after, statement) if leaf.kind not in ("mark", "string")]
        if set(words) <= _HOLLOW and not (len(lost) == 1 and is_spelling(lost[0].text, token.text)):
            return shown(revision.before, lost[0].node)
    return ""


def emptied(revision: Revision) -> str:
    """A text of which no word is left."""
    if revision.candidate.target is None or Kind.UNNEEDED in revision.kinds:
        return ""
    for block in revision.blocks:
        old, new = ([token for token in side if token.kind == "string"] for side in (block.removed, block.added))
        if len(old) == len(new) == 1 and _WORD.search(old[0].text) and not _WORD.search(new[0].text.lstrip("fFrRbBuU")):
            return shown(revision.after, new[0].node)
    return ""


def _lost(revision: Revision) -> list[Token]:
    """The words that are gone from the changed lines and that nothing allows to go. A name whose spelling is corrected
    is not gone."""
    stays = {token.text for token in _own_code(revision, revision.lines_now)}
    respelt = {
        old.start
        for block in revision.blocks
        if len(block.removed) == len(block.added)
        for old, new in zip(block.removed, block.added, strict=True)
        if old.kind == new.kind == "name" and is_spelling(old.text, new.text)
    }
    return [
        token
        for token in revision.removed
        if token.is_word and token.text not in stays and token.start not in respelt and not _may_go(revision, token)
    ]


def _is_dropped(revision: Revision, statement: Node, lost: list[Token]) -> bool:
    """Whether a statement has lost what it was about: most of its words, those aside that the target is about and that
    others have replaced. For a name that is not defined, half of them is too much: only that name was wrong. What is
    to be written otherwise may lose more."""
    excused = _replaced_target(revision)
    counted = [
        token for token in own_tokens(revision.before, statement) if token.is_word and token.start not in excused
    ]
    gone = {token.start for token in lost}
    missing = sum(token.start in gone for token in counted)
    if not missing:
        return False
    share = missing / len(counted)
    if revision.kinds & {Kind.UNDEFINED, Kind.ATTRIBUTE, Kind.UNBOUND}:
        return share >= 0.5
    return share > (0.75 if Kind.STYLE in revision.kinds else 0.5)


def _replaced_target(revision: Revision) -> set[int]:
    """Where the target's own words stood, if something else stands there now and they are one name (`os.pth`)."""
    if not revision.target_name and len(revision.target_tokens) > 3:
        return set()
    own = {token.start for token in revision.target_tokens if token.text not in JUMPS}
    return {token.start for block in revision.blocks if block.added for token in block.removed if token.start in own}


def _may_go(revision: Revision, token: Token) -> bool:
    """Whether the target, or the imports that follow from it, allow an old token to go."""
    if import_statement(revision.before, token) is not None:
        return True
    # A wrong type is written anew, and `escapes` sees to it that there is one.
    if Kind.UNDEFINED not in revision.kinds and is_in_type(token):
        return True
    return any(start <= token.start and token.end <= end for start, end in _allowed(revision))


def _allowed(revision: Revision) -> list[tuple[int, int]]:
    """The stretches of the old text that may go, in bytes."""
    place, statement, target = revision.target_bytes, revision.target_statement, revision.candidate.target
    if place is None or target is None or not revision.kinds & {Kind.UNNEEDED, Kind.REDUCIBLE, Kind.STYLE}:
        return []
    if Kind.UNNEEDED not in revision.kinds:
        return _parts(revision, statement)
    allowed = [place]
    if statement is not None:
        clause = _clause(revision, statement)
        name = statement.child_by_field_name("name")
        if _ELSE.search(target.message):
            clause = None  # what is in it stays, less deep
        whole = not _has_block(statement) or (name is not None and name.start_byte <= place[0] < name.end_byte)
        if whole or clause is not None:
            chosen = statement if whole else clause
            assert chosen is not None
            allowed.append((chosen.start_byte, chosen.end_byte))
        else:
            allowed += [(token.start, token.end) for token in own_tokens(revision.before, statement)]
        if "unreachable" in target.message.lower() and statement.parent is not None:
            allowed.append((statement.start_byte, statement.parent.end_byte))
    rows = [int(row) - 1 for row in re.findall(r"\blines? (\d+)", target.message)]
    rows += [related.row for related in target.related]
    return allowed + [reach for row in rows if (reach := _row(revision, row)) is not None]


def _parts(revision: Revision, statement: Node | None) -> list[tuple[int, int]]:
    """What may go of a statement of which something stays."""
    if statement is None:
        return []
    own = own_tokens(revision.before, statement)
    stays = {now.text for now in revision.lines_now}
    gone = {token.start for token in revision.removed if token.text not in stays}
    # What is only to be written otherwise stays in some form.
    rewritten = any(token.kind == "name" for token in revision.added)
    if Kind.STYLE in revision.kinds and not rewritten and gone >= {token.start for token in _words(revision)}:
        return []
    if not any(token.kind in ("name", "keyword") and token.start not in gone for token in own):
        return []
    # Of a call with arguments too many the call stays.
    is_call = Kind.REDUCIBLE in revision.kinds
    return [(token.start, token.end) for token in own if not (is_call and is_called(token))]


def _words(revision: Revision) -> list[Token]:
    return [token for token in revision.target_tokens if token.is_word]


def _clause(revision: Revision, statement: Node) -> Node | None:
    place = revision.target_bytes
    assert place is not None
    node = revision.before.root.descendant_for_byte_range(*place)
    while node is not None and node.id != statement.id:
        if node.type in _CLAUSES:
            return node
        node = node.parent
    return None


def _row(revision: Revision, row: int) -> tuple[int, int] | None:
    lines = revision.texts.old_lines
    if not 0 <= row < len(lines):
        return None
    start = revision.before.byte(lines.starts[row] + len(lines.bodies[row]) - len(lines.bodies[row].lstrip()))
    statement = statement_at(revision.before, start)
    return (statement.start_byte, statement.end_byte) if statement is not None else None


def _own_code(revision: Revision, tokens: tuple[Token, ...]) -> list[Token]:
    return [token for token in tokens if import_statement(revision.after, token) is None]


def _only_repeats(revision: Revision, lost: list[Token]) -> bool:
    """Whether a syntax error is mended by taking away what was typed twice."""
    if Kind.SYNTAX not in revision.kinds or len(lost) != 1:
        return False
    rest = Counter(token.text for token in tokens_of(revision.before, revision.before.root) if _near(token, lost[0]))
    return rest[lost[0].text] > 1


def _near(token: Token, other: Token) -> bool:
    return token.node.start_point[0] == other.node.start_point[0]


def _definitions(source: Source, spans: list[tuple[int, int]]) -> list[tuple[str, Node]]:
    """The definitions that changed lines touch, by name."""
    found: dict[int, tuple[str, Node]] = {}
    for start, end in spans:
        for match in source.matches("scope", source.byte(start), max(source.byte(end), source.byte(start) + 1)):
            for node in match.get("scope.definition", []):
                name = next(iter(match.get("scope.name", [])), None)
                if name is not None:
                    found[node.id] = source.node_text(name), node
    return list(found.values())


def _is_hollow(source: Source, node: Node) -> bool:
    body = node.child_by_field_name("body")
    words = [token for token in tokens_of(source, body) if token.kind != "mark" or token.text == "..."] if body else []
    return all(token.text in _HOLLOW or token.kind == "string" for token in words)


def _has_block(node: Node) -> bool:
    return any(is_block(child) for child in node.children) or any(
        is_block(grandchild) for child in node.children for grandchild in child.children
    )
