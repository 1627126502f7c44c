"""Meanings made up so that a checker is content: a dummy definition, a constant where a name was, a new parameter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from understudy.checking.intent.bindings import binding, is_empty, is_parameter
from understudy.checking.intent.kinds import Kind
from understudy.checking.intent.reach import import_statement
from understudy.checking.intent.revision import Block, Revision, is_spelling
from understudy.checking.intent.tokens import Token, ancestors, is_block, own_tokens, shown, statement_at, tokens
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
                and not _is_short_for(name, revision.after.node_text(node))
            ):
                return shown(revision.after, token.node)
            if is_block(node):
                break
    return ""


def collateral(revision: Revision) -> str:
    """A change in the scope of a wrong name that does not concern the name: whoever mends it has no business there."""
    name = revision.target_name
    if not name or not revision.kinds & {Kind.UNDEFINED, Kind.ATTRIBUTE}:
        return ""
    statement = revision.target_statement
    if statement is None:
        return ""
    concerned = {name}
    places: set[int] = set()
    apart = []
    for block in revision.blocks:
        words = {token.text for token in (*block.removed, *block.added) if token.kind == "name"}
        here = any(statement.start_byte <= token.start < statement.end_byte for token in block.removed)
        if here or name in words:
            concerned |= words
            places |= {at.id for token in block.added[:1] if (at := statement_at(revision.after, token.start))}
        elif not any(import_statement(revision.before, token) for token in block.removed) and not any(
            import_statement(revision.after, token) for token in block.added
        ):
            apart.append((block, words))
    for block, words in apart:
        around = statement_at(revision.after, block.added[0].start) if not block.removed else None
        if around is not None and around.id in places:
            continue
        if around is not None and any(token.text == name for token in own_tokens(revision.after, around)):
            continue
        if around is not None or not words & concerned:
            source = revision.before if block.removed else revision.after
            return shown(source, (block.removed or block.added)[0].node)
    return ""


def _is_bound_there(node: Node, token: Token) -> bool:
    """Whether a loop, a `with` or a pattern binds a token and does not use it."""
    value = node.child_by_field_name("right") or node.child_by_field_name("value")
    if value is not None and value.start_byte <= token.start < value.end_byte:
        return False
    body = next((child for child in node.children if is_block(child)), None)
    return body is None or token.start < body.start_byte


def _is_short_for(name: str, whole: str) -> bool:
    """Whether an alias has its letters from what it stands for, in their order: `np` for `numpy`."""
    original, named, _ = whole.rpartition(" as ")
    letters = iter(original.lower())
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
