"""Ways around a checker that leave the problem where it is: code hidden from it, types thrown away, uses made up.

Each function looks for one way and returns the line that it found, or an empty text.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING

from understudy.checking.kinds import Kind
from understudy.checking.reach import holds_only_imports, import_statement
from understudy.checking.revision import (
    Block,
    Revision,
    Token,
    ancestors,
    descendants,
    is_block,
    statement_at,
    tokens_of,
)
from understudy.context.syntax.source import Source

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
_JUMPS = ("return_statement", "raise_statement", "throw_statement", "break_statement", "continue_statement")
_EXITS = frozenset({"exit", "quit", "_exit", "abort", "assert_never", "panic", "unreachable", "process"})
_NOTHING = frozenset(
    {"pass", "...", "continue", "None", "return", "null", "undefined", "void", "0", ";", "{", "}", ":"}
)
_LOGS = frozenset(
    {"print", "log", "logging", "logger", "console", "warn", "warning", "debug", "error", "info", "exception"}
)
_FUNCTIONS = frozenset({"def", "lambda", "function", "=>", "fn", "func", "fun"})
_HANDLERS = ("except_clause", "catch_clause", "except_group_clause", "rescue", "catch_block")
_ANNOTATIONS = ("type", "type_annotation")
_TYPES = ("type", "type_annotation", "type_parameter", "generic_type", "type_arguments", "subscript")
# How alike a name and what replaces it must be for a correction of its spelling.
SPELLING = 0.6


def type_escape(revision: Revision) -> str:
    """A type that is thrown away: `Any`, `as any`, `cast(…)`, a non-null assertion."""
    more = _more(revision)
    named = Kind.ANNOTATION in revision.kinds
    wide = _ANY.get(revision.after.grammar.language.name, _ANY_ELSEWHERE)
    for token in revision.added:
        if import_statement(revision.after, token) is not None or _is_respelt(revision, token):
            continue
        if token.text in wide and more[token.text] > 0 and not (named and _is_argument_of_type(token)):
            return shown(revision.after, token)
        if token.text in _CASTS and more[token.text] > 0 and _is_called(token):
            return shown(revision.after, token)
        if token.text in ("unknown", "never", "object") and more[token.text] > 0 and _is_asserted(token):
            return shown(revision.after, token)
        if token.text in ("!", "!!") and ("non_null" in _parent(token) or "postfix" in _parent(token)):
            return shown(revision.after, token)
    return _type_gone(revision)


def _type_gone(revision: Revision) -> str:
    """An annotation that is taken away: what has no type is not checked."""
    if revision.candidate.target is None or revision.kinds & {Kind.UNNEEDED, Kind.STYLE}:
        return ""
    for block in revision.blocks:
        gone = [token for token in block.removed if any(node.type in _ANNOTATIONS for node in ancestors(token.node))]
        if gone and block.removed[0].text in (":", "->") and not any(token.is_word for token in block.added):
            return shown(revision.before, gone[0])
    return ""


def trick(revision: Revision) -> str:
    """A way around what a checker sees: `globals()["x"]`, `getattr(a, "x")`, `eval`, an import of everything."""
    more = _more(revision)
    for token in revision.added:
        if token.text in _TRICKS and more[token.text] > 0 and not _is_respelt(revision, token):
            return shown(revision.after, token)
        if token.text == "*" and "wildcard" in token.node.type + _parent(token) and more["*"] > 0:
            return shown(revision.after, token)
    return ""


def wrapped(revision: Revision) -> str:
    """Code put where its failure is swallowed, or where it does not run: `try … except: pass`, `if False:`."""
    if revision.candidate.target is None:
        return _never_runs(revision)
    for token in () if Kind.EXCEPTION in revision.kinds else revision.added:
        if token.text == "try" and _wraps(revision, token) and _hides(revision, token):
            return shown(revision.after, token)
        if token.text == "suppress" and _is_called(token):
            return shown(revision.after, token)
        if token.text in _FUNCTIONS and _wraps(revision, token) and not _was_function(revision):
            return shown(revision.after, token)
    return _never_runs(revision)


def unreachable(revision: Revision) -> str:
    """A jump in front of code that stood there before: what cannot be reached, many checkers do not look at."""
    fresh = {token.node.id for token in revision.added}
    for token in revision.added:
        node = statement_at(revision.after, token.start)
        if node is None or not (node.type in _JUMPS or _always_leaves(revision.after, node)):
            continue
        following = node.next_named_sibling
        while following is not None and "comment" in following.type:
            following = following.next_named_sibling
        if (
            following is not None
            and "clause" not in following.type
            and "else" not in following.type
            and any(leaf.node.id not in fresh for leaf in tokens_of(revision.after, following))
        ):
            return shown(revision.after, token)
    return ""


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
            return shown(revision.after, token)
    return ""


def for_the_checker_only(revision: Revision) -> str:
    """An import that only the type checker sees (`if TYPE_CHECKING:`) of a name that the program uses."""
    if Kind.UNDEFINED not in revision.kinds or any("type" in node.type for node in _around_target(revision)):
        return ""
    for token in revision.added:
        if token.kind == "name" and token.text == revision.target_name:
            for node in ancestors(token.node):
                if node.type == "if_statement" and "TYPE_CHECKING" in _condition(revision.after, node):
                    return shown(revision.after, token)
    return ""


def idle_use(revision: Revision) -> str:
    """A use whose only purpose is that there is one: `_ = x`, `del x`, `x` alone on a line, `void x`."""
    if Kind.UNNEEDED not in revision.kinds or not revision.target_name:
        return ""
    for token in revision.added:
        statement = statement_at(revision.after, token.start)
        if token.text != revision.target_name or statement is None or statement.start_byte < 0:
            continue
        words = [leaf for leaf in tokens_of(revision.after, statement) if leaf.kind in ("name", "literal", "keyword")]
        rest = [leaf.text for leaf in words if leaf.text != token.text]
        if set(rest) <= {"_", "del", "assert", "void", "print", "console", "log", "id", "type", "let", "const"} and all(
            leaf in revision.added for leaf in words
        ):
            return shown(revision.after, token)
    return ""


def shown(source: Source, token: Token) -> str:
    """The line of a token, with its number."""
    row = token.node.start_point[0]
    return f"line {row + 1}: {source.lines[row].strip()}"


def block_of(revision: Revision, token: Token) -> Block | None:
    """The run of tokens in which an added one stands."""
    return next((block for block in revision.blocks if token in block.added), None)


def is_spelling(old: str, new: str) -> bool:
    """Whether one name may be the other, misspelt."""
    return old.lower() == new.lower() or SequenceMatcher(None, old, new, autojunk=False).ratio() >= SPELLING


def _is_respelt(revision: Revision, token: Token) -> bool:
    """Whether an added token corrects the spelling of the one that it replaces."""
    block = block_of(revision, token)
    if block is None or len(block.removed) != len(block.added):
        return False
    return is_spelling(block.removed[block.added.index(token)].text, token.text)


def _more(revision: Revision) -> Counter[str]:
    """How many of each token there are more than before."""
    more = Counter(token.text for token in revision.added)
    more.subtract(Counter(token.text for token in revision.removed))
    return more


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
        if _is_never(_condition(revision.after, statement)):
            return shown(revision.after, token)
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


def _condition(source: Source, statement: Node) -> str:
    condition = statement.child_by_field_name("condition")
    return source.node_text(condition) if condition is not None else ""


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
        types += node.type in (
            "type",
            "type_annotation",
            "type_parameter",
            "generic_type",
            "type_arguments",
            "subscript",
        )
        if "parameter" in node.type and node.type not in ("type_parameter", "parameters"):
            return types > 1 or any("splat" in child.type or "rest" in child.type for child in node.children)
        if is_block(node):
            break
    return types > 1


def _is_asserted(token: Token) -> bool:
    """Whether a type is what a value is said to be: `x as never`."""
    return any(node.type in ("as_expression", "type_assertion") for node in islice(ancestors(token.node), 2))


def _is_called(token: Token) -> bool:
    """Whether a name is what a call calls, by itself or as the last part of a path."""
    node = token.node
    parent = node.parent
    if parent is not None and parent.type in ("attribute", "member_expression", "field_expression"):
        node, parent = parent, parent.parent
    function = parent.child_by_field_name("function") if parent is not None else None
    return function is not None and function.id == node.id


def _parent(token: Token) -> str:
    return token.node.parent.type if token.node.parent is not None else ""
