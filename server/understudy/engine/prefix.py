"""What two prompts have in common: the tokens that an engine's prefix cache need not compute again."""

from __future__ import annotations


def common_prefix(ids: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many tokens both begin with."""
    # By halves: comparing slices leaves a long prompt to C, where a loop over it would hold up a keystroke.
    same, end = 0, min(len(ids), len(other))
    while same < end:
        middle = (same + end + 1) // 2
        if ids[same:middle] == other[same:middle]:
            same = middle
        else:
            end = middle - 1
    return same
