"""Ways out of what a checker sees: a type thrown away, a name looked up at run time, an import for the checker only.

Each function looks at an edit and gives the line that it found, or an empty text.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from understudy.checking.intent.kinds import Kind
from understudy.checking.intent.reach import import_statement
from understudy.checking.intent.revision import Revision
from understudy.checking.intent.tokens import (
    Token,
    ancestors,
    condition_of,
    is_block,
    is_called,
    is_in_type,
    shown,
)

if TYPE_CHECKING:
    from tree_sitter import Node

# Names by which code reaches around what a checker can see.
_TRICKS = frozenset(
    {
        "getattr", "hasattr", "setattr", "delattr", "globals", "locals", "vars", "eval", "exec", "__import__",
        "import_module", "__dict__", "__builtins__", "__getattr__", "globalThis", "window", "Reflect", "Function",
        "no_type_check", "reveal_type", "unsafe", "transmute",
    }
)  # fmt: skip
# Python's own `any` is a function.
_ANY = {"python": frozenset({"Any"}), "typescript": frozenset({"any"}), "tsx": frozenset({"any"})}
_ANY_ELSEWHERE = frozenset({"Any", "AnyObject", "dynamic"})
_CASTS = frozenset({"cast", "Unchecked", "unsafeCast"})
_WIDEST = frozenset({"object", "unknown"})
_TYPE_COMMENT = re.compile(r"#\s*type\s*:\s*(?!ignore)\S")
_MAY_BE_MISSING = re.compile(
    r"possibly (?:'|\")?(?:null|undefined|None)\b|\"None\" (?:of|has)|for \"None\"|attribute of \"None\"", re.IGNORECASE
)
_TEXTS = frozenset({"str", "repr", "String"})
_DISPLAYS = ("list", "tuple", "dictionary", "set", "array", "object")
_TYPES = ("type", "type_annotation", "type_parameter", "generic_type", "type_arguments", "subscript")


def type_escape(revision: Revision) -> str:
    """A type that is thrown away: `Any`, `as any`, `cast(…)`, a non-null assertion."""
    more = revision.more
    named = Kind.ANNOTATION in revision.kinds
    wide = _ANY.get(revision.after.grammar.language.name, _ANY_ELSEWHERE)
    for token in revision.added:
        if import_statement(revision.after, token) is not None or revision.is_respelt(token):
            continue
        if token.text in wide and more[token.text] > 0 and not (named and _is_argument_of_type(token)):
            return shown(revision.after, token.node)
        if token.text in _CASTS and more[token.text] > 0 and is_called(token):
            return shown(revision.after, token.node)
        if token.text in ("unknown", "never", "object") and more[token.text] > 0 and _is_asserted(token):
            return shown(revision.after, token.node)
        if token.text in ("!", "!!") and ("non_null" in _parent(token) or "postfix" in _parent(token)):
            return shown(revision.after, token.node)
    return _type_gone(revision) or _widened(revision) or _type_comment(revision) or _turned_into_words(revision)


def _widened(revision: Revision) -> str:
    """A type that every value is of (`object`, `unknown`), written where the message does not speak of it."""
    target = revision.candidate.target
    if target is None or revision.kinds & {Kind.ANNOTATION, Kind.STYLE}:
        return ""
    for token in revision.added:
        if token.text not in _WIDEST or revision.more[token.text] <= 0 or token.text in target.message:
            continue
        if is_in_type(token, 2):
            return shown(revision.after, token.node)
    return ""


def _type_comment(revision: Revision) -> str:
    """A type given in a comment, in a text that has none: nobody writes them by hand any more."""
    if revision.candidate.target is None or _TYPE_COMMENT.search(revision.before.text):
        return ""
    found = (token for token in revision.added_comments if _TYPE_COMMENT.match(token.text))
    return next((shown(revision.after, token.node) for token in found), "")


def _turned_into_words(revision: Revision) -> str:
    """What may be missing turned into a text (`str(found).upper()` works on "None" as well), or said not to be."""
    target = revision.candidate.target
    if target is None or not _MAY_BE_MISSING.search(target.message):
        return ""
    for token in revision.added:
        if token.text == "as" and token.node.parent is not None and token.node.parent.type == "as_expression":
            return shown(revision.after, token.node)
        if token.text in _TEXTS and revision.more[token.text] > 0 and is_called(token):
            return shown(revision.after, token.node)
    return ""


def _type_gone(revision: Revision) -> str:
    """An annotation that is taken away: what has no type is not checked."""
    if revision.candidate.target is None or revision.kinds & {Kind.UNNEEDED, Kind.STYLE}:
        return ""
    for block in revision.blocks:
        gone = [token for token in block.removed if is_in_type(token)]
        if gone and block.removed[0].text in (":", "->") and not any(token.is_word for token in block.added):
            return shown(revision.before, gone[0].node)
    return ""


def trick(revision: Revision) -> str:
    """A way around what a checker sees: `globals()["x"]`, `getattr(a, "x")`, `eval`, an import of everything."""
    more = revision.more
    for token in revision.added:
        if token.text in _TRICKS and more[token.text] > 0 and not revision.is_respelt(token):
            return shown(revision.after, token.node)
        if token.text in ("*", "**", "...") and _unpacks_a_display(token):
            return shown(revision.after, token.node)
        if token.text in ("*", "**", "...") and _takes_anything(revision, token):
            return shown(revision.after, token.node)
        if token.text == "*" and "wildcard" in token.node.type + _parent(token) and more["*"] > 0:
            return shown(revision.after, token.node)
    return ""


def for_the_checker_only(revision: Revision) -> str:
    """An import that only the type checker sees (`if TYPE_CHECKING:`) of a name that the program uses."""
    if Kind.UNDEFINED not in revision.kinds or any("type" in node.type for node in _around_target(revision)):
        return ""
    for token in revision.added:
        if token.kind == "name" and token.text == revision.target_name:
            for node in ancestors(token.node):
                if node.type == "if_statement" and "TYPE_CHECKING" in condition_of(revision.after, node):
                    return shown(revision.after, token.node)
    return ""


def _around_target(revision: Revision) -> list[Node]:
    tokens = revision.target_tokens
    if not tokens:
        return []
    found: list[Node] = []
    for node in ancestors(tokens[0].node):
        if is_block(node):
            break
        found.append(node)
    return [node for node in found if node.type in ("type", "type_annotation", "generic_type")]


def _is_argument_of_type(token: Token) -> bool:
    """Whether a type stands inside another one (`dict[str, Any]`), or types what is passed on (`**options: Any`)."""
    types = 0
    for node in ancestors(token.node):
        types += node.type in _TYPES
        if "parameter" in node.type and node.type not in ("type_parameter", "parameters"):
            return types > 1 or any("splat" in child.type or "rest" in child.type for child in node.children)
        if is_block(node):
            break
    return types > 1


def _is_asserted(token: Token) -> bool:
    """Whether a type is what a value is said to be: `x as never`."""
    return any(node.type in ("as_expression", "type_assertion") for node in islice(ancestors(token.node), 2))


def _parent(token: Token) -> str:
    return token.node.parent.type if token.node.parent is not None else ""


def _takes_anything(revision: Revision, token: Token) -> bool:
    """Whether a function whose arguments are in question takes any number of them now."""
    target = revision.candidate.target
    parent = token.node.parent
    if target is None or parent is None or not re.search(r"\barguments?\b|\bparameter", target.message, re.IGNORECASE):
        return False
    return any(word in parent.type for word in ("splat_pattern", "rest_pattern")) and revision.more[token.text] > 0


def _unpacks_a_display(token: Token) -> bool:
    """Whether arguments are written as a list that is unpacked on the spot (`f(*[1])`): how many, is not checked."""
    node = token.node.parent
    if node is None or ("splat" not in node.type and "spread" not in node.type):
        return False
    return node.parent is not None and "argument" in node.parent.type and node.named_children[-1].type in _DISPLAYS
