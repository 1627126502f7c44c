"""What the deterministic engine plays: answers as data, and the text form in which tests and demonstrations write them.

!when "def add"          this answer is for a prompt that holds this text
!always                  this answer is never used up
"a + "                   a chunk of text, as a JSON string
!delay 300               milliseconds
"b\\n"
!reasoning "hm"          a chunk of reasoning (chat)
!call find {"name": 1}   a tool call (chat)
!finish length           the reason given at the end: stop, length, tool_calls or abort
!error 503 overloaded    an HTTP error in place of what would follow
!disconnect              the connection breaks
!hang                    nothing more comes, and nothing ends
===                      the next answer
# a comment
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from understudy.core.errors import UsageError
from understudy.engine.base import FinishReason, ToolCall

SEPARATOR = "==="


@dataclass(frozen=True, slots=True)
class Say:
    """A chunk of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Think:
    """A chunk of reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call, whole."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause in seconds; `inf` hangs."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Fail:
    """An HTTP error status and the server's words."""

    status: int
    message: str


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The connection breaks."""


Step = Say | Think | Call | Wait | Fail | Disconnect


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gets. `when`: text that its prompt must hold. `always`: it is not used up."""

    steps: tuple[Step, ...] = ()
    finish: FinishReason = "stop"
    when: str = ""
    always: bool = False


def say(*chunks: str) -> Answer:
    """An answer of just these chunks."""
    return Answer(tuple(Say(chunk) for chunk in chunks))


def parse(text: str) -> tuple[Answer, ...]:
    """The answers that `text` describes. Raises `UsageError` naming the line that is not understood."""
    answers = [Answer()]
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if words == SEPARATOR:
            answers.append(Answer())
        elif words and not words.startswith("#"):
            try:
                answers[-1] = _extended(answers[-1], words)
            except (ValueError, KeyError) as error:
                raise UsageError(
                    f"Line {number} of the script is not understood: {words}",
                    f"Write a JSON string, or one of {', '.join(f'!{name}' for name in _COMMANDS)}.",
                ) from error
    return () if answers == [Answer()] else tuple(answers)


def load_script(path: Path) -> tuple[Answer, ...]:
    """The answers in a file. Raises `UsageError`: it cannot be read, or a line is not understood."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The script {path} cannot be read.", "Give the path of a text file.") from error
    return parse(text)


def _extended(answer: Answer, words: str) -> Answer:
    if words.startswith('"'):
        return _then(answer, Say(_string(words)))
    name, _, rest = words.partition(" ")
    return _COMMANDS[name.removeprefix("!") if name.startswith("!") else ""](answer, rest.strip())


def _then(answer: Answer, step: Step) -> Answer:
    return replace(answer, steps=(*answer.steps, step))


def _string(words: str) -> str:
    value = json.loads(words)
    if not isinstance(value, str):
        raise ValueError(words)
    return value


def _error(words: str) -> Fail:
    status, _, message = words.partition(" ")
    return Fail(int(status), message)


def _call(answer: Answer, words: str) -> Answer:
    name, _, arguments = words.partition(" ")
    json.loads(arguments)
    number = sum(isinstance(step, Call) for step in answer.steps) + 1
    return replace(_then(answer, Call(ToolCall(f"call-{number}", name, arguments))), finish="tool_calls")


def _finish(answer: Answer, words: str) -> Answer:
    reasons: dict[str, FinishReason] = {reason: reason for reason in get_args(FinishReason)}
    return replace(answer, finish=reasons[words])


_COMMANDS: dict[str, Callable[[Answer, str], Answer]] = {
    "delay": lambda answer, words: _then(answer, Wait(float(words) / 1000)),
    "error": lambda answer, words: _then(answer, _error(words)),
    "disconnect": lambda answer, _: _then(answer, Disconnect()),
    "hang": lambda answer, _: _then(answer, Wait(float("inf"))),
    "finish": _finish,
    "reasoning": lambda answer, words: _then(answer, Think(_string(words))),
    "call": _call,
    "when": lambda answer, words: replace(answer, when=_string(words)),
    "always": lambda answer, _: replace(answer, always=True),
}
