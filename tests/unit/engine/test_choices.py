"""The models that a user can choose from on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.engine.base import Choice
from understudy.engine.catalogue import load_catalogue
from understudy.engine.checkpoint import BUNDLED_NAME, find_checkpoint
from understudy.engine.choices import SIZES, cached_models, hub_cache, known_choices, local_choices, smallest_gpu
from understudy.engine.plan.candidates import WORK
from understudy.engine.plan.hardware import described
from understudy.engine.plan.placing import has_what_its_recipe_asks, work_engine


@pytest.fixture(name="hub", autouse=True)
def fixture_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no rows of the user's own."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("UNDERSTUDY_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "hub"


def test_what_was_downloaded(hub: Path) -> None:
    for name in ("models--acme--Coder-1B", "models--Qwen--Qwen2.5-Coder-7B", "datasets--acme--x", "models--gpt2"):
        (hub / name / "snapshots").mkdir(parents=True)
    (hub / "models--acme--broken-off").mkdir()
    assert cached_models(hub) == ("Qwen/Qwen2.5-Coder-7B", "acme/Coder-1B")
    choices = {choice.model: choice for choice in local_choices()}
    assert [name for name, choice in choices.items() if choice.here] == [
        BUNDLED_NAME,
        "Qwen/Qwen2.5-Coder-7B",
        "acme/Coder-1B",
    ]
    assert list(choices) == [*(row.model for row in known_choices()), "acme/Coder-1B"]
    assert choices["Qwen/Qwen2.5-Coder-7B"].detail == "15 GB, for a GPU with 24 GB, on this machine"
    assert not choices["Qwen/Qwen2.5-Coder-1.5B"].detail.endswith("on this machine")


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
    assert find_checkpoint(local_choices()[0].model) == find_checkpoint(None)
    assert find_checkpoint(None).name == BUNDLED_NAME


def test_the_choices_are_the_catalogues_models_for_typing() -> None:
    choices = {choice.model: choice.detail for choice in known_choices()}
    assert choices["Qwen/Qwen2.5-Coder-0.5B"] == "988 MB, for a GPU with 8 GB"
    assert choices["Qwen/Qwen2.5-Coder-3B"] == "6 GB, for a GPU with 12 GB, not for commercial use"
    assert choices["bigcode/starcoder2-3b"].startswith("12 GB, "), "what is downloaded, not what is kept"
    assert choices["Qwen/Qwen3-Coder-Next"] == "159 GB, for several GPUs"
    absent = {
        "google/gemma-4-31B-it": "knows no middle",
        "Qwen/Qwen3.6-35B-A3B": "its maker does not say so",
        "zed-industries/zeta-2": "suggests next edits",
    }
    assert not choices.keys() & absent.keys()


def test_a_row_of_the_users_own_is_offered(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "models.toml").write_text(
        """
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
        fim = { format = "qwen", evidence = "vendor", source = "its makers, us" }
        checkpoints = [{ model = "acme/coder", precision = "bf16", weights = 4.0, active = 4.0, source = "ls" }]
        """,
        encoding="utf-8",
    )
    assert Choice("acme/coder", "4 GB, for a GPU with 8 GB", here=False) in local_choices()


@pytest.mark.parametrize(
    ("hub_name", "size"),
    [
        ("Qwen/Qwen2.5-Coder-7B", 24),
        ("Qwen/Qwen2.5-Coder-32B", 80),
        ("Qwen/Qwen3.6-35B-A3B-FP8", 48),
        # What vLLM's recipe says: one H200 or two H100, an 80 GB card for Gemma.
        ("Qwen/Qwen3.6-35B-A3B", 96),
        ("google/gemma-4-31B-it", 80),
        ("Qwen/Qwen3-Coder-Next", None),
    ],
)
def test_the_smallest_gpu_for_a_checkpoint(hub_name: str, size: int | None) -> None:
    found = load_catalogue().checkpoint(hub_name)
    assert found is not None
    assert smallest_gpu(*found) == size


@pytest.mark.parametrize("name", WORK)
def test_a_plan_takes_no_smaller_gpu_than_is_said(name: str) -> None:
    """Also where they are near to each other, as a model of 4 bits and a GPU that has a little less than is sold."""
    model = next(row for row in load_catalogue().models if row.name == name)
    for checkpoint in model.checkpoints:
        of, said = (model, checkpoint), smallest_gpu(model, checkpoint)
        # The RTX 4090's memory is the desktop's too; what it can compute does not matter here.
        machines = {size: described("RTX 4090", 1, size, 64) for size in SIZES}
        taken = [
            size
            for size, machine in machines.items()
            if has_what_its_recipe_asks(machine, checkpoint, (0,)) and work_engine(machine, ("work",), of, (0,))
        ]
        assert said == min(taken, default=None), checkpoint.model
