"""The file that a model names above a block."""

from __future__ import annotations

import re
from collections.abc import Sequence

FENCE = re.compile(r"\s*(?:`{3,}|~{3,})(?P<info>[^`]*)")

# `path`, **path**, # path, - path, 1. path, // path, File: path, path:
DECORATED = re.compile(
    r"(?:\#+|[-*]|\d+\.|//)?\s*"
    r"(?P<strong>\**)(?P<said>(?:file(?:\s*name|\s*path)?|path)\s*:\s*)?\**\s*"
    r"(?P<tick>`*)(?P<path>[^\s`*<>|\"']+)(?P=tick)(?P=strong)\s*:?\**",
    re.IGNORECASE | re.VERBOSE,
)
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
    match = DECORATED.fullmatch(line.strip())
    if match is None:
        return ""
    path = match["path"].rstrip(":")
    return path if match["said"] or PATH_LIKE.fullmatch(path) else ""
