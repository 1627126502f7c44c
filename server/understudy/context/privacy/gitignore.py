"""What git ignores: `.gitignore` in every folder, and `.git/info/exclude`, as gitignore(5) has it.

Of two files that speak of a path the one in the inner folder counts; what lies in an ignored folder is ignored whatever
is said of it; another repository inside of one has its own rules alone. Unlike git, rules that cannot be read ignore
everything that they are about: what is not in a repository is often a setting of one machine, with its passwords.
The user's own file of all repositories (`core.excludesFile`) is not read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from understudy.context.privacy.roots import Root
from understudy.context.privacy.rule_files import MAX_FOLDERS, Found, Rules, RuleTree, inside

REPOSITORY = ".git"
EXCLUDE = f"{REPOSITORY}/info/exclude"
FILES = (EXCLUDE, ".gitignore")  # the first gives way to the second


@dataclass(frozen=True, slots=True)
class _Judged:
    """A folder: the rules found for it, those of them that speak of what is in it, and whether it is ignored itself."""

    found: Found
    rules: tuple[Rules, ...]
    ignored: bool


class GitIgnored:
    """What git ignores below the folders `roots`, which are not ignored themselves, whatever is said above them."""

    def __init__(self, roots: tuple[Root, ...] = ()) -> None:
        self._tops = frozenset(str(folder) for root in roots for folder in (root.given, root.real) if folder)
        self._tree = RuleTree(FILES, _begins, _means)
        self._folders: dict[str, _Judged] = {}

    def look(self) -> None:
        """What is asked from now on is answered by the files as they are now, each looked at once."""
        self._tree.look()

    def stamp(self) -> object:
        """A value that differs when a file of rules has changed that speaks about anything asked about so far."""
        return self._tree.stamp()

    def ignores(self, path: str, *, folder: bool = False) -> bool:
        """Whether git ignores a file's absolute path, or a folder's with everything in it. Links are not followed, and
        what is in the repository although it is ignored counts as ignored."""
        outer, name = os.path.split(path)
        judged = self._judged(outer)
        if judged.ignored or name == REPOSITORY:
            return True
        asked = inside(path, "") if folder else path
        for rules in reversed(judged.rules):
            verdict = rules.verdict(asked)
            if verdict is not None:
                return verdict
        return False

    def _judged(self, folder: str) -> _Judged:
        found = self._tree.found(folder)
        known = self._folders.get(folder)
        if known is not None and known.found is found:
            return known
        rules, ignored = found.rules, found.broken is not None
        if folder in self._tops:
            # Rules above that ignore the folder itself would ignore everything in it.
            rules = tuple(it for it in rules if it.base == inside(folder, "") or not it.verdict(inside(folder, "")))
        elif not ignored and os.path.split(folder)[0] != folder and not _begins(folder):
            outer = self._judged(os.path.split(folder)[0])
            rules = (*outer.rules, *rules[len(outer.found.rules) :])
            ignored = self.ignores(folder, folder=True)
        if len(self._folders) >= MAX_FOLDERS:
            self._folders.clear()
        self._folders[folder] = judged = _Judged(found, rules, ignored)
        return judged


def _begins(folder: str) -> bool:
    return os.path.lexists(inside(folder, REPOSITORY))


def _means(line: str) -> bool:
    """Whether a pattern can match: one that ends in a lone backslash never does (gitignore(5)), nor does `!` alone."""
    end = line.rstrip("\\")
    return line != "!" and (len(line) - len(end)) % 2 == 0
