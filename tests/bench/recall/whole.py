"""The part of `make bench`: every language on the packages that nothing was tuned on, then key by key."""

from __future__ import annotations

from bench.figures import say
from bench.recall import keystrokes, report, sample
from bench.recall.corpus import PACKAGES, NotFetched, projects
from bench.recall.measure import run
from bench.recall.systems import SYSTEMS

LINES = 200  # of each language
KEYS_LINES = 18  # typed key by key
KEYS_LANGUAGES = ("python", "typescript")
SEED = 5


async def measure() -> None:
    """Print the tables. A language whose packages cannot be fetched here is named and left out."""
    for language in dict.fromkeys(it.language for it in PACKAGES):
        try:
            known = list(projects(language, "test"))
        except NotFetched as reason:
            say(f"  {language} is not measured: {reason}")
            continue
        report.table(language, "test", await run(known, limit=LINES, seed=SEED, systems=tuple(SYSTEMS)))
        if language in KEYS_LANGUAGES:
            drawn = sample.cases(known, limit=KEYS_LINES, seed=SEED)
            report.keys(language, "test", await keystrokes.measure(known, drawn, tuple(SYSTEMS)))
