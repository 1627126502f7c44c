"""The settings that users paste: each can be read and starts the server, and the table is true about what was tried."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from programs import ROOT

EDITORS = ROOT / "extension" / "editors"
TABLE = (EDITORS / "README.md").read_text(encoding="utf-8")
START = ["understudy", "lsp"]


def with_comments(text: str) -> Any:
    """JSON in which lines may be comments, as Zed and Sublime Text read it."""
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", text))


HOW_IT_STARTS: dict[str, Callable[[str], list[str]]] = {
    "helix/languages.toml": lambda text: (
        [(server := tomllib.loads(text)["language-server"]["understudy"])["command"], *server["args"]]
    ),
    "jetbrains/template.json": lambda text: json.loads(text)["programArgs"]["default"].split(),
    "kate/settings.json": lambda text: json.loads(text)["servers"]["python"]["command"],
    "sublime/LSP.sublime-settings": lambda text: with_comments(text)["clients"]["understudy"]["command"],
}


@pytest.mark.parametrize("name", HOW_IT_STARTS)
def test_it_starts_the_server(name: str) -> None:
    assert HOW_IT_STARTS[name]((EDITORS / name).read_text(encoding="utf-8")) == START


def test_zed_asks_the_route_that_vllm_serves() -> None:
    settings = with_comments((EDITORS / "zed" / "settings.json").read_text(encoding="utf-8"))
    provider = settings["edit_predictions"]["provider"]
    assert settings["edit_predictions"][provider]["api_url"].endswith("/v1/completions")


@pytest.mark.parametrize("folder", sorted(path.name for path in EDITORS.iterdir() if path.is_dir()))
def test_the_table_says_whether_it_was_tried(folder: str) -> None:
    (row,) = [line for line in TABLE.splitlines() if line.startswith("|") and f"]({folder}/" in line]
    tried = any((ROOT / "tests" / "editors" / folder).glob("test_*.py"))
    assert ("not tried here" in row) is not tried


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)]+)\)", TABLE))))
def test_what_the_page_points_to_is_there(link: str) -> None:
    assert (EDITORS / link).exists()
