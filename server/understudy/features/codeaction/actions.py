"""The table of what can be done at a place, in the order of the menu.

The kinds are LSP's own with ours below them (`refactor.rewrite.understudy.document`): editors sort and filter by LSP's,
and a key can be bound to one row. *Fix* is `quickfix` itself, which some clients compare as it is. *Fix all* is no
`source.fixAll`: VS Code runs those whenever a file is saved, if its user has asked for that on account of a linter, and
this one asks a model. *Explain* has no kind in LSP; it stands with the problem that it is about. What is below `source`
VS Code leaves out of the light bulb's menu, so nothing is.
"""

from __future__ import annotations

from understudy.features.codeaction import complete, docstring, fix, rewrite, testing
from understudy.features.codeaction.action import Action

FIX_KIND = "quickfix"

ACTIONS = (
    Action(fix.FIX, FIX_KIND, fix.find_fixes, fix.ask_fix),
    Action(fix.FIX_ALL, "quickfix.understudy.all", fix.find_kind, fix.ask_fix),
    Action("explain", "quickfix.understudy.explain", fix.find_explanation, fix.ask_explanation),
    Action("complete", "refactor.rewrite.understudy.complete", complete.find, complete.ask),
    Action("test", "refactor.rewrite.understudy.test", testing.find, testing.ask),
    Action("document", "refactor.rewrite.understudy.document", docstring.find, docstring.ask),
    Action("simplify", "refactor.rewrite.understudy.simplify", rewrite.find_simpler, rewrite.ask_simpler),
    Action("change", "refactor.rewrite.understudy.change", rewrite.find_change, rewrite.ask_change, asks=True),
)

BY_NAME = {action.name: action for action in ACTIONS}
