"""Files that are never shown to a model and never completed in: the user's patterns, rule files, and secrets.

Rule files are those of this project and of its peers, in every folder above a file. Cursor documents its own for the
workspace's folder and, as a setting, for the folders above; JetBrains the project's folder; `.gitignore`'s are heeded
in every folder. Here each is heeded wherever it stands, which is the strictest reading of them all.

Each set of patterns stands for itself: a `!pattern` in one takes nothing out of another, so that a workspace can only
add to what its user ignores. Fails closed: rules that cannot be read ignore everything that they are about.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property

from understudy.context.privacy.roots import Root
from understudy.context.privacy.rule_files import MAX_FOLDERS, Found, Rules, RuleTree, inside
from understudy.context.privacy.secret_files import is_odd, is_secret_name, is_secret_tail

FILE = ".understudyignore"
FILES = (FILE, ".aiignore", ".cursorignore", ".copilotignore")


@dataclass(frozen=True, slots=True)
class _Judged:
    found: Found
    ignored: bool


class Ignoring:
    """What the rules say of files at or below `roots` and of all others. `patterns` are the user's.

    Paths are absolute, and links are not followed: `privacy.policy` asks about every place that a path leads to.
    """

    def __init__(self, roots: tuple[Root, ...] = (), patterns: tuple[str, ...] = ()) -> None:
        tops = {folder for root in roots for folder in (root.given, root.real) if folder is not None}
        self._above = frozenset(str(folder) for top in tops for folder in (top, *top.parents))
        self._tree = RuleTree(FILES)
        self._folders: dict[str, _Judged] = {}
        self._tops = tuple(sorted(map(str, tops)))
        self._patterns = patterns

    def look(self) -> None:
        """What is asked from now on is answered by the rule files as they are now, each looked at once."""
        self._tree.look()

    def stamp(self) -> object:
        """A value that differs when a rule file has changed that speaks about anything asked about so far."""
        return self._tree.stamp()

    def reason(self, path: str) -> str | None:
        """Why everything is ignored where this file is, when the rules themselves are broken."""
        return self._user.broken or self._tree.found(os.path.split(path)[0]).broken

    def ignores(self, path: str, *, folder: bool = False) -> bool:
        """Whether a file, or a folder with everything in it, is never shown."""
        if self._user.broken is not None:
            return True
        outer, name = os.path.split(path)
        judged = self._judged(outer)
        if judged.ignored or is_odd(name) or is_secret_name(name, folder=folder) or is_secret_tail(path):
            return True
        asked = inside(path, "") if folder else path
        return any(rules.covers(asked) for rules in judged.found.rules) or self._by_user(asked)

    def _judged(self, folder: str) -> _Judged:
        found = self._tree.found(folder)
        known = self._folders.get(folder)
        if known is not None and known.found is found:
            return known
        ignored = found.broken is not None or self._ignores_folder(folder, found)
        if len(self._folders) >= MAX_FOLDERS:
            self._folders.clear()
        self._folders[folder] = judged = _Judged(found, ignored)
        return judged

    def _ignores_folder(self, folder: str, found: Found) -> bool:
        if folder not in self._above:
            return folder != os.path.split(folder)[0] and self.ignores(folder, folder=True)
        # A workspace may be a folder called `secrets`, but hardly `.ssh`: above it a plain word says nothing, and the
        # user's patterns speak of what lies in it.
        outer, name = os.path.split(folder)
        if not name:
            return False
        secret = name.startswith(".") and is_secret_name(name, folder=True)
        asked = inside(folder, "")
        outside = any(rules.covers(asked) for rules in found.rules if rules.base != asked)
        return secret or is_secret_tail(folder) or outside or self._judged(outer).ignored

    def _by_user(self, path: str) -> bool:
        own, elsewhere = self._user.rules[1:], self._user.rules[:1]
        within = [rules for rules in own if path.startswith(rules.base)]
        return any(rules.covers(path) for rules in within or elsewhere)

    @cached_property
    def _user(self) -> Found:
        """The user's patterns, read when they are first needed: for files anywhere, then for each of the roots."""
        try:
            return Found(tuple(Rules.of(folder, self._patterns) for folder in (os.sep, *self._tops)))
        except ValueError as failure:
            why = f"A pattern of what to ignore cannot be understood ({failure}): everything is ignored."
            return Found(broken=why)
