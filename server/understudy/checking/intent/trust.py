"""What an edit asks to be believed: what the checkers that ran cannot see, and, where none vouches, the edit itself."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from understudy.checking.intent.bindings import binding
from understudy.checking.intent.kinds import Kind
from understudy.checking.intent.modules import known_members
from understudy.checking.intent.reach import import_statement
from understudy.checking.intent.revision import Revision, is_spelling
from understudy.checking.intent.tokens import Token, own_tokens, shown

# Checkers that know what a name or a module has; others take any member of anything for granted.
SEE_MEMBERS = frozenset({"pyright", "basedpyright", "mypy", "tsc", "go build", "go vet", "cargo check", "cargo clippy"})
_BUILTINS = {"python": frozenset(dir(builtins))}
_MEMBERS = ("attribute", "member_expression", "field_expression", "selector_expression", "property_identifier")


def untouched(revision: Revision) -> str:
    """The target's line, where the edit changes neither its statement nor the import or definition of its name."""
    statement = revision.target_statement
    name = revision.target_name
    if statement is None or any(token.text == name for token in revision.added):
        return ""
    if any(statement.start_byte <= token.start <= statement.end_byte for token in revision.removed):
        return ""
    low, high = revision.before.offset(statement.start_byte), revision.before.offset(statement.end_byte)
    if any(hunk.old.start <= high and hunk.old.end >= low for hunk in revision.texts.hunks):
        return ""
    return shown(revision.before, statement)


def unknown_name(revision: Revision) -> str:
    """A name that the edit uses and that occurs nowhere else: neither in the text, nor in the message, nor built in."""
    if Kind.UNNEEDED in revision.kinds:
        return ""
    target = revision.candidate.target
    message = target.message if target is not None else ""
    known = _BUILTINS.get(revision.before.grammar.language.name, frozenset())
    old = Counter(re.findall(r"\w+", revision.before.text))
    old -= Counter([revision.target_name])
    for token in revision.added:
        if token.kind != "name" or _is_member(token) or token.text in known or old[token.text] > 0:
            continue
        if import_statement(revision.after, token) is None and not _is_introduced(revision, token.text, message):
            row = token.node.start_point[0]
            return f"line {row + 1}: {token.text}"
    return ""


def loses_words(revision: Revision) -> str:
    """The target's line, where the edit takes words from it that the target is not about."""
    statement = revision.target_statement
    if statement is None or revision.kinds & {Kind.UNNEEDED, Kind.REDUCIBLE}:
        return ""
    own = {token.start for token in revision.target_tokens}
    gone = {token.start for token in revision.removed}
    words = [token for token in own_tokens(revision.before, statement) if token.is_word and token.start not in own]
    kept = Counter(token.text for token in revision.added)
    missing = Counter(token.text for token in words if token.start in gone) - kept
    if not missing or (Kind.SYNTAX in revision.kinds and missing.total() * 2 <= len(words)):
        return ""
    return shown(revision.before, statement)


@dataclass(frozen=True, slots=True)
class Member:
    """A member that the edit names and that the text did not name before, as it is written (`os.pth`). `wrong`: it is
    looked up in a module of the standard library, which has none of that name."""

    text: str
    wrong: bool


def unseen(revision: Revision) -> Member | None:
    """The member that the fix rests on and that linters do not look at: to them `os.pth` for `pth` is all right."""
    old = Counter(re.findall(r"\w+", revision.before.text)) - Counter([revision.target_name])
    known = known_members(revision)
    found = _of_the_import(revision, known)
    if found is not None:
        return found
    for token in revision.lines_now:
        if token.kind != "name" or not _is_member(token) or old[token.text]:
            continue
        parent = token.node.parent
        text = revision.after.node_text(parent) if parent is not None and parent.child_count > 1 else token.text
        is_known = known(text.rpartition(".")[0], token.text)
        if is_known is False:
            return Member(text, wrong=True)
        if is_known is None and found is None:
            found = Member(text, wrong=False)
    return found


def another_name(revision: Revision) -> str:
    """The name put for the undefined one where neither is the other misspelt, or of the same words: to a linter any
    name that is defined is all right."""
    name = revision.target_name
    if Kind.UNDEFINED not in revision.kinds or not name:
        return ""
    for block in revision.blocks:
        if [token.text for token in block.removed] == [name] and [token.kind for token in block.added] == ["name"]:
            other = block.added[0].text
            if not is_spelling(name, other) and not _words(name) & _words(other):
                return other
    return ""


def _words(name: str) -> set[str]:
    """The words that a name is made of: `readAll` and `read_all` are of the same."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", name)}


def _of_the_import(revision: Revision, known: Callable[[str, str], bool | None]) -> Member | None:
    """A member that the code asked of the undefined name all along, and that the module imported for it has not:
    `import datetime` for `datetime.now()`."""
    name, statement = revision.target_name, revision.target_statement
    imported = any(token.text == name and import_statement(revision.after, token) for token in revision.added)
    if statement is None or not name or not imported:
        return None
    leaves = own_tokens(revision.before, statement)
    for owner, dot, member in zip(leaves, leaves[1:], leaves[2:], strict=False):
        text = f"{name}.{member.text}"
        is_used = (
            owner.text == name and dot.text == "." and re.search(rf"(?<![\w.]){re.escape(text)}\b", revision.after.text)
        )
        if is_used and known(name, member.text) is False:
            return Member(text, wrong=True)
    return None


def _is_member(token: Token) -> bool:
    """Whether a name is looked up in something: what follows the dot."""
    parent = token.node.parent
    if "property" in token.node.type or "field_identifier" in token.node.type:
        return True
    return parent is not None and parent.type in _MEMBERS and token.start > parent.start_byte


def _is_introduced(revision: Revision, name: str, message: str) -> bool:
    """Whether the edit itself gives a name a meaning, or the message speaks of it."""
    if re.search(rf"\b{re.escape(name)}\b", message) and name != revision.target_name:
        return True
    for token in revision.added:
        if token.text == name and (import_statement(revision.after, token) is not None or binding(token) is not None):
            return True
    return False
