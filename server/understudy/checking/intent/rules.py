"""What an edit is after: the rules that no checker holds, as a table. A checker says that a diagnostic is gone, and it
goes as well when the code is deleted, hidden from the checker, or given a made-up meaning.

A rule looks at the edit alone and runs before any checker. It names the line that it objects to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from understudy.checking.intent import deletions, escapes, hiding, invented, reach, silencers, trust
from understudy.checking.intent.kinds import Kind, kinds_of
from understudy.checking.intent.revision import Revision
from understudy.checking.texts import Texts
from understudy.checking.verdict import Candidate, Failure


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `finds` gives the line objected to, empty where there is nothing; `says` is what the model is told."""

    failure: Failure
    finds: Callable[[Revision], str]
    says: str


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an edit is refused, and the same for the model's next try."""

    failure: Failure
    detail: str


def _silenced(revision: Revision) -> str:
    texts = revision.texts
    return silencers.silenced(
        "".join(texts.old[hunk.old.start : hunk.old.end] for hunk in texts.hunks),
        "".join(texts.new[hunk.new.start : hunk.new.end] for hunk in texts.hunks),
        [token.text for token in revision.removed_comments],
        [token.text for token in revision.added_comments],
    )


RULES = (
    Rule(Failure.SUPPRESSED, _silenced, "It silences the checker."),
    Rule(Failure.SUPPRESSED, hiding.turned_into_text, "It turns code into a comment or a string."),
    Rule(Failure.SUPPRESSED, hiding.wrapped, "It puts the code where its failure does not show."),
    Rule(Failure.SUPPRESSED, hiding.unreachable, "Code after it can no longer be reached."),
    Rule(Failure.SUPPRESSED, escapes.type_escape, "It throws the type away."),
    Rule(Failure.SUPPRESSED, escapes.trick, "It reaches around what the checker sees."),
    Rule(Failure.SUPPRESSED, escapes.for_the_checker_only, "It imports the name for the type checker only."),
    Rule(Failure.SUPPRESSED, hiding.idle_use, "It makes up a use."),
    Rule(Failure.SUPPRESSED, invented.dummy, "It makes up a meaning for the name."),
    Rule(Failure.SUPPRESSED, invented.bound_by_force, "It gives the name a meaning that it has not."),
    Rule(Failure.SUPPRESSED, invented.bound_beside, "It defines the name anew, which is another one misspelt."),
    Rule(Failure.SUPPRESSED, invented.constant, "It puts a constant in the place of what was meant."),
    Rule(Failure.DELETED, deletions.hollowed, "It empties the code."),
    Rule(Failure.DELETED, deletions.emptied, "It empties a text."),
    Rule(Failure.DELETED, deletions.deleted, "It takes away code that is needed."),
    Rule(Failure.SUPPRESSED, hiding.stub, "It stands for code that is not written."),
    Rule(Failure.NEW_PROBLEMS, hiding.turned_round, "It turns the condition round."),
    Rule(Failure.ELSEWHERE, reach.line_ends, "It changes more than its lines:"),
    Rule(Failure.ELSEWHERE, reach.outside, "It changes what lies outside the place in question."),
    Rule(Failure.ELSEWHERE, invented.operators, "It changes more than the name."),
    Rule(Failure.ELSEWHERE, invented.collateral, "It changes what has nothing to do with the name."),
)

# A run that failed shows that something is wrong, and not where. Whether code was needed, the next run shows.
TOLD_BY_A_RUN = (deletions.deleted,)

# What no checker vouches for has to hold to more.
UNVOUCHED = (
    Rule(Failure.STILL_THERE, trust.untouched, "It does not change the place of the problem."),
    Rule(Failure.NEW_PROBLEMS, trust.unknown_name, "It uses a name that is neither defined nor imported in the file."),
    Rule(Failure.DELETED, trust.loses_words, "It takes away more than the problem is about."),
)


def objection(revision: Revision) -> Objection | None:
    """The first rule that an edit breaks."""
    other = reach.other_files(revision.candidate)
    if other:
        return Objection(Failure.ELSEWHERE, f"It changes {other}, which the problem does not speak of.")
    if revision.candidate.asked:
        return _first(tuple(rule for rule in RULES if rule.failure is Failure.ELSEWHERE), revision)
    target = revision.candidate.target
    failed = target is not None and Kind.FAILED in kinds_of(target)
    return _first(tuple(rule for rule in RULES if rule.finds not in TOLD_BY_A_RUN) if failed else RULES, revision)


def stricter(revision: Revision) -> Objection | None:
    """The first rule broken by an edit that no checker vouches for."""
    return _first(UNVOUCHED, revision) if revision.candidate.target is not None else None


def objection_to_text(candidate: Candidate, texts: Texts) -> Objection | None:
    """What can be said of a text that has no tree."""
    other = reach.other_files(candidate)
    if other:
        return Objection(Failure.ELSEWHERE, f"It changes {other}, which the problem does not speak of.")
    old = "".join(texts.old[hunk.old.start : hunk.old.end] for hunk in texts.hunks)
    new = "".join(texts.new[hunk.new.start : hunk.new.end] for hunk in texts.hunks)
    if not candidate.asked and (found := silencers.silenced(old, new, [old], [new])):
        return Objection(Failure.SUPPRESSED, f"It silences the checker. {found}")
    if candidate.target is not None and not new.strip():
        return Objection(Failure.DELETED, "It takes away code that is needed.")
    if candidate.scope is not None and (line := reach.outside_text(texts, candidate.scope)):
        return Objection(Failure.ELSEWHERE, f"It changes what lies outside the place in question. {line}")
    return None


def _first(rules: tuple[Rule, ...], revision: Revision) -> Objection | None:
    for rule in rules:
        if line := rule.finds(revision):
            return Objection(rule.failure, f"{rule.says} {line[:1].upper()}{line[1:]}")
    return None
