"""A process that reads long open documents: `python -m understudy.context.open_reader`, driven by `index.workers`.

A thread would not do. It would hold the interpreter for as long as one query over a whole tree takes, some 50 ms, and
while it runs, each of the many small waits of a completion costs another 5 ms.
"""

from __future__ import annotations

import logging
import marshal
import os
import pickle
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from understudy.context.index.chunks import chunks
from understudy.context.index.extract import extract
from understudy.context.index.record import FileRecord
from understudy.context.syntax.grammar import TooSlow, grammar_for
from understudy.context.syntax.source import Source

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "understudy.context.open_reader")
WITHIN_SECONDS = 2.0
# What `pickle` may raise for a class that is elsewhere or has another shape.
UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, LookupError, TypeError, ValueError, EOFError)

Task = tuple[str, tuple[bytes, ...]]
"""A path; the language's id and the text, in UTF-8."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one text. Without `ranges` nobody has said how it is divided for search."""

    text: str
    record: FileRecord
    ranges: tuple[tuple[int, int], ...] | None


def read(source: Source, path: str) -> Read:
    """Read a text."""
    record = extract(source, path)
    return Read(source.text, record, chunks(source, record))


def task(path: str, language: str, text: str) -> Task:
    """What to send to have a text read."""
    return path, (language.encode(), text.encode("utf-8", "surrogatepass"))


def result(text: str, answer: object) -> Read | None:
    """What was read of `text`; None when the process could not, or when it is of another version: it is started when it
    is needed, which may be after Understudy was brought up to date."""
    if not isinstance(answer, bytes):
        return None
    try:
        record, ranges = pickle.loads(answer)  # the process is ours
    except UNREADABLE as error:
        log.debug("The reader's answer cannot be read: %s", type(error).__name__)
        return None
    return Read(text, record, ranges)


def answer(path: str, about: tuple[bytes, ...]) -> bytes | str:
    """The record and the ranges of a text, or why there are none."""
    language, text = about[0].decode(), about[1].decode("utf-8", "surrogatepass")
    grammar = grammar_for(language)
    if grammar is None:
        return "no grammar"
    try:
        known = read(Source.parse(grammar, text, WITHIN_SECONDS), path)
    except TooSlow:
        return "too slow"
    except RecursionError:
        return "too deep"
    return pickle.dumps((known.record, known.ranges))


def serve(batches: BinaryIO, answers: BinaryIO) -> None:
    """Answer each text of each batch, until there are no more."""
    while True:
        try:
            batch: list[Task] = marshal.load(batches)
        except EOFError:
            return
        for path, about in batch:
            marshal.dump(answer(path, about), answers)
            answers.flush()


if __name__ == "__main__":
    # Whatever a grammar prints must not get between the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(BrokenPipeError):  # whoever asked has gone
        serve(sys.stdin.buffer, out)
        out.close()
