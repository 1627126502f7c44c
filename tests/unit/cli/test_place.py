"""Which folder is taken for the workspace of a file that is named on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.cli.place import workspace_of


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file some folders below `project` in the user's home."""
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    file = tmp_path / "project" / "src" / "shop" / "app.py"
    file.parent.mkdir(parents=True)
    file.write_text("")
    return file


def test_rules_go_before_a_repository_and_that_before_a_manifest(file: Path) -> None:
    shop, src, project = file.parent, file.parents[1], file.parents[2]
    assert workspace_of(file) == workspace_of(shop) == shop
    (project / "pyproject.toml").touch()
    assert workspace_of(file) == workspace_of(src) == project
    (src / ".git").mkdir()
    assert workspace_of(file) == src
    (project / ".understudyignore").touch()
    assert workspace_of(file) == project


def test_of_two_projects_the_inner_one_is_it(file: Path) -> None:
    (file.parents[2] / "package.json").touch()
    (file.parents[1] / "setup.py").touch()
    assert workspace_of(file) == file.parents[1]


def test_a_manifest_at_home_makes_no_project_of_everything(file: Path) -> None:
    (file.parents[3] / "package.json").touch()
    assert workspace_of(file) == file.parent
