"""The rule: a step is larger than the pieces of all long prompts and a completion's prompt together."""

from __future__ import annotations

import pytest

from understudy.core.settings import CompletionSettings
from understudy.engine.chunks import CAP, COMPLETION, PIECE, PROMPTS, chunk_arguments, leaves_room, uncapped


def test_a_completions_prompt_is_not_cut_itself() -> None:
    assert PIECE > CompletionSettings().prompt_tokens > COMPLETION


@pytest.mark.parametrize("block", [1056, 1072, 2096, 2144])
def test_a_piece_is_well_filled_with_blocks_of_a_hybrid_model(block: int) -> None:
    """vLLM cuts a piece down to whole blocks: `Scheduler._mamba_block_aligned_split`."""
    assert PIECE // block * block > 0.97 * PIECE


@pytest.mark.parametrize(
    ("batch", "piece", "prompts", "room"),
    [
        (1024, 512, 2, False),  # the case that was measured: two pieces fill the step, and a completion waits 12 s
        (4096, 1024, 2, True),
        (4096, 1024, 3, False),
        (PROMPTS * PIECE + COMPLETION, PIECE, PROMPTS, False),
        (PROMPTS * PIECE + COMPLETION + 1, PIECE, PROMPTS, True),
    ],
)
def test_room(batch: int, piece: int, prompts: int, *, room: bool) -> None:
    assert leaves_room(batch, piece, prompts) is room


def test_arguments_hold_to_it() -> None:
    assert chunk_arguments(8192)[2:] == ("--long-prefill-token-threshold", str(PIECE))
    assert chunk_arguments(4096) == ("--max-num-batched-tokens", "4096"), "a cap would not help here"
    assert chunk_arguments(8192, PIECE - 1) == ("--max-num-batched-tokens", "8192"), "vLLM refuses it"


@pytest.mark.parametrize(
    ("said", "taken_back"),
    [
        ((), ()),
        (("--max-model-len", "2048"), (CAP, "0")),
        (("--max-model-len=2048",), (CAP, "0")),
        (("--max-model-len", "2048", CAP, "512"), ()),
        (("--max-model-len", "32768"), ()),
        (("--max-model-len", "auto"), ()),
    ],
)
def test_a_context_that_is_made_shorter_takes_the_cap_back(said: tuple[str, ...], taken_back: tuple[str, ...]) -> None:
    assert uncapped((*chunk_arguments(8192, 16384), "--max-model-len", "16384", *said)) == taken_back
