"""Meanings made up so that a checker is content: a dummy definition, a constant where a name was, a new parameter."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from understudy.checking.intent.bindings import binding, is_empty, is_parameter
from understudy.checking.intent.kinds import Kind
from understudy.checking.intent.reach import import_statement
from understudy.checking.intent.revision import Block, Revision, is_spelling
from understudy.checking.intent.tokens import (
    Token,
    ancestors,
    is_block,
    own_tokens,
    shown,
    statement_at,
    tokens,
    tokens_of,
)
from understudy.context.syntax.source import Source
from understudy.core.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

# What other languages call a constant.
_OTHER_SPELLINGS = {
    "null": "None", "nil": "None", "undefined": "None", "NULL": "None", "none": "None", "true": "True", "TRUE": "True",
    "false": "False", "FALSE": "False", "Null": "null", "None": "null", "True": "true", "False": "false", "Nil": "nil",
}  # fmt: skip
_BINDERS = ("for_statement", "for_in_clause", "with_statement", "case_clause", "except_clause", "for_of_statement")
_ALIASES = ("aliased_import", "import_specifier", "namespace_import")
_ALIASED = frozenset({"sns"})  # seaborn's own
_SELVES = ("self", "this", "cls", "super")
_PATHS = frozenset({".", "::", "->", "?.", "(", ")", "[", "]", ",", "self", "this", "await", ":"})
# How alike two names are of which one is a misspelling, beyond doubt.
ALIKE = 0.8
_CONSTANTS = ("undefined", "NaN", "None", "null", "nil")


def dummy(revision: Revision) -> str:
    """A definition of the undefined name that says nothing about it (`pth = None`), or a parameter that no caller
    passes. A name that is set elsewhere in the text, or that may be without a value, can want a first value."""
    name = revision.target_name
    if Kind.UNDEFINED not in revision.kinds or not name or Kind.UNBOUND in revision.kinds or _is_bound(revision, name):
        return ""
    for token in revision.added:
        if token.text != name or import_statement(revision.after, token) is not None:
            continue
        bound = binding(token)
        if bound is None:
            if any(node.type.startswith(("global_", "nonlocal_")) for node in ancestors(token.node)):
                return shown(revision.after, token.node)
            continue
        if is_parameter(bound) and not _is_respelt_parameter(revision, token):
            return shown(revision.after, token.node)
        if not is_parameter(bound) and is_empty(revision.after, bound):
            return shown(revision.after, token.node)
    return ""


def bound_by_force(revision: Revision) -> str:
    """The undefined name bound by a loop, a `with` or a pattern put around the code, or as the alias of something that
    it does not stand for (`import json as foldr`)."""
    name = revision.target_name
    if Kind.UNDEFINED not in revision.kinds or not name:
        return ""
    fresh = {token.node.id for token in revision.added}
    for token in revision.lines_now:
        if token.text != name:
            continue
        for node in ancestors(token.node):
            if node.type in _BINDERS and node.children[0].id in fresh and _is_bound_there(node, token):
                return shown(revision.after, token.node)
            if (
                node.type in _ALIASES
                and token.node.id in fresh
                and not _is_short_for(name, revision.after.node_text(node), _origin(revision.after, node))
            ):
                return shown(revision.after, token.node)
            if is_block(node):
                break
    return ""


def bound_beside(revision: Revision) -> str:
    """The undefined name bound anew, where the scope has a name that it is the misspelling of: `hieght = width` where
    there is a `height`. That name spelt like this may be renamed."""
    name = revision.target_name
    if Kind.UNDEFINED not in revision.kinds or not name or Kind.UNBOUND in revision.kinds or _is_bound(revision, name):
        return ""
    bound = [token for token in revision.lines_now if token.text == name and binding(token) is not None]
    bound = [token for token in bound if not revision.is_respelt(token)]
    if not bound:
        return ""
    scope = revision.candidate.scope or Span(0, len(revision.before.text))
    near = any(
        token.kind == "name" and _is_misspelt(name, token.text) and binding(token) is not None
        for token in tokens(revision.before, revision.before.byte(scope.start), revision.before.byte(scope.end))
    )
    return shown(revision.after, bound[0].node) if near else ""


def _is_misspelt(name: str, other: str) -> bool:
    """Whether one name is most likely the other, misspelt: a few letters differ inside it. `names` and `names2`, or
    `value` and `values`, are two names."""
    if name == other or name.startswith(other) or other.startswith(name):
        return False
    if re.sub(r"\d", "", name) == re.sub(r"\d", "", other):
        return False
    if sorted(name) == sorted(other):
        return True
    return min(len(name), len(other)) > 3 and SequenceMatcher(None, name, other, autojunk=False).ratio() >= ALIKE


def operators(revision: Revision) -> str:
    """Operators and values that change beside a name whose spelling is corrected: `width * height or None`."""
    name, statement = revision.target_name, revision.target_statement
    if Kind.UNDEFINED not in revision.kinds or not name or statement is None:
        return ""
    own = {token.start for token in own_tokens(revision.before, statement)}
    for block in revision.blocks:
        if not any(token.start in own and token.text == name for token in block.removed):
            continue
        names = [token for token in block.added if token.kind == "name"]
        if not any(token.text != name and is_spelling(name, token.text) for token in names):
            continue
        old, new = (Counter(token.text for token in side if _computes(token)) for side in (block.removed, block.added))
        if old != new:
            return shown(revision.after, block.added[0].node)
    return ""


def _computes(token: Token) -> bool:
    """Whether a token is an operator or a value, and neither a name nor part of a path or a call."""
    return token.kind != "name" and token.text not in _PATHS


def collateral(revision: Revision) -> str:
    """A change in the scope of a wrong name that does not concern the name: whoever mends it has no business there. A
    member that is not there concerns what it is looked up in as well: that may be `None`, or of another type."""
    name, statement = revision.target_name, revision.target_statement
    if not name or statement is None or not revision.kinds & {Kind.UNDEFINED, Kind.ATTRIBUTE}:
        return ""
    subjects = {name, *(_owners(revision) if Kind.ATTRIBUTE in revision.kinds else ())}
    concerned = set(subjects)
    places: set[int] = set()
    apart = []
    for block in revision.blocks:
        words = {token.text for token in (*block.removed, *block.added) if token.kind == "name"}
        here = any(statement.start_byte <= token.start < statement.end_byte for token in block.removed)
        if here or words & subjects:
            concerned |= words
            places |= {at.id for token in block.added[:1] if (at := statement_at(revision.after, token.start))}
        elif not any(import_statement(revision.before, token) for token in block.removed) and not any(
            import_statement(revision.after, token) for token in block.added
        ):
            apart.append((block, words))
    for block, words in apart:
        if _corrects_another(revision, block):
            continue
        source, changed = (revision.before, block.removed) if block.removed else (revision.after, block.added)
        around = statement_at(source, changed[0].start)
        if around is not None and any(token.text in subjects for token in own_tokens(source, around)):
            continue
        if block.removed and words & concerned:
            continue
        if not block.removed and around is not None and around.id in places:
            continue
        return shown(source, changed[0].node)
    return ""


def _corrects_another(revision: Revision, block: Block) -> bool:
    """Whether a change corrects another misspelt name: it is gone everywhere, and the right one was there before."""
    if not len(block.removed) == len(block.added) == 1 or {block.removed[0].kind, block.added[0].kind} != {"name"}:
        return False
    old, new = block.removed[0].text, block.added[0].text
    words_before, words_after = (re.findall(r"\w+", source.text) for source in (revision.before, revision.after))
    return is_spelling(old, new) and old not in words_after and new in words_before


def _owners(revision: Revision) -> set[str]:
    """The names that a member is looked up in, in the target's place and just in front of it."""
    token = next((token for token in reversed(revision.target_tokens) if token.kind == "name"), None)
    node = token.node.parent if token is not None else None
    if node is None:
        return set()
    return {leaf.text for leaf in tokens_of(revision.before, node) if leaf.kind == "name" and leaf.text not in _SELVES}


def _is_bound_there(node: Node, token: Token) -> bool:
    """Whether a loop, a `with` or a pattern binds a token and does not use it."""
    value = node.child_by_field_name("right") or node.child_by_field_name("value")
    if value is not None and value.start_byte <= token.start < value.end_byte:
        return False
    body = next((child for child in node.children if is_block(child)), None)
    return body is None or token.start < body.start_byte


def _origin(source: Source, alias: Node) -> str:
    """The module that a name is imported from; empty where the module itself gets another name."""
    fields = (node.child_by_field_name(field) for node in ancestors(alias) for field in ("module_name", "source"))
    return next((source.node_text(node) for node in fields if node is not None), "")


def _is_short_for(name: str, whole: str, origin: str) -> bool:
    """Whether an alias has its letters from what it stands for, in their order: `np` for `numpy`, `typing_cast` for
    `cast` of `typing`."""
    original, named, _ = whole.rpartition(" as ")
    letters = iter(f"{origin}{original}".lower())
    return not named or name in _ALIASED or all(letter in letters for letter in name.lower() if letter.isalpha())


def constant(revision: Revision) -> str:
    """A constant where the target's name or expression was, which throws away what the code meant."""
    if revision.kinds & {Kind.UNNEEDED, Kind.SYNTAX} or not revision.target_tokens:
        return ""
    place = revision.target_bytes
    assert place is not None
    # Some are written otherwise as a constant: `str("a")` as `"a"`. More names are not.
    stays = {token.text for token in revision.lines_now} if Kind.STYLE in revision.kinds else set()
    least = 2 if Kind.STYLE in revision.kinds else 1
    for block in revision.blocks:
        names = [token for token in block.removed if token.kind == "name" and token.text not in stays]
        if len(names) < least or not any(token.start < place[1] and token.end > place[0] for token in block.removed):
            continue
        if block.added and all(_is_constant(token) for token in block.added if token.is_word) and not _is_meant(block):
            return shown(revision.after, block.added[0].node)
    return ""


def _is_constant(token: Token) -> bool:
    return token.kind in ("literal", "string") or token.text in _CONSTANTS


def _is_meant(block: Block) -> bool:
    """Whether the constant is what the name was to be: misspelt, in another language's words, or a type in quotes."""
    words = [token for token in block.added if token.is_word]
    names = [token for token in block.removed if token.is_word]
    if not words:
        return True  # only brackets and the like, which is a matter of what was deleted
    if len(words) != 1 or len(names) != 1:
        return False
    old, new = names[0].text, words[0].text
    if any(node.type in ("type", "type_annotation") for node in ancestors(words[0].node)):
        return True
    return words[0].kind != "string" and (_OTHER_SPELLINGS.get(old) == new or is_spelling(old, new))


def _is_bound(revision: Revision, name: str) -> bool:
    """Whether the text before sets a name in the scope that may change."""
    scope = revision.candidate.scope or Span(0, len(revision.before.text))
    return any(
        token.text == name and binding(token) is not None
        for match in re.finditer(rf"\b{re.escape(name)}\b", revision.before.text[scope.start : scope.end])
        for token in tokens(revision.before, *_bytes(revision, scope.start + match.start(), len(name)))
    )


def _bytes(revision: Revision, start: int, length: int) -> tuple[int, int]:
    return revision.before.byte(start), revision.before.byte(start + length)


def _is_respelt_parameter(revision: Revision, token: Token) -> bool:
    """Whether a parameter was only renamed: there are as many as before."""
    parameters = next((node for node in ancestors(token.node) if "parameters" in node.type), None)
    if parameters is None:
        return True
    block = next((block for block in revision.blocks if token in block.added), None)
    if block is None:
        return False
    gone = [removed for removed in block.removed if any(is_parameter(node) for node in ancestors(removed.node))]
    return bool(gone) and not any(is_block(node) for node in ancestors(gone[0].node) if node.id == parameters.id)
