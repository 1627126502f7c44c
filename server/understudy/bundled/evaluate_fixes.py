"""How often a model mends faults in files that it never saw: part of `understudy.bundled.evaluate`.

Exact: the greedy answer is the true fix, word for word. Verified: it can be read and applied, Ruff then reports nothing
that it does not report of the file without the fault, and no code was deleted to that end.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import Any

import torch

from understudy.bundled import cases, corpus, fim, fixes
from understudy.bundled.cases import Case
from understudy.bundled.network import Shape, Weights, hidden_states
from understudy.editing.block import Patched
from understudy.editing.patch import patch
from understudy.editing.read import read_blocks

UNNEEDED = frozenset({"unused import", "unused variable"})
"""Kinds whose true fix deletes a line."""

_LONGEST_PROMPT = 1200
_LONGEST_ANSWER = 160
_ENDS = frozenset(map(fim.SPECIAL_TOKENS.index, (fim.END, fim.TURN_END)))


@dataclass(frozen=True)
class Mended:
    """What came of one case; `text` is the file after the answer, None where that could not be applied."""

    case: Case
    answer: str
    exact: bool
    text: str | None


def figures(
    weights: Weights, shape: Shape, tokens: Any, documents: list[corpus.Document], number: int, seed: int
) -> dict[str, Any]:
    """For each kind, over `number` cases: the share of exact and of verified fixes. Needs Ruff on the path.

    Raises FileNotFoundError where it is not.
    """
    random = Random(seed)
    ruff = shutil.which("ruff") or "ruff"
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in cases.reported(cases.made(documents, 2, random), ruff, random):
        by_kind[case.fault.kind].append(case)
    originals = {(document.package, document.path): document.text for document in documents}
    result = {}
    for kind, found in sorted(by_kind.items()):
        asked = random.sample(found, min(number, len(found)))
        done = [mended for case in asked if (mended := mend(weights, shape, tokens, case, random))]
        before = cases.diagnostics([originals[one.case.package, one.case.path] for one in done], ruff)
        after = cases.diagnostics([one.text or one.case.fault.text for one in done], ruff)
        held = [_holds(one, *reports) for one, *reports in zip(done, before, after, strict=True)]
        result[kind] = {
            "cases": len(done),
            "exact": round(sum(one.exact for one in done) / len(done), 3),
            # Ruff does not see attributes: there only the true fix counts.
            "verified": None if kind == "misspelt attribute" else round(sum(held) / len(done), 3),
        }
    return result


def mend(weights: Weights, shape: Shape, tokens: Any, case: Case, random: Random) -> Mended | None:
    """Asks for one fix, greedily; None where the question is too long."""
    question, true = fixes.exchange(case, random)
    asked = tokens.encode(fixes.prompt(question)).ids
    if len(asked) > _LONGEST_PROMPT:
        return None
    written = greedy(weights, shape, asked, tokens.encode(true + fim.TURN_END).ids)
    answer = tokens.decode(written)
    done = patch(case.fault.text, read_blocks(answer))
    return Mended(case, answer, answer == true, done.text if isinstance(done, Patched) else None)


def greedy(weights: Weights, shape: Shape, asked: list[int], guess: list[int]) -> list[int]:
    """The greedy continuation without the token that ends it.

    The network reads the whole `guess` at once, and only from the first token on that it would have chosen otherwise
    does it go on by itself: the result is the same, and for a right guess it takes one step.
    """
    likeliest = _choices(weights, shape, asked, guess)
    same = next((place for place, token in enumerate(guess) if likeliest[place] != token), len(guess))
    written = [*guess[:same], likeliest[same]]
    while not _ENDS & {written[-1]} and len(written) < _LONGEST_ANSWER:
        written.append(_choices(weights, shape, asked, written)[-1])
    end = next((place for place, token in enumerate(written) if token in _ENDS), len(written))
    return written[:end]


def _choices(weights: Weights, shape: Shape, asked: list[int], answer: list[int]) -> list[int]:
    """The likeliest token after the question, and after each token of the answer."""
    with torch.no_grad():
        states = hidden_states(weights, shape, torch.tensor([[*asked, *answer]]), torch.float32)[0, len(asked) - 1 :]
        chosen: list[int] = (states @ weights["model.embed_tokens.weight"].T).argmax(-1).tolist()
    return chosen


def _holds(mended: Mended, before: list[Any], after: list[Any]) -> bool:
    if mended.text is None:
        return False
    known = [(problem.code, problem.message) for problem in before]
    new = [problem for problem in after if (problem.code, problem.message) not in known]
    shorter = len(mended.text.split("\n")) < len(mended.case.fault.text.split("\n"))
    return not new and (mended.case.fault.kind in UNNEEDED or not shorter)
