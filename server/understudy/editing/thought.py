"""What a model thought before its answer, taken away."""

from __future__ import annotations

import re
from collections.abc import Callable

OPENED = re.compile(r"\s*<think(?:ing)?>")
CLOSED = re.compile(r"</think(?:ing)?>")
CLOSED_ON_ITS_OWN = re.compile(r"^[ \t]*</think(?:ing)?>[ \t]*\r?$", re.MULTILINE)


def spoken(answer: str, in_code: Callable[[str], bool]) -> str:
    """`answer` without a thought at its beginning; nothing is left of one that never ends.

    Templates often put the tag that opens the thought into the prompt, so that the answer only closes it. Such a tag is
    taken for one when it has a line of its own and what comes before it does not end `in_code`.
    """
    if opened := OPENED.match(answer):
        closed = CLOSED.search(answer, opened.end())
        return answer[closed.end() :] if closed else ""
    closed = CLOSED_ON_ITS_OWN.search(answer)
    return answer if closed is None or in_code(answer[: closed.start()]) else answer[closed.end() :]
