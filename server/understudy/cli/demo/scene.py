"""What the demonstration types, and into what; and what it breaks, so that it can be fixed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FILE = "inventory.py"
# Typed at the end of the sample file. Where the ghost text says the same, it is accepted instead of typed.
SCRIPT = '''
    def remove(self, name):
        """Take an item off the shelf."""
        if name in self.items:
            del self.items[name]

    def get(self, name, default=None):
        return self.items.get(name, default)

    def total(self):
        return sum(item.total() for item in self.items.values())

    def __len__(self):
        return len(self.items)


if __name__ == "__main__":
    inventory = Inventory()
'''

ORDERS = "orders.py"
# A correct line of that sample, and what stands there in the demonstration.
FAULTS = (
    ("a misspelt name", "    return result\n", "    return reslt\n"),
    ("a missing import", "import json\n", ""),
    ("a missing colon", "    for order in orders:\n", "    for order in orders\n"),
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A file with one fault: `what` it is, in words."""

    what: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A file as it stands, and the text that is typed at its end."""

    name: str
    text: str
    script: str


def scene() -> Scene:
    """The one scene of the demonstration, on a sample that ships with the package."""
    sample = Path(__file__).parent / "sample" / FILE
    return Scene(FILE, sample.read_text(encoding="utf-8").rstrip("\n") + "\n", SCRIPT)


def broken() -> tuple[Broken, ...]:
    """The other sample, each time with one of the faults."""
    text = (Path(__file__).parent / "sample" / ORDERS).read_text(encoding="utf-8")
    return tuple(Broken(what, ORDERS, text.replace(right, wrong, 1)) for what, right, wrong in FAULTS)


def keystrokes(script: str) -> list[str]:
    """One entry for each key. An editor indents a new line by itself: the indentation comes with the line end."""
    keys: list[str] = []
    position = 0
    while position < len(script):
        end = position + 1
        if script[position] == "\n":
            while end < len(script) and script[end] == " ":
                end += 1
        keys.append(script[position:end])
        position = end
    return keys
