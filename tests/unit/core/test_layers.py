"""Settings from several places: who wins, what a wrong value costs, and what a workspace may say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from understudy.core.layers import (
    FILE_BYTES,
    WORKSPACE_FILE,
    Layer,
    environment_layer,
    load,
    user_layer,
    workspace_layer,
)
from understudy.core.settings import Settings

SECRET = "sk-hush-hush"


def layer(place: str, **values: Any) -> Layer:
    return Layer(place, values)


def narrow(**values: Any) -> Layer:
    return Layer("repository/.understudy.toml", values, narrows=True)


def test_nothing_said_gives_the_defaults() -> None:
    assert load(()) == (Settings(), ())


def test_the_strongest_word_for_each_key_wins() -> None:
    settings, problems = load(
        (
            layer("editor", engine={"model": "a"}),
            layer("file", engine={"model": "b", "url": "http://file"}, completion={"debounceMs": 7}),
            layer("environment", engine={"url": "http://environment", "fim": "qwen"}),
        )
    )
    assert problems == ()
    assert (settings.engine.model, settings.engine.url, settings.engine.fim) == ("a", "http://file", "qwen")
    assert settings.completion.debounce_ms == 7


def test_null_says_nothing() -> None:
    settings, problems = load(
        (layer("editor", engine={"url": None}, completion=None), layer("file", engine={"url": "u"}))
    )
    assert (settings.engine.url, problems) == ("u", ())


def test_a_wrong_value_names_its_key_and_costs_that_key_alone() -> None:
    settings, problems = load(
        (
            layer("editor", completion={"debounceMs": -5, "maxTokens": 64}),
            layer("file", completion={"debounceMs": 40}),
        )
    )
    assert settings.completion.debounce_ms == 150  # the default, not the weaker layer's value
    assert settings.completion.max_tokens == 64
    (problem,) = problems
    assert problem.key == "completion.debounceMs"
    assert "`completion.debounceMs` in editor" in str(problem)
    assert "the default 150 is used" in str(problem)
    assert "-5" not in str(problem)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"engine": {"url": {"deep": 1}}}, "engine.url"),
        ({"engine": {"arguments": "--one-string"}}, "engine.arguments"),
        ({"completion": {"disabledLanguages": ["python", 3]}}, "completion.disabledLanguages"),
        ({"completion": {"multiline": "sometimes"}}, "completion.multiline"),
        ({"engine": {"fim": "qwenn"}}, "engine.fim"),
        ({"completion": "off"}, "completion"),
        ({"completion": {"enable": True}}, "completion.enable"),
        ({"colour": 1}, "colour"),
    ],
)
def test_every_wrong_key_is_named(values: dict[str, Any], key: str) -> None:
    settings, problems = load((Layer("editor", values),))
    assert settings == Settings()
    assert [problem.key for problem in problems] == [key]
    assert f"`{key}`" in str(problems[0])


def test_snake_case_is_understood() -> None:
    settings, problems = load((layer("file", completion={"debounce_ms": 9}),))
    assert (settings.completion.debounce_ms, problems) == (9, ())


@pytest.mark.parametrize("value", [{"key": SECRET}, [SECRET]])
def test_a_secret_is_in_no_message(value: Any) -> None:
    settings, problems = load((layer("editor", engine={"apiKey": value}),))
    assert settings.engine.api_key is None
    assert [problem.key for problem in problems] == ["engine.apiKey"]
    assert SECRET not in str(problems)
    kept, _ = load((layer("editor", engine={"apiKey": SECRET, "idleMinutes": -1}),))
    assert kept.engine.api_key is not None
    assert kept.engine.api_key.get_secret_value() == SECRET
    assert SECRET not in repr(kept)


def test_the_environment_has_every_key() -> None:
    found = environment_layer(
        {
            "UNDERSTUDY_ENGINE_URL": "http://host/v1",
            "UNDERSTUDY_ENGINE_API_KEY": SECRET,
            "UNDERSTUDY_ENGINE_ARGUMENTS": "--a, 1,",
            "UNDERSTUDY_COMPLETION_ENABLED": "false",
            "UNDERSTUDY_COMPLETION_DEBOUNCE_MS": "12",
            "UNDERSTUDY_COMPLETION_DISABLED_LANGUAGES": "markdown,plaintext",
            "UNDERSTUDY_ENGINE_MODEL": "",
            "UNDERSTUDY_CONFIG_HOME": "/somewhere",
            "UNRELATED": "1",
        }
    )
    settings, problems = load((found,))
    assert problems == ()
    assert settings.engine.url == "http://host/v1"
    assert settings.engine.api_key is not None
    assert settings.engine.api_key.get_secret_value() == SECRET
    assert settings.engine.arguments == ("--a", "1")
    assert settings.engine.model is None  # an empty variable says nothing
    assert settings.completion.enabled is False
    assert settings.completion.debounce_ms == 12
    assert settings.completion.disabled_languages == ("markdown", "plaintext")


def test_every_leaf_of_the_tree_has_a_variable() -> None:
    names = [f"UNDERSTUDY_{group}_{key}".upper() for group, values in Settings().model_dump().items() for key in values]
    assert environment_layer(dict.fromkeys(names, "x")).problems == ()


def test_a_misspelled_variable_is_named() -> None:
    _, (problem,) = load((environment_layer({"UNDERSTUDY_ENGINE_ADDRESS": SECRET}),))
    assert "UNDERSTUDY_ENGINE_ADDRESS" in str(problem)
    assert SECRET not in str(problem)


def test_the_users_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[engine]\nurl = "http://host/v1"\n[completion]\ndisabledLanguages = ["markdown"]\n')
    settings, problems = load((user_layer(file),))
    assert problems == ()
    assert settings.engine.url == "http://host/v1"
    assert settings.completion.disabled_languages == ("markdown",)


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert load((user_layer(tmp_path / "none.toml"), workspace_layer(tmp_path))) == (Settings(), ())


@pytest.mark.parametrize("content", [b"engine = [", b"\xff\xfe\x00", b"a = " + b"[" * 100_000, b"a = " + b"9" * 5_000])
def test_a_broken_file_is_a_problem_that_names_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    settings, (problem,) = load((user_layer(file), layer("environment", completion={"debounceMs": 3})))
    assert settings.completion.debounce_ms == 3
    assert str(file) in str(problem)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in this file system")
def test_a_pipe_in_place_of_the_workspaces_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / WORKSPACE_FILE)
    settings, (problem,) = load((workspace_layer(tmp_path),))
    assert settings.completion.enabled is False
    assert "it is not a regular file" in str(problem)


BROKEN = {
    "no TOML": b'[completion]\nignore = ["secret/"\n',
    "no UTF-8": b"\xff\xfe\x00",
    "too deep": b"a = " + b"[" * 100_000,
    "a number of thousands of digits": b"a = " + b"9" * 5_000,
    "too long": b"[completion]\n" + b"#" * FILE_BYTES + b'\nignore = ["secret/"]\n',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_workspaces_file_that_cannot_be_read_switches_completions_off(tmp_path: Path, content: bytes) -> None:
    """What it would have kept from the model is not known any more."""
    (tmp_path / WORKSPACE_FILE).write_bytes(content)
    user = layer("editor", completion={"enabled": True, "maxTokens": 9})
    settings, (problem,) = load((user, workspace_layer(tmp_path)))
    assert settings.completion.enabled is False
    assert settings.completion.max_tokens == 9
    assert str(tmp_path / WORKSPACE_FILE) in str(problem)
    assert "completions and fixes are off" in str(problem)
    assert "Correct the file" in str(problem)
    assert "\n" not in str(problem)


def test_one_broken_file_among_several_folders_is_enough(tmp_path: Path) -> None:
    for name, text in (("one", "[completion]\n"), ("two", "["), ("three", "[completion]\nenabled = true\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / WORKSPACE_FILE).write_text(text)
    settings, _ = load([workspace_layer(tmp_path / name) for name in ("one", "two", "three")])
    assert settings.completion.enabled is False


@pytest.mark.skipif(os.name == "nt", reason="making a link takes a right that tests do not have there")
def test_a_workspaces_file_that_links_to_itself_switches_completions_off(tmp_path: Path) -> None:
    (tmp_path / WORKSPACE_FILE).symlink_to(tmp_path / WORKSPACE_FILE)
    assert load((workspace_layer(tmp_path),))[0].completion.enabled is False


def test_a_byte_order_mark_breaks_no_file(tmp_path: Path) -> None:
    (tmp_path / WORKSPACE_FILE).write_text('[completion]\nignore = ["secret/"]\n', encoding="utf-8-sig")
    settings, problems = load((workspace_layer(tmp_path),))
    assert (settings.completion.ignore, problems) == (("secret/",), ())


def test_a_workspace_can_narrow() -> None:
    settings, problems = load(
        (
            layer("editor", completion={"ignore": ["*.pem"], "disabledLanguages": ["markdown"]}),
            narrow(completion={"enabled": False, "ignore": ["secret/"], "disabledLanguages": ["python", "markdown"]}),
        )
    )
    assert problems == ()
    assert settings.completion.enabled is False
    assert settings.completion.ignore == ("*.pem", "secret/")
    assert settings.completion.disabled_languages == ("markdown", "python")


def test_a_workspace_can_have_less_of_it_read() -> None:
    settings, problems = load((narrow(context={"maxFiles": 100}), narrow(context={"index": False, "maxFiles": 7})))
    assert problems == ()
    assert (settings.context.index, settings.context.max_files) == (False, 7)


@pytest.mark.parametrize(
    "values",
    [
        {"engine": {"url": "http://elsewhere"}},
        {"engine": {"model": "other"}},
        {"engine": {"apiKey": SECRET}},
        {"engine": {"arguments": ["--trust-remote-code"]}},
        {"engine": {"start": False}},
        {"completion": {"enabled": True}},
        {"completion": {"enabled": 0}},
        {"completion": {"ignore": ["!secret/"]}},
        {"completion": {"ignore": [" !secret/"]}},
        {"completion": {"ignore": "secret/"}},
        {"completion": {"disabledLanguages": [1]}},
        {"completion": {"debounceMs": 1}},
        {"context": {"index": True}},
        {"context": {"maxFiles": 50_001}},
        {"context": {"maxFiles": -1}},
        {"context": {"maxFiles": False}},
        {"trace": {"file": "/tmp/trace"}},
        {"statistics": {"enabled": False}},
    ],
)
def test_a_workspace_can_do_nothing_else(values: dict[str, Any]) -> None:
    settings, (problem,) = load((narrow(**values),))
    assert settings == Settings()
    ((group, keys),) = values.items()
    assert problem.key == f"{group}.{next(iter(keys))}"
    assert "refused" in str(problem)
    assert SECRET not in str(problem)


def test_a_workspace_cannot_undo_what_the_user_switched_off() -> None:
    settings, _ = load((layer("editor", completion={"enabled": False}), narrow(completion={"enabled": True})))
    assert settings.completion.enabled is False
