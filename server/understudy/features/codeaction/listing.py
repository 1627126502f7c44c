"""What stands in the menu: the table's rows at one place, at once.

A request that nobody made by hand lights a bulb. It gets nothing where there is no problem, since a bulb beside every
line says nothing; where there is one it gets the whole menu, since VS Code shows the bulb's own list when it is clicked
and does not ask again. (TypeScript's own refactorings do the same: only when asked for, or for a selection.)
"""

from __future__ import annotations

from dataclasses import replace

from understudy.context.workspace import Workspace
from understudy.features.codeaction.action import Action, Found
from understudy.features.codeaction.actions import ACTIONS
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Job, Offer, Query
from understudy.features.codeaction.problem import row_of


def offers(query: Query, workspace: Workspace) -> tuple[Offer, ...]:
    """What can be done at a place, in the order of the table. No two entries have the same title: Emacs tells
    them apart by nothing else."""
    if query.automatic and not query.diagnostics:
        return ()
    look = Look(query.document, query.span, workspace, query.diagnostics, query.asks)
    found: dict[str, Offer] = {}
    for action in ACTIONS:
        if wanted(action.kind, query.only):
            for it in action.find(look):
                _add(found, _offer(action, it, query))
    return tuple(found.values())


def wanted(kind: str, only: tuple[str, ...]) -> bool:
    """Whether a kind is one of those asked for, or below one: `refactor` holds `refactor.rewrite`, and the empty kind
    holds all."""
    return not only or any(not it or kind == it or kind.startswith(f"{it}.") for it in only)


def _offer(action: Action, it: Found, query: Query) -> Offer:
    span = it.diagnostics[0].span if it.diagnostics else query.span
    job = Job(action.name, query.document, span, it.diagnostics)
    return Offer(job, it.title, action.kind, it.diagnostics, disabled=it.disabled, asks=action.asks)


def _add(found: dict[str, Offer], offer: Offer) -> None:
    if offer.title in found:
        row = row_of(offer.job.document.text, offer.job.span.start)
        offer = replace(offer, title=f"{offer.title} (line {row + 1})")
    found.setdefault(offer.title, offer)
