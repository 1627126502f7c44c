"""A row of the table of actions, and what it finds at a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from understudy.checking.diagnostic import Diagnostic
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Withheld
from understudy.features.codeaction.task import Task


@dataclass(frozen=True, slots=True)
class Found:
    """What an action would do at a place. `diagnostics`: those that it is about. `disabled`: why it cannot be done."""

    title: str
    diagnostics: tuple[Diagnostic, ...] = ()
    disabled: str = ""


Find = Callable[[Look], Iterable[Found]]
"""Says what there is to do, at once: from the tree, the diagnostics and the selection."""
Ask = Callable[[Look, Found, str], tuple[Task, ...] | Withheld]
"""Makes the questions to the model; the last argument is what the user has said."""


@dataclass(frozen=True, slots=True)
class Action:
    """One row. `kind` is LSP's, or below one of LSP's, so that a key can be bound to the row alone. `asks`: the user
    has to say what is wanted."""

    name: str
    kind: str
    find: Find
    ask: Ask
    asks: bool = False
