"""Finds the row for a name: of the model, of a checkpoint, of an API's model, or of what a server calls it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from understudy.engine.catalogue.schema import Checkpoint, Model


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rows, in the order of the files, and what was wrong with the user's own, a sentence each."""

    models: tuple[Model, ...]
    problems: tuple[str, ...] = ()

    def find(self, name: str, root: str = "") -> Model | None:
        """The row for what a server calls `name`, whose checkpoint is `root`: an exact name before a pattern."""
        for wanted in (name.lower(), root.lower()):
            if not wanted:
                continue
            for row in self.models:
                if wanted in exact_names(row):
                    return row
            for row in self.models:
                if any(re.search(pattern, wanted) for pattern in row.matches):
                    return row
        return None

    def checkpoint(self, hub_name: str) -> tuple[Model, Checkpoint] | None:
        """The checkpoint of this hub name (`owner/name`, in any case), and its model."""
        for row in self.models:
            for checkpoint in row.checkpoints:
                if checkpoint.model.lower() == hub_name.lower():
                    return row, checkpoint
        return None


def exact_names(row: Model) -> set[str]:
    """The names of a row, in lower case: its own, its checkpoints' and its providers'."""
    listed = (*(one.model for one in row.checkpoints), *(one.model for one in row.providers))
    return {row.name.lower(), *(name.lower() for name in listed)}
