"""The baseline: an interpolated n-gram model over the same tokens and the same training files as the network."""

from __future__ import annotations

from typing import Any

import numpy as np

ORDER = 6
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Ngram:
    """Counts of what follows each context of one to `order - 1` tokens, smoothed by Witten and Bell's interpolation."""

    def __init__(self, tokens: Any, vocabulary: int, order: int = ORDER) -> None:
        """`tokens` is the training text, one array of ids with an end token after each document."""
        tokens = np.asarray(tokens, dtype=np.int64)
        self.order, self.vocabulary = order, vocabulary
        counts = np.bincount(tokens, minlength=vocabulary).astype(np.float64)
        self.single = (counts + 1) / (counts.sum() + vocabulary)
        self.tables = []
        key = np.zeros(len(tokens), dtype=np.uint64)
        for back in range(1, order):
            # A context is kept as the hash of its tokens, the nearest first; 64 bits make collisions negligible.
            key = key[1:] * _FACTOR + (tokens[:-back].astype(np.uint64) + np.uint64(1))
            self.tables.append(_table(key, tokens[back:]))

    def probabilities(self, context: list[int]) -> Any:
        """The distribution of the next token, an array of `vocabulary` floats, after the context's last tokens."""
        result = self.single
        key = np.uint64(0)
        for back, (keys, starts, following, counts) in enumerate(self.tables, start=1):
            if back > len(context):
                break
            with np.errstate(over="ignore"):
                key = key * _FACTOR + np.uint64(context[-back] + 1)
            place = int(np.searchsorted(keys, key))
            if place == len(keys) or keys[place] != key:
                break
            span = slice(starts[place], starts[place + 1])
            kinds = starts[place + 1] - starts[place]
            result = result * (kinds / (kinds + counts[span].sum()))
            result[following[span]] += counts[span] / (kinds + counts[span].sum())
        return result


def _table(key: Any, following: Any) -> tuple[Any, Any, Any, Any]:
    """Distinct contexts, where each one's entries start, and the entries: following token and count."""
    order = np.lexsort((following, key))
    key, following = key[order], following[order]
    new_pair = np.ones(len(key), dtype=bool)
    new_pair[1:] = (key[1:] != key[:-1]) | (following[1:] != following[:-1])
    places = np.flatnonzero(new_pair)
    counts = np.diff(places, append=len(key)).astype(np.float64)
    key, following = key[places], following[places]
    heads = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    return key[heads], np.append(heads, len(key)), following, counts


def rest_of_line(model: Ngram, tokenizer: Any, texts: list[str], prefix: str, longest: int) -> str:
    """The most likely continuation up to the line end, at most `longest` tokens.

    The prefix's last tokens are taken back and generated again under the rule that they spell the same text: at a
    cursor inside a word they are not what the training text would have had there. `texts` is what each id spells.
    """
    context = tokenizer.encode(prefix).ids[-64:]
    owed = "".join(texts[token] for token in context[-2:])
    context, written = context[:-2], ""
    for _ in range(longest + 2):
        chances = model.probabilities(context)
        if owed:
            fits = [spelt != "" and (spelt.startswith(owed) or owed.startswith(spelt)) for spelt in texts]
            chances = np.where(fits, chances, 0.0)
        best = int(np.argmax(chances))
        context.append(best)
        spelt = texts[best]
        if owed:
            spelt, owed = spelt[len(owed) :], owed[len(spelt) :]
        written += spelt
        if best == 0 or "\n" in written:
            break
    return written.split("\n", 1)[0]
