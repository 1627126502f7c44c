"""Every row of the catalogue is a test: it is found by its names alone, it is whole, its prompts can be read back.

That vLLM takes its arguments is in `tests/e2e/vllm/test_catalogue.py`.
"""

from __future__ import annotations

import json
import re

import pytest

from understudy.bundled import model_path
from understudy.engine.catalogue import Catalogue, serving
from understudy.engine.catalogue.load import BUILT_IN, FILES, built_in
from understudy.engine.catalogue.lookup import names
from understudy.engine.catalogue.schema import Attention, GpuArguments, Model
from understudy.engine.checkpoint import BUNDLED_NAME
from understudy.engine.environment import VLLM_VERSION, at_least
from understudy.engine.fim import FimPrompt
from understudy.engine.fim_formats import AUTOMATIC, FORMATS, choose
from understudy.engine.plan.gpus import sheets

CATALOGUE = Catalogue(built_in())
# A prompt for one file in each format, as its maker writes it. Stated here once more, and not taken from our table.
AS_THE_MAKERS_WRITE = {
    "qwen": "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
    "qwen-spm": "<|fim_prefix|><|fim_suffix|>{suffix}<|fim_middle|>{prefix}",
    "codegemma": "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
    "starcoder2": "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>",
    "granite": "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>",
    "seed-coder": "<[fim-suffix]>{suffix}<[fim-prefix]>{prefix}<[fim-middle]>",
    "codestral": "[SUFFIX]{suffix}[PREFIX]{prefix}",
    "deepseek": "<\uff5cfim\u2581begin\uff5c>{prefix}<\uff5cfim\u2581hole\uff5c>{suffix}<\uff5cfim\u2581end\uff5c>",
}
every_row = pytest.mark.parametrize("row", built_in(), ids=lambda row: row.name)
fim_rows = pytest.mark.parametrize("row", [row for row in built_in() if row.fim], ids=lambda row: row.name)


def test_every_file_is_read_and_no_name_is_used_twice() -> None:
    assert {file.stem for file in BUILT_IN.glob("*")} == set(FILES)
    found = [row.name.lower() for row in built_in()]
    assert len(found) == len(set(found))


@every_row
def test_each_of_its_names_finds_it_and_no_other_row_matches(row: Model) -> None:
    for name in names(row):
        assert CATALOGUE.find(name) is row
        assert CATALOGUE.find(name.upper()) is row
        assert CATALOGUE.find("main", name) is row, "as served under another name"
        others = [other.name for other in built_in() if other is not row and matches(other, name)]
        assert others == []
    for checkpoint in row.checkpoints:
        assert CATALOGUE.checkpoint(checkpoint.model.upper()) == (row, checkpoint)


def matches(row: Model, name: str) -> bool:
    return name in names(row) or any(re.search(pattern, name) for pattern in row.matches)


@every_row
def test_a_copy_in_a_folder_is_found(row: Model) -> None:
    for checkpoint in row.checkpoints:
        folder = checkpoint.model.rsplit("/", 1)[-1]
        if checkpoint.model != BUNDLED_NAME:
            assert CATALOGUE.find(f"/home/ann/models/{folder}") is row
            assert CATALOGUE.find(f"somebody/{folder}-GGUF") is row


@pytest.mark.parametrize(
    "name",
    [
        "Qwen/Qwen2.5-Coder-7B-Instruct",
        "Qwen/Qwen2.5-Coder-72B",
        "Qwen/Qwen2.5-7B",
        "Qwen/Qwen3.6-27B",
        "Qwen/Qwen3-Coder-480B-A35B-Instruct",
        "codestral-2508",
        "google/gemma-4-26B-A4B-it",
        "google/codegemma-7b-it",
        "zed-industries/zeta",
        "zed-industries/zeta-20",
        "gpt-4o",
        "",
    ],
)
def test_a_model_without_a_row_finds_none(name: str) -> None:
    assert CATALOGUE.find(name) is None
    assert CATALOGUE.checkpoint(name) is None


def test_what_is_written_goes_before_what_matches() -> None:
    row = CATALOGUE.find("my-qwen2.5-coder-7b", "Qwen/Qwen2.5-Coder-1.5B")
    assert row is not None
    assert row.name == "Qwen2.5-Coder-1.5B"


@every_row
def test_the_row_is_whole(row: Model) -> None:
    assert row.sources
    if "typing" in row.lanes:
        assert row.sampling["typing"].temperature == 0, "the same text gives the same answer"
        assert row.infill != "none"
    if "work" in row.lanes:
        assert "chat" in row.sampling
        assert row.tool_parser or row.served_by == "api", "an agent needs tools"
    assert ("thinking" in row.sampling) == ("thinking" in row.template) == ("plain" in row.template)
    assert all(sentence.endswith(".") for sentence in row.hazards)
    assert all(checkpoint.source for checkpoint in row.checkpoints)
    assert all(provider.source for provider in row.providers)
    assert (row.tested == "run here") == (row.name == BUNDLED_NAME)
    if row.served_by == "vllm":
        assert row.attention, "the cache is computed, not guessed"
    for checkpoint in row.checkpoints:
        assert at_least(VLLM_VERSION, checkpoint.minimum_vllm), "the vLLM that is installed serves it"


@fim_rows
def test_its_prompt_is_as_the_maker_writes_it_and_can_be_read_back(row: Model) -> None:
    assert row.fim
    written = next(form for form in FORMATS if form.name == row.fim.format)
    maker = AS_THE_MAKERS_WRITE[written.name]
    prefix, suffix = "def area(r):\n    return ", "\n\nprint(area(2))\n"
    rendered = written.render(FimPrompt(prefix, suffix))
    assert rendered == maker.format(prefix=prefix, suffix=suffix)
    pattern = re.escape(maker).replace(r"\{prefix\}", "(?P<prefix>.*)").replace(r"\{suffix\}", "(?P<suffix>.*)")
    read = re.fullmatch(pattern, rendered, re.DOTALL)
    assert read
    assert (read["prefix"], read["suffix"]) == (prefix, suffix)


@fim_rows
def test_its_format_is_also_what_its_names_say(row: Model) -> None:
    """The table of formats knows more names than the catalogue; where both know one, they agree."""
    assert row.fim
    for checkpoint in row.checkpoints:
        chosen = choose(checkpoint.model, "", AUTOMATIC, lambda _: False)
        if chosen is not None:
            assert chosen.name == row.fim.format


def test_the_bundled_model_is_as_its_row_says() -> None:
    row = CATALOGUE.find(BUNDLED_NAME)
    assert row
    config = json.loads((model_path() / "config.json").read_text(encoding="utf-8"))
    assert row.attention == Attention(
        layers=config["num_hidden_layers"], kv_heads=config["num_key_value_heads"], head_size=config["head_dim"]
    )
    assert (row.architecture, row.context) == (config["architectures"][0], config["max_position_embeddings"])
    size = (model_path() / "model.safetensors").stat().st_size / 1e9
    assert row.checkpoints[0].weights == pytest.approx(size, rel=0.02)


@every_row
def test_its_gpus_are_known(row: Model) -> None:
    known = {sheet.name for sheet in sheets()}
    for profile in row.gpu_arguments:
        assert set(profile.gpus) <= known
        assert set(profile.precisions) <= {checkpoint.precision for checkpoint in row.checkpoints}


def test_the_arguments_of_one_gpu_come_last_and_for_their_precision_only() -> None:
    row = CATALOGUE.find("Qwen3.6-35B-A3B")
    assert row
    by_precision = {checkpoint.precision: checkpoint for checkpoint in row.checkpoints}
    anywhere = serving(row, by_precision["nvfp4"])
    assert anywhere.arguments == (
        *("--language-model-only", "--prefix-match-unit", "16"),
        *("--enable-auto-tool-choice", "--tool-call-parser", "qwen3_xml"),
        *("--reasoning-parser", "qwen3"),
    )
    assert anywhere.environment == {}
    there = serving(row, by_precision["nvfp4"], "RTX 5090")
    assert there.arguments[: len(anywhere.arguments)] == anywhere.arguments
    assert there.arguments[len(anywhere.arguments) :][:2] == ("--quantization", "modelopt_fp4")
    assert there.environment == {"VLLM_HAS_FLASHINFER_CUBIN": "1"}
    assert serving(row, by_precision["gptq-int4"], "RTX 5090") == serving(row, by_precision["gptq-int4"])


def test_a_checkpoints_own_arguments_come_before_a_gpus() -> None:
    row = CATALOGUE.find("Qwen2.5-Coder-7B")
    assert row
    checkpoint = row.checkpoints[0].model_copy(update={"arguments": ("--seed", "1")})
    profile = GpuArguments(gpus=("T4",), arguments=("--seed", "2"))
    own = row.model_copy(update={"gpu_arguments": (profile,), "checkpoints": (checkpoint,)})
    assert serving(own, checkpoint, "T4").arguments == ("--seed", "1", "--seed", "2")
