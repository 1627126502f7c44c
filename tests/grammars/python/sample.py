"""Shelves."""

import os.path
import sys as system
from pathlib import Path, PurePath as Pure
from typing import *

from . import rooms
from ..shelves.books import (
    Book,
    Author as Writer,
)

MAX_BOOKS: int = 40
"""How many fit."""
SMALL, LARGE = 1, 2

type Shelves = list[Shelf]

if system.platform == "linux":
    SPARE = Book()


@rooms.placed
@final
class Shelf(rooms.Furniture, Holder[Book], metaclass=Meta):
    """Holds books."""

    books: dict[str, Book] = {}
    limit = MAX_BOOKS
    """By title."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.left, right = 0, name

    @property
    def count(self) -> int: return len(self.books)

    async def put(
        self,
        book: Book,
        *copies: int,
        hard: bool = False,
        **others: object,
    ) -> "Optional[Writer]":
        """Keeps a book.

        In its place.
        """
        total = SMALL
        for index, copy in enumerate(copies):
            total += copy * index
        for part in book.split():
            self.parts = [part, "it's here"]  # PUT
        keys = [key for key in others if (found := key)]
        with open(self.name) as file, lock:
            file.write(total, end=found)
        try:
            await self.save(lambda each: each.name)
        except rooms.Missing as failure:
            raise LookupError(keys) from failure

        def helper(value):
            return value or total

        return helper(Writer.unknown)

    class Board:
        width = 1


def main() -> None:
    import json

    shelf = Shelf(f"a {os.path.sep} b {Path.home()}")
    shelf.put(json.loads("a"))
