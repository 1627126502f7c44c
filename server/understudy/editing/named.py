"""The file that a model names above a block."""

from __future__ import annotations

import re
from collections.abc import Sequence

FENCE = re.compile(r"\s*(?:`{3,}|~{3,})(?P<info>[^`]*)")

# What may stand before a path in a line of its own, once stars and backticks are away: #, -, 1., //, File:
BEFORE = re.compile(r"(?:#+|-|\d+\.|//)\s*")
SAID = re.compile(r"(?P<said>(?:file\s*(?:name|path)?|path)\s*:\s*)?(?P<path>\S+?):?", re.IGNORECASE)
# A folder, or a name with an ending; one word of prose has neither.
PATH_LIKE = re.compile(r".*[/\\].+|.*\w\.\w{1,12}")
ROWS_ABOVE = 3  # that may name the file: the fence, the path, what introduces them


def path_above(lines: Sequence[str]) -> tuple[str, bool]:
    """The path that the last of `lines`, right above a block, name, empty where they name none; and whether they open
    a fence around it. The path may stand above the fence, in it, or within it."""
    path, fenced = "", False
    for line in [line for line in reversed(lines[-2 * ROWS_ABOVE :]) if line.strip()][:ROWS_ABOVE]:
        fence = FENCE.fullmatch(line)
        if fence and fenced:
            break
        if fence:
            fenced = True
            words = re.split(r"[\s:]+", fence["info"].strip())
            path = path or next((word for word in words if PATH_LIKE.fullmatch(word)), "")
        elif not path:
            path = named(line)
            if not path:
                break
    return path, fenced


def named(line: str) -> str:
    """The path that this line names and nothing besides; empty where it says anything else."""
    bare = line.replace("*", "").replace("`", "").strip()
    decorated = BEFORE.match(bare)
    match = SAID.fullmatch(bare, decorated.end() if decorated else 0)
    if match is None:
        return ""
    return match["path"] if match["said"] or PATH_LIKE.fullmatch(match["path"]) else ""
