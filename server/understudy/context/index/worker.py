"""A process that parses files for the indexer: `python -m understudy.context.index.worker`, driven over its pipes.

It is sent batches and answers each file of a batch in turn, so that the first without an answer is the one that it died
of. It ends with its input. Both ways go `marshal`led values: the two are always of one interpreter.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys
from typing import Any, BinaryIO

from understudy.context.index import reading
from understudy.context.index.chunks import chunks
from understudy.context.index.entry import Entry, digest, entry
from understudy.context.index.extract import extract
from understudy.context.privacy.secrets import masked
from understudy.context.syntax.grammar import Grammar, TooSlow, grammar_for
from understudy.context.syntax.languages import language_of
from understudy.context.syntax.source import Source

WITHIN_SECONDS = 5.0
"""For the parse of one file. Sound code of `reading.LARGEST` bytes takes a fifth of it."""
COLLECT_EVERY = 64  # files; nothing of one outlives its answer, and looking for circles all the time costs a tenth

Task = tuple[str, tuple[bytes, ...]]
"""A path, and digests of contents that need no parsing."""
Answer = tuple[Any, ...] | bytes | str
"""An `Entry`, the digest of a known content, or why there is none."""


def main() -> None:
    """Answer batches until the input ends."""
    # Whatever a grammar prints must not get between the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(sys.stdin.buffer, out)
    except BrokenPipeError:
        os._exit(0)  # nobody is left to hear it


def serve(batches: BinaryIO, answers: BinaryIO) -> None:
    """Answer each file of each batch."""
    gc.disable()
    gc.freeze()
    done = 0
    while True:
        try:
            batch: list[Task] = marshal.load(batches)
        except EOFError:
            return
        for path, known in batch:
            marshal.dump(answer(path, frozenset(known)), answers)
            answers.flush()
            done += 1
            if done % COLLECT_EVERY == 0:
                gc.collect()


def answer(path: str, known: frozenset[bytes] = frozenset()) -> Answer:
    """What there is to know of a file."""
    data = reading.read(path)
    if isinstance(data, str):
        return data
    content = digest(data)
    if content in known:
        return content
    language = language_of(path)
    grammar = grammar_for(language.ids[0]) if language is not None else None
    if grammar is None:
        return "no grammar"
    try:
        # What is kept on disk holds no secrets; a mask leaves every row where it is.
        return tuple(parsed(path, masked(reading.decoded(data)), grammar, content))
    except TooSlow:
        return "too slow"
    except RecursionError:
        return "too deep"


def parsed(path: str, text: str, grammar: Grammar, content: bytes) -> Entry:
    """What is kept of a text. Raises `TooSlow`."""
    source = Source.parse(grammar, text, WITHIN_SECONDS)
    record = extract(source, path)
    return entry(record, text, chunks(source, record), content)


if __name__ == "__main__":
    main()
