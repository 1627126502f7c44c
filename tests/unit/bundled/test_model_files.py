"""The bundled model's files: complete, small enough, and with the token ids that the serving side relies on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from understudy.bundled import fim, model_path

LIMIT_BYTES = 32 * 1024 * 1024


def content(name: str) -> Any:
    return json.loads((model_path() / name).read_text(encoding="utf-8"))


def test_the_folder_is_complete() -> None:
    wanted = {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    assert wanted <= {path.name for path in model_path().iterdir()}
    assert isinstance(model_path(), Path)


def test_the_weights_fit_the_repository() -> None:
    assert (model_path() / "model.safetensors").stat().st_size <= LIMIT_BYTES


def test_the_weights_are_bfloat16_and_have_no_output_matrix_of_their_own() -> None:
    with (model_path() / "model.safetensors").open("rb") as file:
        head = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    tensors = {name: entry for name, entry in head.items() if name != "__metadata__"}
    assert {entry["dtype"] for entry in tensors.values()} == {"BF16"}
    assert "model.embed_tokens.weight" in tensors
    assert "lm_head.weight" not in tensors


def test_the_configuration_is_a_qwen3_with_room_for_2048_tokens() -> None:
    config = content("config.json")
    assert config["architectures"] == ["Qwen3ForCausalLM"]
    assert config["tie_word_embeddings"] is True
    assert config["max_position_embeddings"] >= 2048


def test_every_special_token_has_its_place_as_id() -> None:
    added = {entry["content"]: entry["id"] for entry in content("tokenizer.json")["added_tokens"]}
    assert added == {token: place for place, token in enumerate(fim.SPECIAL_TOKENS)}


def test_the_configuration_names_the_fill_in_the_middle_ids() -> None:
    config = content("config.json")
    token_of = dict(enumerate(fim.SPECIAL_TOKENS))
    named = {name: token_of[identifier] for name, identifier in config["fim_token_ids"].items()}
    assert named == {
        "prefix": "<|fim_prefix|>",
        "middle": "<|fim_middle|>",
        "suffix": "<|fim_suffix|>",
        "pad": "<|fim_pad|>",
        "repo_name": "<|repo_name|>",
        "file_sep": "<|file_sep|>",
    }
    assert token_of[config["eos_token_id"]] == token_of[config["pad_token_id"]] == "<|endoftext|>"


def test_generation_stops_at_the_end_of_the_text_and_of_the_turn() -> None:
    stops = {fim.SPECIAL_TOKENS[identifier] for identifier in content("generation_config.json")["eos_token_id"]}
    assert {"<|endoftext|>", "<|im_end|>"} <= stops


def test_there_is_a_chat_template_so_that_a_chat_request_is_answered() -> None:
    assert "<|im_start|>" in content("tokenizer_config.json")["chat_template"]
