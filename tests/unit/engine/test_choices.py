"""The models that a user can choose from on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.engine.checkpoint import BUNDLED_NAME, find_checkpoint
from understudy.engine.choices import KNOWN, cached_models, hub_cache, local_choices


def test_what_was_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("models--acme--Coder-1B", "models--Qwen--Qwen2.5-Coder-7B", "datasets--acme--x", "models--gpt2"):
        (tmp_path / name / "snapshots").mkdir(parents=True)
    (tmp_path / "models--acme--broken-off").mkdir()
    assert cached_models(tmp_path) == ("Qwen/Qwen2.5-Coder-7B", "acme/Coder-1B")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert [choice.model for choice in local_choices() if not choice.here] == ["Qwen/Qwen2.5-Coder-1.5B"]
    choices = {choice.model: choice.detail for choice in local_choices()}
    assert list(choices) == [*(row.model for row in KNOWN), "acme/Coder-1B"]
    assert choices["Qwen/Qwen2.5-Coder-7B"].endswith("on this machine")
    assert not choices["Qwen/Qwen2.5-Coder-1.5B"].endswith("on this machine")


def test_no_cache(tmp_path: Path) -> None:
    assert cached_models(tmp_path / "nothing") == ()


def test_where_the_hub_keeps_things(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "")  # which must not mean the folder that the editor is in
    assert hub_cache() == Path.home() / ".cache" / "huggingface" / "hub"
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert hub_cache() == Path("/cache/huggingface/hub")
    monkeypatch.setenv("HF_HOME", "~/models")
    assert hub_cache() == Path.home() / "models" / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", "/hub")
    assert hub_cache() == Path("/hub")


def test_the_first_choice_is_the_bundled_model() -> None:
    assert find_checkpoint(KNOWN[0].model) == find_checkpoint(None)
    assert find_checkpoint(None).name == BUNDLED_NAME
