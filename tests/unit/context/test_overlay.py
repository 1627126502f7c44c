"""Long open documents are read by a process: what becomes of them when it hangs, and when it is ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic, sleep

import pytest

from understudy.context.index.memory import MemoryIndex
from understudy.context.index.workers import Workers
from understudy.context.open_reader import COMMAND
from understudy.context.overlay import AT_ONCE, Overlay
from understudy.context.syntax.parsed import SyntaxStore
from understudy.core.text import Document

HANGS = """
import os, sys, time
from understudy.context import open_reader
real = open_reader.answer
def answer(path, about):
    if "hangs" in path:
        time.sleep(60)
    return b"of another version" if "odd" in path else real(path, about)
open_reader.answer = answer
open_reader.serve(sys.stdin.buffer, os.fdopen(os.dup(1), "wb"))
"""
HANGING = partial(Workers, 1, command=(sys.executable, "-c", HANGS), hangs=0.5)


def document(name: str) -> Document:
    text = "".join(f"{name}_{number} = {number}\n" for number in range(AT_ONCE // 10))
    return Document(f"file:///project/{name}.py", 1, "python", text)


def opened(overlay: Overlay, *names: str) -> Overlay:
    for name in names:
        overlay.put(document(name), f"/project/{name}.py")
    return overlay


def until(true: Callable[[], object], seconds: float = 20.0) -> bool:
    end = monotonic() + seconds
    while monotonic() < end:
        if true():
            return True
        sleep(0.05)
    return False


@pytest.fixture
def overlays() -> Iterator[list[Overlay]]:
    made: list[Overlay] = []
    yield made
    for it in made:
        it.close()


def test_what_is_typed_in_a_document_makes_no_other_index_for_it() -> None:
    """Or else every key would have everything looked for again."""
    store = SyntaxStore()
    overlay = Overlay(MemoryIndex(), store.parse)
    one, other = (Document(f"file:///project/{name}.py", 1, "python", f"{name} = 1\n") for name in ("one", "other"))
    for it in (one, other):
        overlay.put(it, it.uri.removeprefix("file://"))
    index = overlay.index(one.uri)
    overlay.put(one.with_text("one = 1\nmore = 1\n"), "/project/one.py")
    assert overlay.index(one.uri) is index
    assert [it.path for it in index.defined("other")] == ["/project/other.py"]
    assert [it.path for it in overlay.index(other.uri).defined("more")] == ["/project/one.py"]


def test_a_document_that_its_reader_hangs_at_costs_itself(overlays: list[Overlay]) -> None:
    overlay = Overlay(MemoryIndex(), lambda it: None, workers=HANGING)
    overlays.append(opened(overlay, "hangs", "sound"))
    assert until(lambda: overlay.index("").defined("sound_1"))
    assert overlay.index("").defined("hangs_1") == ()


def test_an_answer_that_is_not_understood_costs_one_document(overlays: list[Overlay]) -> None:
    overlay = Overlay(MemoryIndex(), lambda it: None, workers=HANGING)
    overlays.append(opened(overlay, "odd", "sound"))
    assert until(lambda: overlay.index("").defined("sound_1"))
    overlay.settle()
    assert overlay.index("").defined("odd_1") == ()


def test_after_it_was_closed_another_question_starts_another_process(overlays: list[Overlay]) -> None:
    starts = iter((HANGING, partial(Workers, 1, command=COMMAND)))
    overlay = Overlay(MemoryIndex(), lambda it: None, lambda: now[0], lambda answered: next(starts)(answered))
    now = [0.0]
    overlays.append(opened(overlay, "hangs"))
    assert overlay.index("").defined("hangs_1") == ()
    overlay.close()
    now[0] += 10.0  # it is not read again within a second
    assert until(lambda: overlay.index("").defined("hangs_1"))
