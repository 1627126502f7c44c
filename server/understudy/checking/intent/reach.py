"""Where an edit reaches: the scope that it was given, and the imports that it needs."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from understudy.checking.intent.kinds import Kind
from understudy.checking.intent.revision import Revision
from understudy.checking.intent.tokens import Token, ancestors, is_block, shown, tokens
from understudy.checking.texts import Texts
from understudy.context.syntax.source import Source
from understudy.core.text import Span, split_lines

if TYPE_CHECKING:
    from tree_sitter import Node

    from understudy.checking.verdict import Candidate

# An import as most languages write it, for a text without a tree.
_IMPORT = re.compile(r"\s*(?:(?:import|from|use|using|require|include|#\s*include)\b|(?:const|let|var)\b.*\brequire\()")

# A bracket that is left open is often noticed only some lines further down.
ROWS_BEFORE = 12
_NOTHING = ("comment", "pass_statement")


def other_files(candidate: Candidate) -> str:
    """Another file that the edit changes and that the target does not speak of; empty where there is none."""
    before, after = candidate.before.others, candidate.after.others
    related = candidate.target.related if candidate.target is not None else ()
    for uri in sorted({*before, *after}):
        if before.get(uri) == after.get(uri):
            continue
        path = PurePosixPath(unquote(urlsplit(uri).path))
        if not any(path.parts[-len(named) :] == named for place in related if (named := _parts(place.path))):
            return path.name
    return ""


def outside(revision: Revision) -> str:
    """The first line outside the scope that the edit changes without need, with its number; empty where there is none.

    Needed is what adds, changes or takes away an import: at the top of the file, in front of the scope. An import that
    goes away must be one whose name the edit has taken out of the code.
    """
    scope = revision.candidate.scope
    if scope is None:
        return ""
    reach = _Reach.of(revision, _with_errors(revision, scope))
    for token in (*revision.removed, *revision.removed_comments):
        if not reach.holds_old(token) and not _import_may_go(revision, token):
            return shown(revision.before, token.node)
    for token in (*revision.added, *revision.added_comments):
        if not reach.holds_new(token) and not _import_may_come(revision, token, reach):
            return shown(revision.after, token.node)
    # Lines that differ in their white space only, which in Python says what belongs to what.
    for hunk in revision.texts.hunks:
        for token in tokens(revision.before, revision.before.byte(hunk.old.start), revision.before.byte(hunk.old.end)):
            if not reach.holds_old(token) and import_around(revision.before, token) is None:
                return shown(revision.before, token.node)
    return ""


def line_ends(revision: Revision) -> str:
    """Line ends of a kind that the text has not; empty where there are none."""
    old, new = ({end for end in lines.ends if end} for lines in (revision.texts.old_lines, revision.texts.new_lines))
    return "its line ends" if old and new - old else ""


def _with_errors(revision: Revision, scope: Span) -> Span:
    """The scope of a syntax error: it is often reported behind where it was made, and what encloses it is uncertain."""
    target = revision.candidate.target
    if target is None or Kind.SYNTAX not in revision.kinds or not revision.before.errors:
        return scope
    lines = revision.texts.old_lines
    row = max(bisect_right(lines.starts, target.span.start) - 1, 0)
    start, end = min(scope.start, lines.starts[max(row - ROWS_BEFORE, 0)]), max(scope.end, lines.end(row))
    for node in revision.before.errors:
        error = revision.before.span(node)
        if error.start <= lines.end(row) and error.end >= lines.starts[max(row - ROWS_BEFORE, 0)]:
            start, end = min(start, error.start), max(end, error.end)
    return Span(start, end)


def outside_text(texts: Texts, scope: Span) -> str:
    """`outside` for a text without a tree: a changed line outside the scope must look like an import."""
    for hunk in texts.hunks:
        if scope.start <= hunk.old.start and hunk.old.end <= scope.end + 2:
            continue
        for line in split_lines(texts.old[hunk.old.start : hunk.old.end] + texts.new[hunk.new.start : hunk.new.end]):
            if line.strip() and not _IMPORT.match(line):
                return line.strip()
    return ""


def import_around(source: Source, token: Token) -> Node | None:
    """The import statement that a token belongs to, or the statement at the top of a file that holds nothing else."""
    statement = import_statement(source, token)
    if statement is None:
        return None
    for parent in ancestors(statement):
        if parent.parent is None:
            return statement
        if not is_block(parent) and not holds_only_imports(source, parent):
            return statement
        if not is_block(parent):
            statement = parent
    return statement


@dataclass(frozen=True, slots=True)
class _Reach:
    """The scope as bytes of the old text, and of the new one."""

    old: tuple[int, int]
    new: tuple[int, int]

    @classmethod
    def of(cls, revision: Revision, scope: Span) -> _Reach:
        old = revision.before.byte(scope.start), revision.before.byte(scope.end)
        hunks = revision.texts.hunks
        grown = [(hunk, hunk.new.end - hunk.new.start - hunk.old.end + hunk.old.start) for hunk in hunks]
        # What is inserted just in front of the scope's first line, or behind its last one, may or may not belong to it.
        before = sum(by for hunk, by in grown if hunk.old.end <= scope.start)
        inside = sum(by for hunk, by in grown if hunk.old.end > scope.start and hunk.old.start < scope.end)
        start, end = scope.start + before, scope.end + before + inside
        low, high = revision.after.byte(max(start, 0)), revision.after.byte(max(min(end, len(revision.after.text)), 0))
        return cls(old, _node_span(revision.after, low, max(high, low)))

    def holds_old(self, token: Token) -> bool:
        return self.old[0] <= token.start and token.end <= self.old[1]

    def holds_new(self, token: Token) -> bool:
        return self.new[0] <= token.start and token.end <= self.new[1]


def _node_span(source: Source, start: int, end: int) -> tuple[int, int]:
    """The stretch from `start` to `end`, widened to the statement that begins in it: with lines added at its end, and
    decorators in front of it."""
    node = source.root.descendant_for_byte_range(start, max(start, end - 1))
    while node is not None and node.parent is not None and not is_block(node) and not is_block(node.parent):
        node = node.parent
    if node is None or node.parent is None or is_block(node):
        return start, end
    return min(start, node.start_byte), max(end, node.end_byte)


def _import_may_go(revision: Revision, token: Token) -> bool:
    statement = import_statement(revision.before, token)
    if statement is None or import_around(revision.before, token) is None:
        return False
    if token.kind != "name" or token.text in {added.text for added in revision.added}:
        return True
    # Its name is not used any more because the edit has replaced it, or the target says that it is not used at all.
    used = {
        other.text
        for other in revision.removed
        if other.kind == "name" and import_statement(revision.before, other) is None
    }
    taken = {other.text for other in revision.removed if import_statement(revision.before, other) == statement}
    place = revision.target_bytes
    is_target = place is not None and statement.start_byte <= place[0] <= statement.end_byte
    return is_target or bool(used & taken)


def _import_may_come(revision: Revision, token: Token, reach: _Reach) -> bool:
    statement = import_around(revision.after, token)
    if statement is None or statement.start_byte >= reach.new[0]:
        return False
    return statement.parent is None or statement.parent.parent is None


def import_statement(source: Source, token: Token) -> Node | None:
    """The import that a token belongs to; None where it belongs to none."""
    statements = {node.id for node in _imports(source, token)}
    node: Node | None = token.node
    while node is not None:
        if node.id in statements:
            return node
        node = node.parent
    # An `if` or `try` that holds nothing but imports is part of them.
    for parent in ancestors(token.node):
        if parent.parent is not None and not is_block(parent) and holds_only_imports(source, parent):
            return parent
    return None


def _imports(source: Source, token: Token) -> list[Node]:
    return source.captures("imports", token.start, token.end).get("import", [])


def holds_only_imports(source: Source, node: Node) -> bool:
    """Whether a conditional or a `try` has imports in it and no other statement."""
    if not node.type.startswith(("if_", "try_", "elif_", "else_", "except_", "finally_")):
        return False
    imports = {found.id for found in source.captures("imports", node.start_byte, node.end_byte).get("import", [])}
    found = False
    waiting = [node]
    while waiting:
        for child in waiting.pop().named_children:
            if child.id in imports:
                found = True
            elif is_block(child) or child.type.endswith("_clause"):
                waiting.append(child)
            elif child.parent is not None and is_block(child.parent) and child.type not in _NOTHING:
                return False
    return found


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in (".", "/"))
