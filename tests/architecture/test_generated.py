"""What is generated is up to date. `pytest tests/architecture --update` writes it anew."""

from __future__ import annotations

import json
import re
from pathlib import Path

from understudy import __version__
from understudy.core.manifest import OF_THE_EXTENSION, configuration, leaves
from understudy.engine.model_table import with_table


def test_the_manifest_has_the_settings_of_the_server(root: Path, update: bool) -> None:
    file = root / "package.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    if update:
        manifest["version"] = __version__
        manifest["contributes"]["configuration"] = configuration()
        file.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert manifest["contributes"]["configuration"] == configuration(), "stale: run with --update"
    assert manifest["version"] == __version__


def test_the_readme_has_the_models_of_the_catalogue(root: Path, update: bool) -> None:
    file = root / "README.md"
    text = file.read_text(encoding="utf-8")
    if update:
        text = with_table(text)
        file.write_text(text, encoding="utf-8")
    assert text == with_table(text), "stale: run with --update"


def test_there_are_few_settings() -> None:
    assert len(list(leaves())) <= 36


def test_every_setting_is_explained_in_one_line() -> None:
    properties = configuration()["properties"]
    assert len(properties) == len(list(leaves())) + len(OF_THE_EXTENSION)
    for name, rules in properties.items():
        words = rules["markdownDescription"]
        assert words, f"{name} has no description"
        assert "\n" not in words
        assert words.endswith("."), name
        sentences = re.split(r"(?<=\.)\s+", words)
        assert len(sentences) == len(set(sentences)), f"{name} says a thing twice"


def test_no_setting_is_a_workspaces_to_decide() -> None:
    assert {rules["scope"] for rules in configuration()["properties"].values()} == {"machine"}
