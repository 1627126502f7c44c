"""How vLLM cuts long prompts into steps, so that a completion's prompt comes into the next step.

Work from this process is admitted (`understudy.engine.admission`); that of other windows and users runs beside a
completion all the same, and vLLM fills a step with the prompts that already run before it looks at one that waits.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

CAP = "--long-prefill-token-threshold"
# Tokens of a completion's prompt that are new to the engine, at most in the flow of typing: most of what is shown of
# other files was read with an earlier prompt, or in a pause (`features.completion.warm`).
COMPLETION = 1536
# Tokens of one long prompt in a step where there are others; a completion's prompt is not long by this measure, or it
# would be cut itself. Of one that is longer by the user's wish, what is cached does not count; the rest takes a second
# step: beside a prompt of 30,000 tokens, 3,000 new ones took 0.83 s with this cap and 0.80 s with one of 4,096, whose
# 95th percentile was twice as high (a tiny model on two cores, where a step of the other prompt takes as long). vLLM
# caps nothing while a long prompt is alone. Of a hybrid model it reads whole blocks, in which it keeps states: two of
# Qwen3.6-35B-A3B's with a cache in 16 bits (1,056 tokens, 1,072 with drafts), one in 8 bits (2,096, 2,144). Of 2,048 it
# would read half, or go on in turns of 2,048 and 48 (vLLM 0.32's scheduler).
PIECE = 2144
PROMPTS = 3  # long prompts that run at once, from as many windows


def leaves_room(batch: int, piece: int = PIECE, prompts: int = PROMPTS, completion: int = COMPLETION) -> bool:
    """Whether a step of `batch` tokens has room for a completion's prompt beside the pieces of long ones."""
    return batch > prompts * piece + completion


def chunk_arguments(batch: int, context: int | None = None) -> tuple[str, ...]:
    """vLLM's arguments for steps of up to `batch` tokens. Without a cap where one would not help, or where vLLM would
    refuse it, since the model's `context`, where it is known, is shorter."""
    possible = context is None or context >= PIECE
    cap = (CAP, str(PIECE)) if possible and leaves_room(batch) else ()
    return ("--max-num-batched-tokens", str(batch), *cap)


def uncapped(command: Sequence[str]) -> tuple[str, ...]:
    """What takes the cap back where somebody's own argument makes the context shorter than it: vLLM would not start."""
    cap, context = _last(command, CAP), _last(command, "--max-model-len")
    return (CAP, "0") if cap and context and cap > context else ()


def _last(command: Sequence[str], option: str) -> int | None:
    """The value that counts for vLLM; None where it is no number, as `auto`."""
    said = [value for name, value in itertools.pairwise(command) if name == option]
    said += [word.partition("=")[2] for word in command if word.startswith(f"{option}=")]
    return int(said[-1]) if said and said[-1].isdigit() else None
