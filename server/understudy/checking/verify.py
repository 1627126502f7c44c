"""Whether an edit holds: the answer that the title of a fix may be believed for.

In this order, the cheap before the slow: does it change anything, does it parse, is it after the problem and not after
the checker, and what do the checkers say before and after.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from understudy.checking.base import Checking, Report
from understudy.checking.compare import Comparison, compare
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.intent import rules
from understudy.checking.intent.kinds import Kind, kinds_of
from understudy.checking.intent.modules import doubt
from understudy.checking.intent.reach import import_statement
from understudy.checking.intent.revision import Revision
from understudy.checking.intent.rules import Objection
from understudy.checking.intent.trust import SEE_MEMBERS, another_name, unseen
from understudy.checking.syntax import Unparsed, broken, parse_pair
from understudy.checking.texts import Texts
from understudy.checking.verdict import Candidate, Failure, Verdict

# Problems that the model is shown at its second try: more are the first one's consequences.
SHOWN_PROBLEMS = 4

# What they find clean is said by "parses" already.
SYNTAX_ONLY = frozenset({"compile", "gofmt"})


async def verify(candidate: Candidate, checking: Checking) -> Verdict:
    """Judge an edit. Reads and writes no file itself; what takes long runs in a thread or in `checking`'s processes."""
    if candidate.before.document.text == candidate.after.document.text and not _others(candidate):
        return Verdict(Failure.NOTHING, "The text is the same as before.")
    looked = await asyncio.to_thread(_look, candidate)
    if looked.objection is not None:
        return Verdict(looked.objection.failure, looked.objection.detail)
    before, after = await asyncio.gather(
        checking.check(candidate.before, candidate.target), checking.check(candidate.after, candidate.target)
    )
    return await asyncio.to_thread(_judge, candidate, looked, before, after)


@dataclass(frozen=True, slots=True)
class _Look:
    """What the edit is, by itself. `revision` is None where there is no tree, and `unparsed` says why."""

    texts: Texts
    revision: Revision | None
    unparsed: str = ""
    objection: Objection | None = None


@dataclass(slots=True)
class _Said:
    """What the checkers said, for the evidence."""

    clean: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    revealed: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    owner: str = ""
    vouched: bool = False


def _others(candidate: Candidate) -> bool:
    return dict(candidate.before.others) != dict(candidate.after.others)


def _look(candidate: Candidate) -> _Look:
    old, new = candidate.before.document, candidate.after.document
    texts = Texts(old.text, new.text)
    parsed = parse_pair(new.language, old.text, new.text)
    if isinstance(parsed, Unparsed):
        return _Look(texts, None, parsed.why, rules.objection_to_text(candidate, texts))
    revision = Revision(candidate, texts, *parsed)
    if errors := broken(revision):
        return _Look(texts, revision, objection=Objection(Failure.SYNTAX, errors))
    return _Look(texts, revision, objection=rules.objection(revision))


def _judge(candidate: Candidate, looked: _Look, before: Sequence[Report], after: Sequence[Report]) -> Verdict:
    target = candidate.target
    lost = _lost(looked)
    owner = after[0].checker if target is not None and after else ""
    said = _Said(owner=owner)
    earlier = {report.checker: report for report in before}
    for report in after:
        is_owner = report.checker == owner
        known = earlier.get(report.checker)
        if report.diagnostics is None or known is None or known.diagnostics is None:
            if is_owner:
                said.unsure.append(_unable(report, known))
            continue
        seen = compare(looked.texts, known.diagnostics, report.diagnostics, target if is_owner else None, lost)
        if seen.remaining:
            return Verdict(Failure.STILL_THERE, _problems(looked.texts, seen.remaining))
        if seen.new:
            return Verdict(Failure.NEW_PROBLEMS, _problems(looked.texts, seen.new))
        _note(said, report.checker, seen, is_owner=is_owner)
    return _verdict(looked, said, target)


def _note(said: _Said, checker: str, seen: Comparison, *, is_owner: bool) -> None:
    if is_owner and not seen.known:
        said.unsure.append(f"{checker} does not report it")
        return
    said.vouched = said.vouched or is_owner
    if is_owner or checker not in SYNTAX_ONLY:
        (said.clean if seen.clean else said.revealed if seen.revealed else said.settled).append(checker)


def _verdict(looked: _Look, said: _Said, target: Diagnostic | None) -> Verdict:
    if looked.revision is None:
        said.vouched = False
        return Verdict(None, evidence=_evidence(looked, said, target))
    imports = doubt(looked.revision)
    if imports.wrong and not _is_resolved(looked.revision, said):
        return Verdict(Failure.NEW_PROBLEMS, f"It imports what is not there. {imports.wrong.capitalize()}")
    ran = target is not None and Kind.FAILED in kinds_of(target)
    if not ran and not SEE_MEMBERS.intersection((*said.clean, *said.settled, *said.revealed)):
        member = unseen(looked.revision)
        if member is not None and member.wrong:
            return Verdict(Failure.NEW_PROBLEMS, f"There is no {member.text}.")
        if said.vouched and (imports.unsure or member is not None):
            said.unsure.append(imports.unsure or (member.text if member is not None else ""))
            said.vouched = False
        if said.vouched and (other := another_name(looked.revision)):
            said.unsure.append(f"whether {other} was meant")
            said.vouched = False
    if not said.vouched and (refused := rules.stricter(looked.revision)) is not None:
        return Verdict(refused.failure, refused.detail)
    return Verdict(None, evidence=_evidence(looked, said, target), vouched=said.vouched)


def _is_resolved(revision: Revision, said: _Said) -> bool:
    """Whether the problem was an import, and who told of it, and so looks imports up, has seen it gone: that knows of
    stubs and of paths which a look at the files does not."""
    statements = (import_statement(revision.before, token) for token in revision.target_tokens)
    return said.vouched and said.owner in SEE_MEMBERS and any(it is not None for it in statements)


def _evidence(looked: _Look, said: _Said, target: Diagnostic | None) -> str:
    """What was checked, as in "parses, ruff and mypy clean" and "parses; not re-checked: pyright is not installed"."""
    done = ["parses"] if looked.revision is not None else []
    if said.clean:
        done.append(f"{_and(said.clean)} clean")
    if said.settled:
        done.append(f"nothing new from {_and(said.settled)}")
    if said.revealed:
        done.append(f"no new error from {_and(said.revealed)}")
    parts = [", ".join(done)] if done else []
    if looked.unparsed:
        parts.append(f"not parsed: {looked.unparsed}")
    if said.unsure:
        parts.append(f"not re-checked: {said.unsure[0]}")
    elif target is not None and not said.vouched and looked.revision is not None:
        parts.append("not re-checked: no checker was found")
    return "; ".join(parts)


def _unable(report: Report, known: Report | None) -> str:
    if report.diagnostics is None:
        return report.unable or f"{report.checker} gave no answer"
    return (known.unable if known is not None else "") or f"{report.checker} gave no answer"


def _lost(looked: _Look) -> frozenset[str] | None:
    """The names that there are fewer of, for a text before that did not parse; None for one that did."""
    revision = looked.revision
    # The grammar forgives some errors, as a wrong indentation, that a checker stops at.
    if revision is None or not (revision.before.errors or Kind.SYNTAX in revision.kinds):
        return None
    before, after = (Counter(re.findall(r"\w+", text)) for text in (looked.texts.old, looked.texts.new))
    return frozenset(name for token in revision.removed if before[name := token.text] > after[name])


def _problems(texts: Texts, diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics with their lines in the new text, for the model."""
    lines = texts.new_lines
    shown = []
    for diagnostic in sorted(diagnostics, key=lambda found: found.span.start)[:SHOWN_PROBLEMS]:
        row = max(sum(start <= diagnostic.span.start for start in lines.starts) - 1, 0)
        code = f" ({diagnostic.code})" if diagnostic.code else ""
        message = diagnostic.message.splitlines()[0] if diagnostic.message else ""
        shown.append(f"Line {row + 1}: {message}{code}\n{lines.bodies[row]}")
    return "\n".join(shown)


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
