"""Finds the row for a name: of a model, of a checkpoint, of an API's model, or whatever a server calls it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from understudy.engine.catalogue.schema import Checkpoint, Model


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rows, and a sentence on each of the user's own that was passed over."""

    models: tuple[Model, ...]
    problems: tuple[str, ...] = ()

    def find(self, name: str, root: str = "") -> Model | None:
        """The row for what a server calls `name` and whose checkpoint is `root`, a hub name or a folder.

        What is written in a row goes before what only matches its patterns, and `name` before `root`.
        """
        said = [word.lower() for word in (name, root) if word]
        for word in said:
            for row in self.models:
                if word in names(row):
                    return row
        for word in said:
            for row in self.models:
                if any(re.search(pattern, word) for pattern in row.matches):
                    return row
        return None

    def checkpoint(self, hub_name: str) -> tuple[Model, Checkpoint] | None:
        """The checkpoint of this hub name (`owner/name`, in any case), and its model."""
        for row in self.models:
            for checkpoint in row.checkpoints:
                if checkpoint.model.lower() == hub_name.lower():
                    return row, checkpoint
        return None


def names(row: Model) -> frozenset[str]:
    """What a row is called, in lower case: its own name, its checkpoints' and its providers'."""
    listed = (*(one.model for one in row.checkpoints), *(one.model for one in row.providers))
    return frozenset({row.name.lower(), *(name.lower() for name in listed)})
