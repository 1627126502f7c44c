"""The chats that teach the demonstration model to fix: real reports, the words of the feature, weights on the fix."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from understudy.bundled import cases, faults, fim, fixes
from understudy.bundled.cases import Case
from understudy.bundled.corpus import Document
from understudy.bundled.examples import Packer
from understudy.editing import words
from understudy.editing.block import Patched
from understudy.editing.patch import patch
from understudy.editing.read import read_blocks

RUFF = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))
TEXT = (Path(__file__).parents[3] / "server/understudy/bundled/corpus.py").read_text(encoding="utf-8")
DOCUMENT = Document("shop", "shop/corpus.py", TEXT)


class Characters:
    """A tokenizer of single characters, special tokens aside: enough to see where weights lie."""

    def encode(self, text: str) -> Any:
        ids, offsets, at = [], [], 0
        while at < len(text):
            special = next((token for token in fim.SPECIAL_TOKENS if text.startswith(token, at)), None)
            size = len(special) if special else 1
            ids.append(fim.SPECIAL_TOKENS.index(special) if special else 100 + ord(text[at]))
            offsets.append((at, at + size))
            at += size
        return SimpleNamespace(ids=ids, offsets=offsets)


@pytest.fixture(name="found", scope="module")
def fixture_found() -> list[Case]:
    random = Random(3)
    return list(cases.reported(cases.made([DOCUMENT], 6, random), RUFF, random))


def test_there_are_cases_of_every_kind(found: list[Case]) -> None:
    assert {case.fault.kind for case in found} == set(faults.KINDS)


def test_each_problem_names_its_line_and_what_is_wrong_there(found: list[Case]) -> None:
    for case in found:
        assert case.fault.text.split("\n")[case.problem.row] == case.problem.line
        if case.fault.kind not in cases.SYNTAX:
            assert case.fault.name.rpartition(".")[2] in case.problem.message


def test_some_problems_are_ruffs_and_some_are_worded_by_others(found: list[Case]) -> None:
    assert len({case.problem.source for case in found}) > 3
    assert any(case.problem.source == "Ruff" for case in found)


def test_a_fault_that_ruff_does_not_report_is_left_out() -> None:
    fault = faults.Fault("misspelt name", TEXT, 0, "nothing", ("x",), ("y",))
    assert not list(cases.reported([(DOCUMENT, fault)], RUFF, Random(1)))


def test_a_fault_that_brings_another_problem_is_left_out() -> None:
    faulty = TEXT.replace("import ast\n", "import ast\nimport sched\nundefined\n", 1)
    fault = faults.Fault("unused import", faulty, 3, "sched", ("import sched",), ())
    assert not list(cases.reported([(DOCUMENT, fault)], RUFF, Random(1)))
    alone = faults.Fault("unused import", faulty.replace("undefined\n", ""), 3, "sched", ("import sched",), ())
    assert list(cases.reported([(DOCUMENT, alone)], RUFF, Random(1)))


def test_the_answer_applied_to_the_file_is_the_fix(found: list[Case]) -> None:
    random = Random(2)
    for case in found:
        _, answer = fixes.exchange(case, random)
        done = patch(case.fault.text, read_blocks(answer))
        assert isinstance(done, Patched)
        assert done.text == case.fault.fixed


def test_the_question_ends_as_the_feature_ends_it_and_shows_what_is_to_be_quoted(found: list[Case]) -> None:
    random = Random(3)
    for case in found:
        question, answer = fixes.exchange(case, random)
        assert question.endswith(words.problems_task([case.problem]))
        quoted = answer.removeprefix(f"{words.SEARCH}\n").partition(f"\n{words.DIVIDER}\n")[0]
        file = question.rpartition("\n```\n")[0] + "\n"
        assert f"\n{quoted}\n" in file
        assert f"\n{case.problem.line}\n" in file


def test_little_of_a_long_file_is_shown_and_all_of_a_short_one(found: list[Case]) -> None:
    case = found[0]
    few, every = fixes.excerpts(case, 300), fixes.excerpts(case, len(TEXT) + 100)
    assert sum(len(it.text) for it in few) < 400
    assert every == (words.Excerpt(0, case.fault.text.removesuffix("\n")),)
    for excerpt in few:
        shown = excerpt.text.split("\n")
        assert case.fault.text.split("\n")[excerpt.row : excerpt.row + len(shown)] == shown


def test_what_was_mended_counts_most_and_markers_of_the_chat_not_at_all(found: list[Case]) -> None:
    pieces = fixes.Fixes(found, Characters(), Random(4))
    for seed in range(20):
        piece = pieces.draw(100_000, Random(seed))
        assert piece is not None
        assert len(piece.tokens) == len(piece.weights)
        assert piece.tokens[-1] == fim.SPECIAL_TOKENS.index(fim.TURN_END)
        start = fim.SPECIAL_TOKENS.index(fim.TURN_START)
        assert all(weight == 0 for token, weight in zip(piece.tokens, piece.weights, strict=True) if token == start)
        weighty = [token for token, weight in zip(piece.tokens, piece.weights, strict=True) if weight == 8]
        assert 0 < len(weighty) < 60


def test_a_piece_is_no_longer_than_there_is_room(found: list[Case]) -> None:
    pieces = fixes.Fixes(found, Characters(), Random(4))
    assert pieces.draw(10, Random(1)) is None
    drawn = [piece for seed in range(30) if (piece := pieces.draw(1200, Random(seed))) is not None]
    assert drawn
    assert all(len(piece.tokens) <= 1200 for piece in drawn)


def test_rows_hold_fixes_between_the_pieces_of_documents(found: list[Case]) -> None:
    pieces = fixes.Fixes(found, Characters(), Random(4))
    packer = Packer([DOCUMENT], Characters(), 1, pieces)
    rows = [packer.row(4096) for _ in range(6)]
    assert all(len(row.tokens) == 4096 for row in rows)
    starts = fim.SPECIAL_TOKENS.index(fim.TURN_START)
    assert sum(row.tokens.count(starts) for row in rows) >= 6


def test_without_a_case_there_is_nothing_to_train_on() -> None:
    with pytest.raises(ValueError, match="no fault"):
        fixes.Fixes([], Characters(), Random(1))
