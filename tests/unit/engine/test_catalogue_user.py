"""The user's own rows: `models.toml` beside `config.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.engine.catalogue import load_catalogue
from understudy.engine.catalogue.load import built_in, user_file

GOOD = """
[[model]]
name = "Acme-Coder"
servedBy = "vllm"
lanes = ["typing"]
licence = "MIT"
commercial = true
parameters = 2.0
activeParameters = 2.0
context = 4096
cachePerToken = 5120
infill = "fim"
fim = { format = "qwen", evidence = "experimental", source = "we tried" }
checkpoints = [{ model = "acme/coder", precision = "bf16", weights = 4.0, active = 4.0, source = "ls" }]
"""
ANOTHER = GOOD.replace("Acme-Coder", "qwen2.5-coder-7b").replace("acme/coder", "acme/qwen-copy")


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of settings. Catalogues are kept by the place of their file, so each test has its own."""
    monkeypatch.setenv("UNDERSTUDY_CONFIG_HOME", str(tmp_path))
    return tmp_path


def write(home: Path, text: str) -> Path:
    assert user_file() == home / "models.toml"
    user_file().write_text(text, encoding="utf-8")
    return user_file()


def test_without_a_file_there_are_the_built_in_rows(home: Path) -> None:
    assert load_catalogue().models == built_in()
    assert load_catalogue().problems == ()
    assert load_catalogue() is load_catalogue()


def test_a_row_is_added(home: Path) -> None:
    write(home, GOOD)
    found = load_catalogue().checkpoint("acme/coder")
    assert found is not None
    assert found[0].name == "Acme-Coder"
    assert found[0].tested == "not run here"
    assert len(load_catalogue().models) == len(built_in()) + 1
    assert load_catalogue().problems == ()


def test_a_row_of_a_known_name_replaces_it(home: Path) -> None:
    write(home, ANOTHER)
    found = load_catalogue().find("Qwen2.5-Coder-7B")
    assert found is not None
    assert [each.model for each in found.checkpoints] == ["acme/qwen-copy"]
    assert len(load_catalogue().models) == len(built_in())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("weights = 4.0", "weights = 400", "weights of acme/coder should lie between 3.64 and 4.4 GB"),
        ("context = 4096", "context = 'long'", "context: Input should be a valid integer"),
        ('format = "qwen"', 'format = "qwerty"', "fim.format should be one of qwen, "),
        ("parameters = 2.0\n", "parametres = 2.0\n", "parametres: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_row_costs_that_row_alone(home: Path, old: str, new: str, sentence: str) -> None:
    file = write(home, GOOD.replace(old, new, 1) + ANOTHER)
    (problem,) = load_catalogue().problems
    assert problem.startswith(f"Acme-Coder in {file} is passed over: ")
    assert sentence in problem
    assert problem.count("\n") == 0
    assert load_catalogue().checkpoint("acme/coder") is None
    assert load_catalogue().checkpoint("acme/qwen-copy") is not None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[model]\n", "cannot be read"),
        ("[[model]]\n", "Model 1 in"),
        ("model = ['x']\n", "Model 1 in"),
        ("[model]\nname = 'x'\n", "`model` in"),
        ("[[models]]\nname = 'x'\n", "`models` in"),
    ],
)
def test_a_wrong_file_costs_no_built_in_row(home: Path, text: str, sentence: str) -> None:
    write(home, text)
    assert load_catalogue().models == built_in()
    assert any(sentence in problem for problem in load_catalogue().problems)


def test_a_folder_in_its_place(home: Path) -> None:
    user_file().mkdir()
    assert "cannot be read" in load_catalogue().problems[0]


def test_bytes_that_are_no_text(home: Path) -> None:
    user_file().write_bytes(b"\xff\xfe")
    assert "cannot be read" in load_catalogue().problems[0]


def test_no_row_is_read_from_the_folder_that_an_editor_is_in(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "workspace"
    (workspace / ".understudy").mkdir(parents=True)
    for name in ("models.toml", ".understudy/models.toml", ".understudy.toml"):
        (workspace / name).write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(workspace)
    assert load_catalogue().models == built_in()
