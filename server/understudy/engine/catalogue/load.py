"""Reads the catalogue: the rows that come with Understudy, then the user's own, which replace those of the same name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from understudy.core import paths
from understudy.engine.catalogue.lookup import Catalogue
from understudy.engine.catalogue.schema import Model

BUILT_IN = Path(__file__).parent
USER_FILE = "models.toml"  # beside the user's config.toml, never in a workspace
KEY = "model"


def load_catalogue() -> Catalogue:
    """The built-in rows and the user's, read once for each place of the user's file. Never raises."""
    return _load(paths.config_file().with_name(USER_FILE))


@cache
def _load(file: Path) -> Catalogue:
    rows = {row.name: row for row in built_in()}
    problems = []
    for model in read_user_rows(file):
        if isinstance(model, str):
            problems.append(model)
        else:
            rows[model.name] = model
    return Catalogue(tuple(rows.values()), tuple(problems))


def built_in() -> Iterator[Model]:
    """The rows that come with Understudy; a wrong one raises, since a test has read them all."""
    for file in sorted(BUILT_IN.glob("*.toml")):
        if file.name != "gpus.toml":
            for row in tomllib.loads(file.read_text(encoding="utf-8"))[KEY]:
                yield Model.model_validate(row)


def read_user_rows(file: Path) -> Iterator[Model | str]:
    """Each row of the user's file as a model, or as one sentence on what is wrong with it."""
    try:
        rows: Any = tomllib.loads(file.read_text(encoding="utf-8-sig")).get(KEY, [])
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        yield f"{file} cannot be read ({error}); it is passed over."
        return
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        try:
            yield Model.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            yield f"Model {number} in {file} is passed over: {where}: {first['msg']}."
