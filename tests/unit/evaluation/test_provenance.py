"""What was measured can be read later."""

from __future__ import annotations

from pathlib import Path

from repositories import git, repository

from understudy.core.settings import EngineSettings
from understudy.engine.base import ModelInfo
from understudy.evaluation.provenance import commit, engine_identity, flags, named

INFO = ModelInfo("main", 4096, "maker/model")


def test_a_commit_and_what_differs_from_it(tmp_path: Path) -> None:
    root = repository(tmp_path / "checkout", {"package/a.py": "x = 1\n"})
    head = git(root, "rev-parse", "HEAD").strip()
    assert commit(root / "package") == head
    (root / "beside.txt").write_text("not part of the package")
    assert commit(root / "package") == head
    (root / "package" / "a.py").write_text("x = 2\n")
    assert commit(root / "package") == f"{head}+changes"
    assert commit(tmp_path) is None, "an installed package belongs to none"


def test_flags_without_what_differs_from_start_to_start() -> None:
    words = ["/bin/python", "-m", "vllm", "--model", "/m", "--port", "1234", "--enforce-eager", "--max-num-seqs", "8"]
    assert flags(words) == ["--enforce-eager", "--max-num-seqs", "8"]
    assert flags(["vllm"]) == []


def test_an_engine_of_somebody_elses() -> None:
    settings = EngineSettings(url="http://user:secret@host:8000/v1")
    identity = engine_identity(settings, INFO, None)
    assert "secret" not in str(identity)
    assert named(identity) == "main (http://host:8000/v1)"
    assert (identity["root"], identity["context"]) == ("maker/model", 4096)


def test_a_scripted_engine(tmp_path: Path) -> None:
    assert named(engine_identity(EngineSettings(), INFO, tmp_path / "script")) == "main (scripted)"
