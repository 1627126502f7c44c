"""Imports that an edit adds: there, not there, or not to be found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from understudy.checking.base import Overlay
from understudy.checking.intent.modules import Doubt, doubt
from understudy.checking.intent.revision import Revision
from understudy.checking.syntax import Unparsed, parse_pair
from understudy.checking.texts import Texts
from understudy.checking.verdict import Candidate
from understudy.core.text import Document


def doubted(
    folder: Path,
    line: str,
    language: str = "python",
    name: str = "pkg/here.py",
    old: str = "x = 1\n",
    unsaved: Mapping[str, str] = MappingProxyType({}),
) -> Doubt:
    document = Document((folder / name).as_uri(), 1, language, old)
    new = f"{line}\n{old}"
    parsed = parse_pair(language, old, new)
    assert not isinstance(parsed, Unparsed)
    others = {(folder / path).as_uri(): text for path, text in unsaved.items()}
    edit = Candidate(Overlay(document, others), Overlay(document.with_text(new), others))
    return doubt(Revision(edit, Texts(old, new), *parsed))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/here.py").write_text("x = 1\n")
    (tmp_path / "pkg/beside.py").write_text("import attrs\n\ndef load():\n    return 1\n")
    (tmp_path / "top.py").write_text("from elsewhere import *\n")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["some-thing>=1"]\n')
    (tmp_path / "node_modules/left").mkdir(parents=True)
    (tmp_path / "pkg/here.ts").write_text("")
    (tmp_path / "pkg/other.ts").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        "import json",
        "import os.path",
        "from os.path import join",
        "from xml.etree import ElementTree",
        "from pathlib import Path as P",
        "import msvcrt",
        "from .beside import load",
        "from . import beside",
        "from pkg.beside import load",
        "from top import anything",
        "import attrs",
        "import some_thing",
    ],
)
def test_what_is_there(folder: Path, line: str) -> None:
    assert doubted(folder, line) == Doubt()


@pytest.mark.parametrize(
    "line",
    [
        "from os import shutil",
        "import os.pth",
        "from json import load, laod",
        "from .beside import laod",
        "from .besides import load",
        "from . import besides",
        "from pkg.beside import laod",
    ],
)
def test_what_is_not_there(folder: Path, line: str) -> None:
    assert doubted(folder, line).wrong == f"line 1: {line}"


def test_what_is_open_counts_as_it_is_there_and_not_as_it_is_on_disk(folder: Path) -> None:
    renamed = {"pkg/beside.py": "def load_all():\n    return 1\n"}
    assert doubted(folder, "from .beside import load_all", unsaved=renamed) == Doubt()
    assert doubted(folder, "from .beside import load", unsaved=renamed).wrong
    new = {"pkg/fresh/parts.py": "def one():\n    return 1\n"}
    assert doubted(folder, "from .fresh import parts", unsaved=new) == Doubt()
    assert doubted(folder, "from pkg.fresh.parts import one", unsaved=new) == Doubt()
    assert doubted(folder, "from .fresh.parts import two", unsaved=new).wrong


def test_what_is_not_found_may_be_installed_elsewhere(folder: Path) -> None:
    assert doubted(folder, "import sheelf") == Doubt(unsure="no module sheelf was found")
    assert doubted(folder, "import sheelf.a", old="from sheelf import b\n") == Doubt()


def test_scripts(folder: Path) -> None:
    def script(line: str) -> Doubt:
        return doubted(folder, line, "typescript", "pkg/here.ts")

    assert script('import { a } from "./other";') == script('import { a } from "./other.js";') == Doubt()
    assert script('import { a } from "left";') == script('import { a } from "node:fs";') == Doubt()
    assert script('import { a } from "./others";').wrong
    assert script('import { a } from "right";').unsure == "no module right was found"
