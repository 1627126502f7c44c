"""Shelves."""

import os
from pathlib import Path


class Shelf:
    """Holds books."""

    def put(self, book: str) -> None:
        for part in book.split():
            self.books = [part, "it's here"]  # PUT


def main() -> None:
    shelf = Shelf()
    shelf.put(f"a {os.name} b {Path.home}")
