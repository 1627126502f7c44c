"""Changes of code that is there: it is made simpler, or changed as the user says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from understudy.core.text import Span
from understudy.editing.words import instruction_task
from understudy.features.codeaction.action import Found
from understudy.features.codeaction.complete import is_bare
from understudy.features.codeaction.look import Look
from understudy.features.codeaction.outcome import Reason, Withheld
from understudy.features.codeaction.problem import shortened, whole_lines
from understudy.features.codeaction.scope import cover
from understudy.features.codeaction.task import Task

SIMPLER = (
    "Simplify this code: fewer and plainer statements that do exactly the same, also in rare cases and on errors. "
    "Leave signatures, names that others use and comments as they are. Where nothing is gained, change nothing."
)
CANNOT_ASK = "this editor cannot ask what to change; hand it to the command understudy.change"
MAX_INSTRUCTION = 4000


def find_simpler(look: Look) -> Iterator[Found]:
    """What is selected, if that is some lines of code, else the function around the place."""
    if look.selected:
        first, last = look.rows(look.span)
        if last > first and look.parsed is not None:
            yield Found("Simplify the selection")
    elif look.function is not None and look.parsed is not None and not is_bare(look.parsed.source, look.function):
        yield Found(shortened(f"Simplify '{look.function.name}'"))


def find_change(look: Look) -> Iterator[Found]:
    """What is selected, else the definition around the place, else its line."""
    what = "the selection" if look.selected else f"'{look.here.name}'" if look.here is not None else "this line"
    yield Found(shortened(f"Change {what} as I say…"), disabled="" if look.asks else CANNOT_ASK)


def ask_simpler(look: Look, found: Found, _: str) -> tuple[Task, ...]:
    """The same code, shorter."""
    return (_task(look, found, SIMPLER, None),)


def ask_change(look: Look, found: Found, instruction: str) -> tuple[Task, ...] | Withheld:
    """What the user says, about that place; what is around it may have to change with it."""
    said = instruction.strip()
    if not said:
        return Withheld(Reason.NOTHING_TO_DO, "Nothing was asked for; say what is to be changed.")
    if len(said) > MAX_INSTRUCTION:
        return Withheld(Reason.TOO_LONG, f"The instruction is longer than {MAX_INSTRUCTION} characters; shorten it.")
    return (replace(_task(look, found, said, look.enclosing(look.span)), asked=True),)


def _task(look: Look, found: Found, words: str, around: Span | None) -> Task:
    place = whole_lines(look.document.text, look.span) if look.selected or look.here is None else look.here.span
    scope = look.scope(cover(place, around) if around is not None else place)
    return Task(found.title, instruction_task(*look.rows(place), words), look.document, place, scope)
