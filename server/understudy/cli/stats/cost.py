"""What the counted tokens would have cost at an API, by the catalogue's price list, and what the GPUs' energy cost.

Estimates: other models split text into other tokens, and their caches keep other things. Nothing is sent anywhere.
"""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass

from understudy.cli.stats.report import LONGEST_PROMPT, Report, Tokens, read_tokens
from understudy.core.errors import UsageError
from understudy.engine.catalogue import load_catalogue
from understudy.engine.catalogue.schema import Model, Price, Provider

DEFAULT_PRICE = "Qwen3.6-Plus"
MILLION = 1e6
JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that an API serves, and which one it is."""

    model: Model
    provider: Provider


@dataclass(frozen=True, slots=True)
class Bill:
    """`dollars`: what `offer` would have charged, by lane. `energy`: what the GPUs' energy cost, in the currency of
    `per_kwh`, the user's own price; None where they named none."""

    offer: Offer
    dollars: dict[str, float]
    per_kwh: float | None = None
    energy: float | None = None

    @property
    def total(self) -> float:
        """Dollars for all lanes."""
        return math.fsum(self.dollars.values())


def offer_of(words: str) -> Offer:
    """The offer that `MODEL` or `MODEL@PROVIDER` names, the first provider by default. Raises `UsageError`."""
    name, _, provider = words.partition("@")
    catalogue = load_catalogue()
    model = catalogue.find(name.strip())
    wanted = provider.strip().lower()
    for row in model.providers if model else ():
        if model and (row.name.lower() == wanted or not wanted):
            return Offer(model, row)
    if model and model.providers:
        known = ", ".join(row.name for row in model.providers)
        raise UsageError(f"The catalogue knows no price of {model.name} at {provider}.", f"It knows: {known}.")
    priced = ", ".join(row.name for row in catalogue.models if row.providers)
    raise UsageError(f"The catalogue knows no price of {name}.", f"It knows prices of: {priced}.")


def bill_at(connection: sqlite3.Connection, report: Report, offer: Offer, per_kwh: float | None = None) -> Bill:
    """What the tokens and the energy of `report` cost. Raises `sqlite3.Error`."""
    dollars: dict[str, float] = {}
    prices = offer.provider.prices
    over = -1
    for number, price in enumerate(prices, 1):
        # A request's own length decides which price holds for it; what is too long for any would pay the last.
        limit = price.up_to if price.up_to and number < len(prices) else LONGEST_PROMPT
        for row in read_tokens(connection, report.since, over, limit):
            dollars[row.lane] = dollars.get(row.lane, 0.0) + charge(row, price)
        over = limit
    energy = None if per_kwh is None else report.joules / JOULES_PER_KWH * per_kwh
    return Bill(offer, dollars, per_kwh, energy)


def bill_json(bill: Bill) -> dict[str, object]:
    """The bill for programs; prices in dollars per million tokens."""
    return {
        "model": bill.offer.model.name,
        "provider": bill.offer.provider.name,
        "prices": [price.model_dump() for price in bill.offer.provider.prices],
        "source": bill.offer.provider.source,
        "dollars": bill.total,
        "dollars_by_lane": bill.dollars,
        "per_kwh": bill.per_kwh,
        "energy": bill.energy,
    }


def charge(tokens: Tokens, price: Price) -> float:
    """Dollars for these tokens. Prompts of which the engine did not say what was cached count as cached as the rest."""
    cached = tokens.prompt * (tokens.cached_share or 0.0)
    cached_price = price.input if price.cached is None else price.cached
    dollars = (tokens.prompt - cached) * price.input + cached * cached_price + tokens.completion * price.output
    return dollars / MILLION
