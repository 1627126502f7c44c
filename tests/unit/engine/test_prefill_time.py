"""The fit: whatever the machine, it soon says how many tokens the model computes in a given time."""

from __future__ import annotations

import random

import pytest

from understudy.engine.prefill_time import PrefillTime


def by_the_model(end: int, computed: int, token: float, attention: float) -> float:
    """Seconds for a piece, by those for a token and what each token before it adds."""
    return computed * (token + attention * end)


def by_the_request(end: int, fixed: float, per_thousand: float) -> float:
    """Seconds for sending it, by those for any request and for 1,000 tokens of it."""
    return fixed + per_thousand * end / 1000


MACHINES = {
    "a tiny model on two cores, where the request outweighs the model": (30e-6, 3e-9, 9e-3, 0.8e-3),
    "a small model on a CPU": (1e-3, 2e-8, 9e-3, 0.8e-3),
    "a large GPU": (40e-6, 5e-10, 4e-3, 0.3e-3),
}


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("wanted", [0.02, 0.25])
def test_pieces_take_as_long_as_they_should_by_the_models_own_time(name: str, wanted: float) -> None:
    token, attention, fixed, per_thousand = MACHINES[name]
    noise = random.Random(7)
    times = PrefillTime()
    took: list[float] = []
    for _ in range(3):
        done = 0
        while done < 30_000:
            # As in use: now and then nobody types, and pieces are longer.
            seconds = wanted if noise.random() < 0.8 else 0.25
            tokens = max(64, min(8192, times.tokens(done, seconds)))
            done += tokens
            model = by_the_model(done, tokens, token, attention)
            times.note(done, tokens, (model + by_the_request(done, fixed, per_thousand)) * noise.uniform(0.9, 1.3))
            if seconds == wanted:
                took.append(model if 64 < tokens < 8192 else wanted)
    later = took[len(took) // 3 :]
    assert sum(later) / len(later) < 1.5 * wanted
    assert sum(later) / len(later) > 0.3 * wanted


# In the middle of what was measured it is near, and at the ends not far.
@pytest.mark.parametrize(("done", "off"), [(0, 0.5), (14_000, 0.1), (29_000, 0.25)])
@pytest.mark.parametrize("name", MACHINES)
def test_the_models_time_is_told_from_the_requests_at_any_depth(name: str, done: int, off: float) -> None:
    token, attention, fixed, per_thousand = MACHINES[name]
    mixed = random.Random(7)
    times = PrefillTime()
    for _ in range(60):
        computed = mixed.choice((64, 256, 1024))
        end = mixed.randrange(computed, 30_000)
        times.note(
            end, computed, by_the_model(end, computed, token, attention) + by_the_request(end, fixed, per_thousand)
        )
    assert times.tokens(done, 0.1) == pytest.approx(0.1 / (token + attention * done), rel=off)


def test_pieces_that_are_all_alike_are_taken_for_the_models_time() -> None:
    times = PrefillTime()
    for _ in range(200):
        times.note(1000, 100, 0.1)
    assert 80 <= times.tokens(1000, 0.1) <= 110


def test_before_anything_is_known_a_piece_is_small() -> None:
    assert 100 < PrefillTime().tokens(0, 0.02) < 1000
