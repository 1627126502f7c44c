"""Items on a shelf, and what they are worth."""

from dataclasses import dataclass


@dataclass
class Item:
    """One kind of thing on the shelf."""

    name: str
    price: float
    quantity: int = 0

    def total(self) -> float:
        """What all of them are worth."""
        return self.price * self.quantity


class Inventory:
    """Items by name."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}

    def add(self, item: Item) -> None:
        """Put an item on the shelf."""
        self.items[item.name] = item
