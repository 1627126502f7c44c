"""What the benchmark prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bench.diagfix.case import Case
from bench.diagfix.measure import Result
from bench.figures import row, say


def kinds(cases: Sequence[Case]) -> None:
    """How many cases of which kinds."""
    say(f"  {len(cases)} cases of {len({(it.kind.language, it.kind.name) for it in cases})} kinds")
    for checker, said in sorted(Counter((it.kind.language, it.target.source) for it in cases).items()):
        say(f"    {checker[0]}, as {checker[1]} reports: {said}")


def oracle(results: Sequence[Result]) -> None:
    """The true fixes: all of them are to be offered as checked."""
    checked = sum(it.checked for it in results)
    row("true fixes offered as checked", f"{checked} of {len(results)}", "all", met=checked == len(results))
    _quality(results)
    _named([it for it in results if not it.checked])


def adversaries(results: Sequence[tuple[str, Result]]) -> None:
    """Answers that only look like fixes: none of them is to be offered as checked."""
    for name in dict.fromkeys(name for name, _ in results):
        own = [it for other, it in results if other == name]
        row(f"  {name}", f"{_shares(own)}, of {len(own)}")
    wrong = [it for _, it in results if it.checked]
    row("of these offered as checked", f"{len(wrong)} of {len(results)}", "0", met=not wrong)
    for name, it in results:
        if it.checked:
            say(f"    {name}: {it.case.where}: {it.said}")


def model(name: str, results: Sequence[Result]) -> None:
    """A model's own fixes."""
    row(f"{name}: fixes", f"{_shares(results)}, of {len(results)}")
    _quality(results)
    for kind in dict.fromkeys((it.case.kind.language, it.case.kind.name) for it in results):
        own = [it for it in results if (it.case.kind.language, it.case.kind.name) == kind]
        row(f"  {', '.join(kind)}", f"{sum(it.checked for it in own)} of {len(own)} checked")
    for reason, number in Counter(it.said.split(":")[0] for it in results if not it.offered).most_common():
        row(f"  withheld: {reason}", number)


def _quality(results: Sequence[Result]) -> None:
    """Whether what was offered as checked is right, as far as that can be seen without trusting the check."""
    checked = [it for it in results if it.checked]
    if not checked:
        return
    row("  of those checked: target gone, nothing new", f"{sum(it.gone and it.clean for it in checked)}")
    row("  the package can still be imported", f"{sum(it.imports is not False for it in checked)}" + _unknown(checked))
    row("  the very text of the true fix", f"{sum(it.exact for it in checked)}")
    row("  lines changed outside the definition", f"{sum(it.outside for it in checked)}")
    _named([it for it in checked if not (it.gone and it.clean) or it.imports is False])


def _unknown(results: Sequence[Result]) -> str:
    left = sum(it.imports is None for it in results)
    return f", of {len(results)} ({left} cannot be tried here)" if left else f", of {len(results)}"


def _shares(results: Sequence[Result]) -> str:
    checked, offered = sum(it.checked for it in results), sum(it.offered for it in results)
    return f"{checked} checked, {offered - checked} unchecked, {len(results) - offered} withheld"


def _named(results: Sequence[Result]) -> None:
    for it in results:
        say(f"    {it.case.where}: {it.said}")
