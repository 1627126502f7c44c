"""Measures a trained model on files it never saw: `python -m understudy.bundled.evaluate --help`.

Loss per token and byte, and how often the greedy rest of a line is exactly the file's, against an n-gram model. How
often faults are mended (`evaluate_fixes`).
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch

from understudy.bundled import corpus, evaluate_fixes, export, fim, tokenizer
from understudy.bundled.network import Shape, Weights, hidden_states, logits
from understudy.bundled.ngram import Ngram, rest_of_line

_PREFIX_CHARACTERS = 1500
_SUFFIX_CHARACTERS = 500


@dataclass(frozen=True)
class Question:
    """A hole from a place in a line to its end, and whether it begins at the statement's start."""

    hole: fim.Hole
    whole_statement: bool


@dataclass(frozen=True)
class Window:
    """A stretch of a document: its tokens behind an end token, and how many bytes they spell."""

    package: str
    tokens: list[int]
    size: int


def questions(documents: list[corpus.Document], number: int, seed: int) -> list[Question]:
    """`number` holes in lines of code, files drawn by size, half of the holes at the start of a statement."""
    random = Random(seed)
    rows = [(document, row) for document in documents for row in _code_rows(document.text)]
    asked: list[Question] = []
    for document, row in random.sample(rows, number):
        starts = fim.line_starts(document.text)
        line = fim.line_at(document.text, starts, row)
        indent = len(line) - len(line.lstrip())
        whole = len(asked) % 2 == 0
        begin = starts[row] + (indent if whole else random.randint(indent + 1, len(line) - 1))
        end = starts[row] + len(line)
        prefix = document.text[max(0, begin - _PREFIX_CHARACTERS) : begin]
        suffix = document.text[end : end + _SUFFIX_CHARACTERS]
        asked.append(Question(fim.Hole(prefix, document.text[begin:end], suffix), whole))
    return asked


def _code_rows(text: str) -> Iterator[int]:
    """Rows with code: not blank, no comment, not in a string that spans lines, no bare closing bracket."""
    inside: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant | ast.JoinedStr) and (node.end_lineno or node.lineno) > node.lineno:
            inside.update(range(node.lineno - 1, node.end_lineno or node.lineno))
    for row, line in enumerate(text.split("\n")):
        stripped = line.strip()
        if row not in inside and len(stripped) > 3 and not stripped.startswith("#"):
            yield row


def exact(weights: Weights, shape: Shape, tokens: Any, hole: fim.Hole, order: str) -> bool:
    """Whether the greedy answer, up to its end or its first line end, is the middle."""
    asked = tokens.encode(fim.prompt(hole.prefix, hole.suffix, order)).ids
    answer: list[int] = []
    for _ in range(len(hole.middle.encode()) + 1):
        row = torch.tensor([[*asked, *answer]])
        with torch.no_grad():
            state = hidden_states(weights, shape, row, torch.float32)[0, -1]
        best = int((weights["model.embed_tokens.weight"] @ state).argmax())
        if best == 0:
            return bool(tokens.decode(answer) == hole.middle)
        answer.append(best)
        line, ended, _ = tokens.decode(answer).partition("\n")
        if ended:
            return bool(line.rstrip() == hole.middle)
        # A character's bytes may be spread over tokens; the decoder shows its first ones as U+FFFD.
        if not hole.middle.startswith(line.rstrip("\ufffd")):
            break
    return False


def losses(weights: Weights, shape: Shape, windows: list[Window]) -> list[Any]:
    """For each window, the nats of every token but the first."""
    found = []
    for window in windows:
        ids = torch.tensor([window.tokens])
        with torch.no_grad():
            scores = logits(weights, shape, ids[:, :-1], torch.float32)[0]
        found.append(torch.nn.functional.cross_entropy(scores, ids[0, 1:], reduction="none").numpy())
    return found


def interval(hits: int, number: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; raises ZeroDivisionError when nothing was counted."""
    z, share = 1.96, hits / number
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number)) / (1 + z * z / number)
    return middle - half, middle + half


def _shares(asked: list[Question], hits: list[bool]) -> dict[str, Any]:
    low, high = interval(sum(hits), len(hits))
    halves = {
        name: round(
            float(np.mean([hit for hit, one in zip(hits, asked, strict=True) if one.whole_statement == whole])), 4
        )
        for name, whole in (("whole_statement", True), ("rest_of_line", False))
    }
    return {"exact": round(sum(hits) / len(hits), 4), "interval_95": [round(low, 4), round(high, 4)], **halves}


def _windows(documents: list[corpus.Document], tokens: Any, length: int) -> list[Window]:
    windows = []
    for document in documents:
        ids = tokens.encode(document.text).ids
        for begin in range(0, len(ids), length):
            part = ids[begin : begin + length]
            windows.append(Window(document.package, [0, *part], len(tokens.decode(part).encode())))
    return windows


def _loss(windows: list[Window], each: list[Any]) -> dict[str, float]:
    total = float(sum(values.sum() for values in each))
    count, size = sum(len(one.tokens) - 1 for one in windows), sum(one.size for one in windows)
    return {"nats_per_token": round(total / count, 4), "bits_per_byte": round(total / math.log(2) / size, 4)}


def loss_figures(weights: Weights, shape: Shape, tokens: Any, unseen: list[corpus.Document]) -> dict[str, Any]:
    """Held-out loss over all files, over each package held out whole, and by how far into a long file a token is."""
    windows = _windows(unseen, tokens, 2048)
    each = losses(weights, shape, windows)
    result: dict[str, Any] = {"loss": _loss(windows, each)}
    for name in sorted(package.name for package in corpus.PACKAGES if package.held_out):
        own = [place for place, window in enumerate(windows) if window.package == name]
        result[f"loss_{name}"] = _loss([windows[place] for place in own], [each[place] for place in own])
    long = [window for window in _windows(unseen, tokens, 4096) if len(window.tokens) == 4097][:24]
    parts = [values.reshape(4, 1024).mean(1) for values in losses(weights, shape, long)]
    result["nats_per_1024_positions"] = [round(float(value), 3) for value in np.mean(parts, axis=0)]
    return result


def baseline_figures(
    weights: Weights, shape: Shape, tokens: Any, documents: list[corpus.Document], asked: list[Question]
) -> dict[str, Any]:
    """The n-gram model's exact matches and its loss, with the network's loss on the same windows beside it."""
    seen = [[*tokens.encode(document.text).ids, 0] for document in documents if not document.held_out]
    model = Ngram(np.concatenate(seen), shape.vocab)
    spelt = [tokens.decode([place]) for place in range(shape.vocab)]
    guesses = [rest_of_line(model, tokens, spelt, one.hole.prefix, 40) == one.hole.middle for one in asked]
    windows = _windows([document for document in documents if document.held_out], tokens, 2048)
    windows = windows[:: max(1, len(windows) // 60)]
    each = [
        np.array([-math.log(model.probabilities(row[max(0, at - 8) : at])[row[at]]) for at in range(1, len(row))])
        for row in (window.tokens for window in windows)
    ]
    return {
        "ngram": _shares(asked, guesses),
        "ngram_loss": _loss(windows, each),
        "loss_on_the_same_windows": _loss(windows, losses(weights, shape, windows)),
    }


def report(folder: Path, cache: Path, number: int, faults: int, seed: int) -> dict[str, Any]:
    """All figures of the README, as one dictionary; `number` holes, and `faults` of each kind."""
    weights, shape = export.read(folder)
    tokens = tokenizer.load(folder)
    documents = corpus.read(cache)
    unseen = [document for document in documents if document.held_out]
    result: dict[str, Any] = {"held_out_files": len(unseen), "holes": number}
    if faults:
        result["fixes"] = evaluate_fixes.figures(weights, shape, tokens, unseen, faults, seed)
    if not number:
        return result
    asked = questions(unseen, number, seed)
    for order in fim.ORDERS:
        result[order] = _shares(asked, [exact(weights, shape, tokens, one.hole, order) for one in asked])
    result |= loss_figures(weights, shape, tokens, unseen)
    return result | baseline_figures(weights, shape, tokens, documents, asked)


def main(arguments: list[str] | None = None) -> None:
    """Writes the report to standard output as JSON."""
    parser = argparse.ArgumentParser(prog="python -m understudy.bundled.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "model", help="folder of the model")
    parser.add_argument("--cache", type=Path, default=Path("corpus-cache"), help="folder for what pip downloads")
    parser.add_argument("--holes", type=int, default=1000, help="how many single-line holes to ask")
    parser.add_argument("--faults", type=int, default=100, help="how many faults of each kind to ask about; needs ruff")
    parser.add_argument("--seed", type=int, default=7, help="which holes")
    chosen = parser.parse_args(arguments)
    found = report(chosen.model, chosen.cache, chosen.holes, chosen.faults, chosen.seed)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
