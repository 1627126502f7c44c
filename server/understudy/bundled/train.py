"""Trains the demonstration model, from scratch or on from a finished one: `python -m understudy.bundled.train --help`.

Needs torch, tokenizers, safetensors and numpy. What it was trained on and how good it is: `bundled/README.md`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import torch

from understudy.bundled import cases, corpus, export, tokenizer
from understudy.bundled.examples import Extra, Packer
from understudy.bundled.fixes import Fixes
from understudy.bundled.network import Shape, Weights, count, fresh_weights, weighted_loss
from understudy.bundled.optimiser import Optimiser

_SMOKE_VOCABULARY = 1024
_FAULTS_EACH = 3


@dataclass(frozen=True)
class Plan:
    """How long and on what to train; the learning rate follows the share of the minutes that has passed.

    `rate`: the peak learning rate, as a part of that of training from scratch. `row_tokens`: the length of most rows.
    """

    minutes: float
    micro_tokens: int = 4096
    micro_batches: int = 1
    save_minutes: float = 5.0
    warm_up: float = 0.01
    decay_from: float = 0.6
    seed: int = 1
    compiled: bool = True
    resume: bool = False
    rate: float = 1.0
    row_tokens: int = 512


def say(message: str) -> None:
    """One line of progress on standard error."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def rate_at(share: float, plan: Plan) -> float:
    """The learning rate as a part of its peak: a short warm-up, level, then straight down to zero."""
    if share < plan.warm_up:
        return plan.rate * (share + 0.001) / (plan.warm_up + 0.001)
    return plan.rate * min(1.0, max(0.0, 1 - share) / (1 - plan.decay_from))


def length_at(step: int, longest: int, usual: int) -> int:
    """Tokens in a row: mostly few, which is cheap; every sixteenth step has longer ones."""
    if step % 16 == 15:
        return min(longest, 4096 if step % 32 == 31 else 2048)
    return min(longest, usual)


def train(start: Weights, packer: Packer, shape: Shape, plan: Plan, out: Path) -> Weights:
    """Trains for `plan.minutes` and returns the weights; a checkpoint lies in `out` every `plan.save_minutes`.

    Raises FileNotFoundError when the plan resumes and there is no checkpoint.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(plan.seed)
    weights = {name: tensor.to(device).requires_grad_() for name, tensor in start.items()}
    optimiser, spent, step = Optimiser(weights), 0.0, 0
    if plan.resume:
        saved = torch.load(out / "checkpoint.pt", map_location=device)
        for name, tensor in weights.items():
            tensor.data.copy_(saved["weights"][name])
        optimiser.restore(saved["optimiser"])
        spent, step = saved["seconds"], saved["step"]
        packer.random.seed(plan.seed + step)
    loss_of = loss_function(shape, compiled=plan.compiled)
    begin = saved_at = said_at = time.monotonic() - spent
    seen, total = 0, 0.0
    while (share := (time.monotonic() - begin) / (60 * plan.minutes)) < 1:
        length = length_at(step, shape.context, plan.row_tokens)
        for _ in range(plan.micro_batches):
            rows, targets = batch(packer, max(1, plan.micro_tokens // length), length, device)
            loss = loss_of(weights, rows, targets) / plan.micro_batches
            loss.backward()
            total += float(loss.detach())
            seen += plan.micro_tokens
        optimiser.step(rate_at(share, plan))
        step += 1
        now = time.monotonic()
        if step % 25 == 0:
            speed = seen / (now - said_at)
            say(f"{(now - begin) / 60:.1f} min, step {step}, loss {total / 25:.3f}, {speed:.0f} tokens/s")
            seen, total, said_at = 0, 0.0, now
        if now - saved_at > 60 * plan.save_minutes:
            saved_at = now
            save(out, weights, optimiser, now - begin, step)
    save(out, weights, optimiser, time.monotonic() - begin, step)
    say(f"{step} steps of {plan.micro_tokens * plan.micro_batches} tokens")
    return {name: tensor.detach() for name, tensor in weights.items()}


def loss_function(shape: Shape, *, compiled: bool) -> Any:
    """The loss as a function of weights, rows and target weights; compiling makes it half as fast again."""

    def loss(weights: Weights, rows: Any, targets: Any) -> Any:
        return weighted_loss(weights, shape, rows, targets, torch.bfloat16)

    return torch.compile(loss, dynamic=False) if compiled else loss


def batch(packer: Packer, rows: int, length: int, device: str) -> tuple[Any, Any]:
    """Tokens (rows, length + 1) and the weights (rows, length) of the targets."""
    pieces = [packer.row(length + 1) for _ in range(rows)]
    tokens = torch.tensor([piece.tokens for piece in pieces], dtype=torch.int64, device=device)
    return tokens, torch.tensor([piece.weights[1:] for piece in pieces], dtype=torch.float32, device=device)


def save(out: Path, weights: Weights, optimiser: Optimiser, seconds: float, step: int) -> None:
    """Writes `checkpoint.pt`, whole or not at all."""
    state = {"weights": weights, "optimiser": optimiser.state(), "seconds": seconds, "step": step}
    torch.save(state, out / "checkpoint.tmp")
    (out / "checkpoint.tmp").replace(out / "checkpoint.pt")


def options(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m understudy.bundled.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and its checkpoint")
    parser.add_argument("--cache", type=Path, default=Path("corpus-cache"), help="folder for what pip downloads")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long to train, earlier runs included")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in the --out folder")
    parser.add_argument("--tokenizer", type=Path, help="folder of a tokenizer to use as it is, not to train one")
    parser.add_argument("--from", dest="start", type=Path, metavar="MODEL", help="go on from a finished model's folder")
    parser.add_argument("--fixes", action="store_true", help="teach it to fix faults too; needs ruff on the path")
    parser.add_argument("--rate", type=float, default=1.0, help="peak learning rate, as a part of the usual one")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--smoke", action="store_true", help="under a minute, no download: does the script run at all?")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Downloads, trains the tokenizer and the network, and writes the model to the folder asked for."""
    chosen = options(arguments)
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    chosen.out.mkdir(parents=True, exist_ok=True)
    documents = corpus.read(chosen.cache, () if chosen.smoke else corpus.PACKAGES)
    shown = [document for document in documents if not document.held_out][: 60 if chosen.smoke else None]
    say(f"{len(shown)} of {len(documents)} documents, {sum(len(it.text) for it in shown) / 1e6:.1f} MB to train on")
    folder = chosen.tokenizer or chosen.start or (chosen.out if chosen.resume else None)
    size = _SMOKE_VOCABULARY if chosen.smoke else tokenizer.VOCABULARY
    tokens = tokenizer.load(folder) if folder else tokenizer.learn((it.text for it in shown), size)
    shape = Shape(vocab=tokens.get_vocab_size())
    plan = Plan(minutes=chosen.minutes, resume=chosen.resume, rate=chosen.rate)
    if chosen.fixes:
        # A question takes up to some thousand tokens, and is never cut.
        plan = replace(plan, row_tokens=1024)
    if chosen.smoke:
        shape = replace(shape, width=64, layers=2, heads=2, kv_heads=1, head_width=32, hidden=128, context=512)
        plan = replace(plan, minutes=0.3, micro_tokens=1024, compiled=False)
    weights = fresh_weights(shape, plan.seed)
    if chosen.start:
        weights, shape = export.read(chosen.start)
    say(f"{count(weights):,} parameters, vocabulary {shape.vocab}, context {shape.context}")
    tokenizer.save(tokens, chosen.out, shape.context)
    packer = Packer(shown, tokens, plan.seed, faults_of(shown, tokens, plan.seed) if chosen.fixes else None)
    export.write(train(weights, packer, shape, plan, chosen.out), shape, chosen.out)


def faults_of(documents: list[corpus.Document], tokens: Any, seed: int) -> Extra:
    """Fixes of faults in the documents, each as the chat that a user's editor leads to."""
    random = Random(seed)
    ruff = shutil.which("ruff")
    if ruff is None:
        raise SystemExit(
            "Ruff, which reports the faults, is not on the path. Install it (pip install ruff) and try again."
        )
    found = list(cases.reported(cases.made(documents, _FAULTS_EACH, random), ruff, random))
    say(f"{len(found)} faults that a tool reports")
    return Fixes(found, tokens, random)


if __name__ == "__main__":
    main()
