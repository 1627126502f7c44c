"""Code put where nobody looks at it: in a comment, behind a jump, into a `try` that swallows what goes wrong; and uses
that are none.

Each function looks at an edit and gives the line that it found, or an empty text.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from understudy.checking.intent.kinds import Kind
from understudy.checking.intent.reach import holds_only_imports
from understudy.checking.intent.revision import Revision
from understudy.checking.intent.tokens import (
    Token,
    condition_of,
    descendants,
    is_block,
    is_called,
    shown,
    statement_at,
    tokens_of,
)
from understudy.context.syntax.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

_JUMPS = ("return_statement", "raise_statement", "throw_statement", "break_statement", "continue_statement")
_EXITS = frozenset({"exit", "quit", "_exit", "abort", "assert_never", "panic", "unreachable", "process"})
_NOTHING = frozenset(
    {"pass", "...", "continue", "None", "return", "null", "undefined", "void", "0", ";", "{", "}", ":"}
)
_LOGS = frozenset(
    {"print", "log", "logging", "logger", "console", "warn", "warning", "debug", "error", "info", "exception"}
)
_PLACEHOLDERS = frozenset({"todo", "unimplemented"})
_STUB_STARTS = frozenset({"raise", "throw", "assert", "while"})
_STUBS = (
    ["raise", "NotImplementedError"], ["assert", "False"], ["assert", "0"],
    ["while", "True", "pass"], ["while", "True", "..."], ["while", "1", "pass"], ["while", "true"],
    ["throw", "undefined"], ["throw", "null"],
)  # fmt: skip
# A comparison to what is false is one as well.
_NEGATIONS = frozenset({"not", "not in", "is not", "!", "!=", "!==", "False", "false"})
_FUNCTIONS = frozenset({"def", "lambda", "function", "=>", "fn", "func", "fun"})
_HANDLERS = ("except_clause", "catch_clause", "except_group_clause", "rescue", "catch_block")


def wrapped(revision: Revision) -> str:
    """Code put where its failure is swallowed, or where it does not run: `try … except: pass`, `if False:`."""
    if revision.candidate.target is None:
        return _never_runs(revision)
    for token in () if Kind.EXCEPTION in revision.kinds else revision.added:
        if token.text == "try" and _wraps(revision, token) and _hides(revision, token):
            return shown(revision.after, token.node)
        if token.text == "suppress" and is_called(token):
            return shown(revision.after, token.node)
        if token.text in _FUNCTIONS and _wraps(revision, token) and not _was_function(revision):
            return shown(revision.after, token.node)
    return _never_runs(revision)


def unreachable(revision: Revision) -> str:
    """A jump in front of code that stood there before: what cannot be reached, many checkers do not look at."""
    fresh = {token.node.id for token in revision.added}
    for token in revision.added:
        node = statement_at(revision.after, token.start)
        if node is None or not (node.type in _JUMPS or _always_leaves(revision.after, node)):
            continue
        following = _sibling(node, "next_named_sibling")
        if (
            following is not None
            and "clause" not in following.type
            and "else" not in following.type
            and any(leaf.node.id not in fresh for leaf in tokens_of(revision.after, following))
        ):
            return shown(revision.after, token.node)
        # The jump may take the rest of a statement with it: `return a` and `.b()` on the next line, a `throw` between.
        before = _sibling(node, "prev_named_sibling")
        if (
            before is not None
            and before.type in _JUMPS
            and any(leaf.node.id not in fresh for leaf in tokens_of(revision.after, node))
        ):
            return shown(revision.after, token.node)
    return ""


def _sibling(node: Node, direction: Literal["next_named_sibling", "prev_named_sibling"]) -> Node | None:
    """The statement beside another."""
    found: Node | None = getattr(node, direction)
    while found is not None and "comment" in found.type:
        found = getattr(found, direction)
    return found


def stub(revision: Revision) -> str:
    """A statement that stands for code that is not written, so that a checker need not look further."""
    target = revision.candidate.target
    if target is None or re.search(r"NotImplemented|abstract|assert\w* ?False", target.message):
        return ""
    fresh = {token.node.id for token in revision.added}
    for token in revision.added:
        if token.text in _PLACEHOLDERS and revision.more[token.text] > 0 and _is_macro(token):
            return shown(revision.after, token.node)
        statement = statement_at(revision.after, token.start) if token.text in _STUB_STARTS else None
        leaves = tokens_of(revision.after, statement) if statement is not None else ()
        if not leaves or not all(leaf.node.id in fresh for leaf in leaves):
            continue
        words = [leaf.text for leaf in leaves if leaf.kind not in ("mark", "string") or leaf.text == "..."]
        if words in _STUBS:
            return shown(revision.after, token.node)
    return ""


def _is_macro(token: Token) -> bool:
    return token.node.parent is not None and token.node.parent.type == "macro_invocation"


def turned_round(revision: Revision) -> str:
    """A comparison that holds now where it did not before: `x is not None` for `x == None`."""
    if Kind.COMPARISON not in revision.kinds or not revision.target_tokens:
        return ""
    gone, come = (sum(token.text in _NEGATIONS for token in side) for side in (revision.removed, revision.added))
    assigns = revision.more["="] > 0
    return shown(revision.before, revision.target_tokens[0].node) if assigns or (gone - come) % 2 else ""


def turned_into_text(revision: Revision) -> str:
    """Code that has become a comment or a string."""
    target = revision.candidate.target
    quoted = target is not None and "quotes" in target.message.lower()
    lost = Counter(token.text for token in revision.removed if token.kind in ("name", "keyword"))
    lost -= Counter(token.text for token in revision.added if token.kind in ("name", "keyword"))
    if lost.total() < 2:
        return ""
    strings = [token for token in revision.added if token.kind == "string" and not quoted]
    for token in (*revision.added_comments, *strings):
        words = Counter(re.findall(r"\w+", token.text))
        if (lost & words).total() * 2 > lost.total() and _code_in_a_row(revision, token):
            return shown(revision.after, token.node)
    return ""


def idle_use(revision: Revision) -> str:
    """A use whose only purpose is that there is one: `_ = x`, `del x`, `x` alone on a line, `void x`."""
    if Kind.UNNEEDED not in revision.kinds or not revision.target_name:
        return ""
    if found := _underscored(revision) or _exported(revision):
        return found
    for token in revision.added:
        statement = statement_at(revision.after, token.start)
        if token.text != revision.target_name or statement is None or statement.start_byte < 0:
            continue
        words = [leaf for leaf in tokens_of(revision.after, statement) if leaf.kind in ("name", "literal", "keyword")]
        rest = [leaf.text for leaf in words if leaf.text != token.text]
        if set(rest) <= {"_", "del", "assert", "void", "print", "console", "log", "id", "type", "let", "const"} and all(
            leaf in revision.added for leaf in words
        ):
            return shown(revision.after, token.node)
    return ""


def _exported(revision: Revision) -> str:
    """An unused import that is listed in `__all__`, where the message does not offer that."""
    target = revision.candidate.target
    if target is None or "__all__" in target.message or "import" not in target.message:
        return ""
    for token in revision.added:
        statement = statement_at(revision.after, token.start)
        if statement is None or token.text.strip("\"'") != revision.target_name:
            continue
        if tokens_of(revision.after, statement)[0].text == "__all__":
            return shown(revision.after, token.node)
    return ""


def _underscored(revision: Revision) -> str:
    """A variable by itself that is only named as one that nobody uses: `_total = …`. Loops, parameters and what is
    unpacked need a name."""
    name = revision.target_name
    for block in revision.blocks:
        if [token.text for token in block.removed] == [name] and len(block.added) == 1:
            node = block.added[0].node
            parent = node.parent
            if parent is None or not block.added[0].text.startswith("_"):
                continue
            field = {"assignment": "left", "variable_declarator": "name"}.get(parent.type, "")
            left = parent.child_by_field_name(field) if field else None
            if left is not None and left.id == node.id:
                return shown(revision.after, node)
    return ""


def _wraps(revision: Revision, token: Token) -> bool:
    """Whether the statement that an added token begins holds code that stood there before."""
    fresh = {added.node.id for added in revision.added}
    body = token.node.parent
    if body is None:
        return False
    inner = next((node for node in descendants(body) if is_block(node)), body)
    return any(leaf.node.id not in fresh for leaf in tokens_of(revision.after, inner))


def _was_function(revision: Revision) -> bool:
    """Whether a function of another form stood where there is one now."""
    return any(token.text in _FUNCTIONS for token in revision.removed)


def _hides(revision: Revision, token: Token) -> bool:
    """Whether a `try` swallows what goes wrong in it, or is all that the edit does about the target."""
    statement = token.node.parent
    assert statement is not None
    for node in descendants(statement):
        if node.type in _HANDLERS:
            bodies = [child for child in node.children if is_block(child)]
            words = {leaf.text for body in bodies for leaf in tokens_of(revision.after, body) if leaf.kind != "mark"}
            words |= {leaf.text for body in bodies for leaf in tokens_of(revision.after, body) if leaf.text == "..."}
            if not words - _NOTHING - _LOGS or not any(word in words for word in ("raise", "throw")):
                return True
    return not any(token.node.id == removed.node.id for token in revision.target_tokens for removed in revision.removed)


def _never_runs(revision: Revision) -> str:
    """A condition that is never true around code that stood there before."""
    for token in revision.added:
        if token.text not in ("if", "while", "#if") or not _wraps(revision, token):
            continue
        statement = token.node.parent
        # Imports that only annotations need may go there; `for_the_checker_only` looks at the others.
        if statement is None or holds_only_imports(revision.after, statement):
            continue
        if _is_never(condition_of(revision.after, statement)):
            return shown(revision.after, token.node)
    return ""


def _is_never(condition: str) -> bool:
    words = re.sub(r"[()\s]+", " ", condition).strip()
    return bool(
        re.fullmatch(r"(?:False|false|0|None|null|undefined|''|\"\"|not True|! ?true)", words)
        or re.match(r"(?:False|false|0) (?:and|&&) ", words)
        or re.search(r" (?:and|&&) (?:False|false|0)$", words)
        or re.search(r"\bTYPE_CHECKING\b", words)
        or re.fullmatch(r"__debug__ (?:and|is) .*|1 ?==+ ?[02-9]|0 ?==+ ?1", words)
    )


def _always_leaves(source: Source, statement: Node) -> bool:
    if is_block(statement) or any(is_block(node) for node in descendants(statement)):
        return False
    leaves = [token.text for token in tokens_of(source, statement)]
    if leaves[:1] == ["assert"]:
        return leaves[1:2] in (["False"], ["0"], ["None"])
    return statement.type.startswith("expression") and "(" in leaves and bool(_EXITS & set(leaves[: leaves.index("(")]))


def _code_in_a_row(revision: Revision, token: Token) -> bool:
    """Whether a comment or string has words in it in the order in which the lost code has them."""
    words = re.findall(r"\w+", token.text)
    lost = [found for removed in revision.removed for found in re.findall(r"\w+", removed.text)]
    match = SequenceMatcher(None, words, lost, autojunk=False).find_longest_match(0, len(words), 0, len(lost))
    return match.size >= 2
