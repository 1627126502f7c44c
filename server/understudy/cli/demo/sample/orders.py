"""Orders that are kept in a file."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Order:
    """So many of one thing."""

    name: str
    price: float
    count: int = 1

    def total(self) -> float:
        """What all of them cost."""
        return self.price * self.count


def read(path: Path) -> list[Order]:
    """The orders in a file."""
    return [Order(**entry) for entry in json.loads(path.read_text())]


def total(orders: list[Order]) -> float:
    """What all orders cost."""
    result = 0.0
    for order in orders:
        result += order.total()
    return result
