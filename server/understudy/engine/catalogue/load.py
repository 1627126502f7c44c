"""Reads the catalogue: the rows that come with Understudy, and the user's own, which replace those of the same name.

The user's are in `models.toml` beside `config.toml`, in the same form as those in `rows/`. That file is the user's
alone: none is ever read from a workspace, since a row holds arguments for a program that is started.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from understudy.core import paths
from understudy.engine.catalogue.lookup import Catalogue
from understudy.engine.catalogue.schema import Model
from understudy.engine.fim_formats import NAMES

BUILT_IN = Path(__file__).with_name("rows")
FILES = ("bundled", "qwen", "qwen2.5-coder", "gemma", "completion", "next-edit")
USER_FILE = "models.toml"
KEY = "model"


def load_catalogue() -> Catalogue:
    """The built-in rows and the user's, each place of the user's file read once. Never raises."""
    return _load(user_file())


def user_file() -> Path:
    """Where the user's own rows are."""
    return paths.config_file().with_name(USER_FILE)


@cache
def _load(file: Path) -> Catalogue:
    rows = {row.name.lower(): row for row in built_in()}
    own = tuple(read_rows(file))
    rows |= {row.name.lower(): row for row in own if isinstance(row, Model)}
    return Catalogue(tuple(rows.values()), tuple(problem for problem in own if isinstance(problem, str)))


@cache
def built_in() -> tuple[Model, ...]:
    """The rows that come with Understudy. A wrong one raises: the tests read them all."""
    files = (BUILT_IN / f"{name}.toml" for name in FILES)
    return tuple(
        Model.model_validate(row) for file in files for row in tomllib.loads(file.read_text(encoding="utf-8"))[KEY]
    )


def read_rows(file: Path) -> Iterator[Model | str]:
    """Each row of the user's `file` as a model, or a sentence on what is wrong with it; nothing where there is none."""
    try:
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        yield f"{file} cannot be read ({error}); its models are passed over."
        return
    rows = content.pop(KEY, [])
    for key in content:
        yield f"`{key}` in {file} is passed over: models are written as [[{KEY}]]."
    if not isinstance(rows, list):
        yield f"`{KEY}` in {file} is passed over: models are written as [[{KEY}]]."
        return
    for number, row in enumerate(rows, 1):
        yield _read_row(row, number, file)


def _read_row(row: object, number: int, file: Path) -> Model | str:
    name = row.get("name") if isinstance(row, Mapping) else None
    what = f"{name if isinstance(name, str) else f'Model {number}'} in {file} is passed over"
    try:
        model = Model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{what}: {place + ': ' if place else ''}{first['msg'].removeprefix('Value error, ')}."
    if model.fim and model.fim.format not in NAMES:
        return f"{what}: fim.format should be one of {', '.join(NAMES)}."
    return model
