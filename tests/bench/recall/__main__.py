"""`python -m bench.recall`: the table, or what ours misses, for whoever tunes it."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bench.figures import say
from bench.recall import keystrokes, report, sample
from bench.recall.corpus import PACKAGES, NotFetched, projects
from bench.recall.measure import BUDGETS, run
from bench.recall.systems import OURS, SYSTEMS

LINES = 200


def main(arguments: list[str]) -> int:
    languages = list(dict.fromkeys(it.language for it in PACKAGES))
    parser = argparse.ArgumentParser(prog="python -m bench.recall", description=__doc__)
    parser.add_argument(
        "--language", choices=languages, action="append", help="measure this language only; may be repeated"
    )
    parser.add_argument(
        "--split", choices=("tune", "test"), default="tune", help="which packages; weights are tuned on `tune` only"
    )
    parser.add_argument("--limit", type=int, default=LINES, help="lines of each language (%(default)s)")
    parser.add_argument("--seed", type=int, default=5, help="which lines are drawn")
    parser.add_argument(
        "--system", choices=tuple(SYSTEMS), action="append", help="measure this system only; may be repeated"
    )
    parser.add_argument("--package", help="one package only")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="list N identifiers that ours did not find")
    parser.add_argument("--keys", type=int, default=0, metavar="N", help="type N lines key by key instead")
    given = parser.parse_args(arguments)
    for language in given.language or languages:
        try:
            known = list(projects(language, given.split, given.package))
        except NotFetched as reason:
            say(f"{reason}\nLook whether the registry can be reached, or measure another --language.")
            return 1
        systems = given.system or tuple(SYSTEMS)
        if given.keys:
            drawn = sample.cases(known, limit=given.keys, seed=given.seed)
            report.keys(language, given.split, asyncio.run(keystrokes.measure(known, drawn, systems)))
            continue
        tallies = asyncio.run(run(known, limit=given.limit, seed=given.seed, systems=systems))
        report.table(language, given.split, tallies)
        if (OURS, BUDGETS[1]) in tallies:
            report.origins(tallies[OURS, BUDGETS[1]])
            report.misses(tallies[OURS, BUDGETS[1]], given.misses)
        say()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
