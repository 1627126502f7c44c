"""The VS Code extension is thin, asks nobody but the server, and says what the server and the manifest say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from understudy.core.manifest import OF_THE_EXTENSION, SECTION, leaves
from understudy.lsp import ext
from understudy.lsp.handlers.command import COMMANDS

MOST_LINES = 1600
MOST_LINES_OF_MAIN = 80
PREFIX = "understudy.vscode."
# Modules with which nothing can be sent anywhere.
IMPORTS = re.compile(r"vscode|vscode-languageclient/node|\./\w+|node:(child_process|crypto|fs|fs/promises|os|path)")
HARMLESS = {"node:readline", "node:stream", "node:timers/promises"}


@pytest.fixture(name="sources", scope="module")
def fixture_sources() -> dict[str, str]:
    folder = Path(__file__).resolve().parents[2] / "extension" / "src"
    return {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.ts")}


@pytest.fixture(name="manifest")
def fixture_manifest(root: Path) -> dict[str, Any]:
    return dict(json.loads((root / "package.json").read_text(encoding="utf-8")))


def test_it_is_thin(sources: dict[str, str]) -> None:
    lines = {name: text.count("\n") for name, text in sources.items()}
    assert 500 < sum(lines.values()) <= MOST_LINES
    assert lines["main.ts"] <= MOST_LINES_OF_MAIN


def test_every_file_says_what_it_is_for(sources: dict[str, str]) -> None:
    assert [name for name, text in sources.items() if not text.startswith("/** ")] == []


def test_it_opens_no_connection(sources: dict[str, str]) -> None:
    imported = {
        name for text in sources.values() for name in re.findall(r'(?:from|import\(|require\() ?"([^"]+)"', text)
    }
    assert "vscode-languageclient/node" in imported
    assert {name for name in imported - HARMLESS if not IMPORTS.fullmatch(name)} == set()
    assert not any(re.search(r"\bfetch\(|WebSocket|XMLHttpRequest", text) for text in sources.values())


def test_it_speaks_as_the_server_does(sources: dict[str, str]) -> None:
    said = set(re.findall(r'"(understudy[./]\w+)"', sources["protocol.ts"]))
    known = {value for name, value in vars(ext).items() if name.isupper() and isinstance(value, str)}
    assert ext.STATUS in said
    assert said <= known
    fields = set(re.findall(r"readonly (\w+):", sources["protocol.ts"].partition("export interface Choice")[0]))
    assert fields == set(ext.status_json(ext.Status("ready"), ext.Figures()))


def test_its_commands_are_those_of_the_manifest(sources: dict[str, str], manifest: dict[str, Any]) -> None:
    declared = {row["command"] for row in manifest["contributes"]["commands"]}
    table = {PREFIX + name for name in re.findall(r'\bid: "(\w+)"', sources["commands.ts"])}
    assert declared == table | {f"{PREFIX}menu"}
    # The client library registers the server's ids, and no id can be registered twice.
    assert declared.isdisjoint(COMMANDS)
    assert {row["command"] for row in manifest["contributes"]["keybindings"]} <= declared


def test_the_walkthrough_leads_somewhere(root: Path, manifest: dict[str, Any]) -> None:
    declared = {row["command"] for row in manifest["contributes"]["commands"]}
    (walkthrough,) = manifest["contributes"]["walkthroughs"]
    for step in walkthrough["steps"]:
        assert (root / step["media"]["markdown"]).is_file()
        ours = re.findall(rf"command:({re.escape(PREFIX)}\w+)", step["description"])
        assert set(ours) <= declared


def test_it_keeps_its_own_settings_to_itself(sources: dict[str, str]) -> None:
    (pattern,) = re.findall(r"const OWN = /(.*)/;", sources["settings.ts"])
    assert all(re.search(pattern, name) for name in OF_THE_EXTENSION)
    assert not any(re.search(pattern, name) for name in leaves())
    read = {name for text in sources.values() for name in re.findall(r'(?:text|list|write)\("([\w.]+)"', text)}
    assert read <= {*leaves(), *OF_THE_EXTENSION}


def test_a_workspace_has_no_say(manifest: dict[str, Any]) -> None:
    assert manifest["capabilities"]["untrustedWorkspaces"]["supported"] == "limited"
    assert manifest["extensionKind"] == ["workspace"]
    assert manifest["name"] == SECTION


def test_the_lock_file_names_no_host(root: Path) -> None:
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 100
    assert not any("resolved" in package for package in packages.values())
