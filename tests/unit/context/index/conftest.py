"""A folder to be kept, and what writes in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keeping import Keeping


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture
def keep(root: Path, tmp_path: Path) -> Iterator[Callable[..., Keeping]]:
    kept: list[Keeping] = []

    def make(file: str = "a.sqlite", **about: object) -> Keeping:
        kept.append(Keeping(root, tmp_path / file, **about))  # type: ignore[arg-type]
        return kept[-1]

    yield make
    for it in kept:
        it.close()


@pytest.fixture
def write(root: Path) -> Callable[[str, str], Path]:
    def put(name: str, text: str) -> Path:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put
