"""The vsix holds what a user needs and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from understudy import __version__

pytestmark = pytest.mark.timeout(300)  # it is packaged first

LARGEST = 16_000_000


def test_the_vsix_holds_the_extension_the_server_and_its_words(vsix: Path) -> None:
    with ZipFile(vsix) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("extension/package.json"))
        notices = archive.read("extension/extension/dist/LICENSES.txt").decode()
    assert names == {
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/changelog.md",
        "extension/package.json",
        "extension/readme.md",
        "extension/extension/dist/LICENSES.txt",
        "extension/extension/dist/main.js",
        f"extension/extension/dist/understudy-{__version__}-py3-none-any.whl",
        "extension/extension/media/icon.png",
        *(f"extension/extension/walkthrough/{step}.md" for step in ("engine", "install", "model", "privacy", "type")),
    }
    assert manifest["version"] == __version__
    assert f"vscode-languageclient {manifest['devDependencies']['vscode-languageclient'].lstrip('^')}" in notices
    assert vsix.stat().st_size < LARGEST
