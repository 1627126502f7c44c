"""What the tests in Neovim share: one that is running, with the plugin, and a server that offers what a line says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from neovim import Neovim, Open, neovim
from programs import program


@pytest.fixture(name="open_neovim")
def fixture_open_neovim(user: Any) -> Open:
    """Starts a Neovim of a user who has configured nothing; arguments are those of `neovim`."""
    return partial(neovim, program("nvim"), user.project, user.environment)


@pytest.fixture(name="nvim")
def fixture_nvim(open_neovim: Open) -> Iterator[Neovim]:
    """A Neovim in insert mode, in an empty Python file that the server knows."""
    with open_neovim() as nvim:
        nvim.edit("new.py")
        nvim.type("i")
        yield nvim
