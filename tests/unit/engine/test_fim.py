"""Properties that every fill-in-the-middle format has, whatever the user's text holds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.bundled import fim as trained
from understudy.core.errors import EngineError
from understudy.core.settings import EngineSettings
from understudy.engine.fim import ContextFile, FimFormat, FimPrompt, neutralise
from understudy.engine.fim_formats import AUTOMATIC, CHAT_NAMES, FORMATS, NAMES, choose
from understudy.engine.served import MOST_STOP_STRINGS

# The formats share the examples, and a busy machine is not a slow property.
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_the_setting_names_every_format() -> None:
    assert get_args(EngineSettings.model_fields["fim"].annotation) == (AUTOMATIC, *NAMES, *CHAT_NAMES)


every_format = pytest.mark.parametrize("row", FORMATS, ids=NAMES)


@cache
def hostile(row: FimFormat) -> st.SearchStrategy[str]:
    """Text made of special tokens, halves of them and what may stand between, so that borders are tried too."""
    halves = [part for token in row.tokens for cut in range(1, len(token)) for part in (token[:cut], token[cut:])]
    pieces = st.one_of(st.sampled_from(row.tokens), st.sampled_from(halves), st.sampled_from(list(" \n<|>[]x")))
    return st.lists(pieces | st.text(max_size=3), max_size=12).map("".join)


def holds(row: FimFormat, text: str) -> list[str]:
    return [token for token in row.tokens if token in text]


@every_format
def test_the_row_is_sound(row: FimFormat) -> None:
    assert set(row.stops) <= set(row.tokens), "a stop token is one of the format's own"
    assert set(row.written) <= set(row.tokens)
    assert len(set(row.stops)) == len(row.stops)
    assert len(row.stop_strings) <= MOST_STOP_STRINGS
    for token in row.tokens:
        assert len(token) > 1
        assert not re.search(r"\s", token), "a space must break it"


@every_format
def test_a_prompt_writes_just_its_tokens_and_each_text_once(row: FimFormat) -> None:
    prompt = FimPrompt("BEFORE", "AFTER", "PATH", "REPO", (ContextFile("OTHER", "TEXT"),))
    text = row.render(prompt)
    assert set(holds(row, text)) == set(row.written)
    for part in ("BEFORE", "AFTER"):
        assert text.count(part) == 1
    assert text.index("OTHER") < text.index("TEXT") < text.index("PATH") < text.index("BEFORE")
    suffix_first = text.index("AFTER") < text.index("BEFORE")
    assert suffix_first == (row.order == "suffix-first")


@every_format
def test_nothing_follows_what_is_typed_in_a_suffix_first_format(row: FimFormat) -> None:
    """Else every keystroke would have the engine read the suffix again."""
    if row.order == "suffix-first":
        before, after = row.render(FimPrompt("BEFORE", "AFTER", "PATH")).split("BEFORE")
        assert "AFTER" in before
        assert after in ("", *row.written)


@every_format
@quick
@given(data=st.data())
def test_the_users_text_never_speaks_for_the_format(row: FimFormat, data: st.DataObject) -> None:
    prefix, suffix, path, other = (data.draw(hostile(row)) for _ in range(4))
    files = (ContextFile(path, other),)
    rendered = row.render(FimPrompt(prefix, suffix, path, path, files))
    harmless = row.render(FimPrompt("", "", "", "x" if path else "", (ContextFile("", ""),) * len(files)))
    count = {token: rendered.count(token) for token in row.tokens}
    assert count == {token: harmless.count(token) for token in row.tokens}


@every_format
@quick
@given(data=st.data())
def test_neutral_text_holds_no_special_token_and_stays_as_it_is(row: FimFormat, data: st.DataObject) -> None:
    text = data.draw(hostile(row))
    neutral = neutralise(text, row.tokens)
    assert holds(row, neutral) == []
    assert neutralise(neutral, row.tokens) == neutral
    assert neutral.replace(" ", "") == text.replace(" ", ""), "only spaces are added"


@every_format
@quick
@given(text=st.text())
def test_other_text_is_left_alone(row: FimFormat, text: str) -> None:
    if not holds(row, text):
        assert neutralise(text, row.tokens) == text


@every_format
@quick
@given(data=st.data())
def test_taking_the_tokens_out_gives_the_parts_back(row: FimFormat, data: st.DataObject) -> None:
    plain = st.text("abc()\n\t= é", max_size=20)
    prefix, suffix = data.draw(plain), data.draw(plain)
    rendered = row.render(FimPrompt(prefix, suffix))
    parts = re.split("|".join(map(re.escape, row.written)), rendered)
    found = [part for part in parts if part] if row.name != "codellama" else [part.strip(" ") for part in parts]
    expected = [prefix, suffix] if row.order == "prefix-first" else [suffix, prefix]
    if row.name == "codellama":
        expected = [part.strip(" ") for part in expected]
    assert [part for part in found if part] == [part for part in expected if part]


def test_a_token_inside_another_does_not_slip_through() -> None:
    tokens = ("<|im_end|>",)
    assert neutralise("<|im_<|im_end|>end|>", tokens) == "<|im_< |im_end|>end|>"


def test_tokens_that_overlap_are_both_broken() -> None:
    assert neutralise("<a<a<", ("<a<",)) == "< a< a<"


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Qwen/Qwen2.5-Coder-1.5B", "qwen"),
        ("qwen2.5-coder:7b", "qwen"),
        ("Qwen/Qwen3-Coder-30B-A3B-Instruct-FP8", "qwen"),
        ("Qwen/Qwen3.6-35B-A3B", None),
        ("Qwen/Qwen2.5-7B-Instruct", None),
        ("understudy-demo", "qwen-spm"),
        ("bigcode/starcoder2-3b", "starcoder2"),
        ("bigcode/starcoderbase-1b", "starcoder"),
        ("ibm-granite/granite-3.3-8b-instruct", "granite"),
        ("ibm-granite/granite-8b-code-base", "granite"),
        ("ibm-granite/granite-4.0-h-tiny", "granite-4"),
        ("JetBrains/Mellum-4b-base", "mellum"),
        ("deepseek-ai/deepseek-coder-6.7b-base", "deepseek"),
        ("deepseek-ai/DeepSeek-Coder-V2-Lite-Base", "deepseek"),
        ("deepseek-ai/DeepSeek-V2.5", "deepseek"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", None),
        ("codellama/CodeLlama-7b-hf", "codellama"),
        ("codellama/CodeLlama-34b-hf", None),
        ("mistralai/Codestral-22B-v0.1", "codestral"),
        ("mistralai/Mamba-Codestral-7B-v0.1", None),
        ("google/codegemma-2b", "codegemma"),
        ("google/gemma-4-31B-it", None),
        ("zai-org/GLM-4.6", "glm"),
        ("zai-org/GLM-5.1", None),
        ("ByteDance-Seed/Seed-Coder-8B-Base", "seed-coder"),
        ("main", None),
    ],
)
def test_the_name_of_a_model_chooses(model: str, name: str | None) -> None:
    found = choose(model, "", "auto", lambda _: False)
    assert (found.name if found else None) == name
    served_under_a_name = choose("main", model, "auto", lambda _: False)
    assert served_under_a_name == found


@pytest.mark.parametrize("row", [row for row in FORMATS if row.name not in ("qwen-spm", "granite", "mellum")])
def test_the_tokens_choose_where_the_name_does_not(row: FimFormat) -> None:
    found = choose("main", "", "auto", set(row.written).__contains__)
    assert found == replace(row, evidence="experimental")


def test_a_setting_chooses_before_all_else() -> None:
    found = choose("Qwen/Qwen2.5-Coder-7B", "", "mellum", lambda _: True)
    assert found is not None
    assert found.name == "mellum"


def test_a_setting_that_names_nothing_says_what_there_is() -> None:
    with pytest.raises(EngineError, match=r"named qwem.*auto or one of qwen, qwen-spm"):
        choose("m", "", "qwem", lambda _: False)


@pytest.mark.parametrize(("name", "order"), [("qwen", "psm"), ("qwen-spm", "spm")])
def test_the_bundled_model_was_trained_on_what_it_is_sent(name: str, order: str) -> None:
    row = next(row for row in FORMATS if row.name == name)
    assert row.render(FimPrompt("a\n", "b\n", "m.py")) == trained.prompt("a\n", "b\n", order)
    files = (ContextFile("x.py", "x = 1\n\n"), ContextFile("y.py", "y = 2"))
    whole = row.render(FimPrompt("a\n", "b\n", "m.py", "proj", files))
    head = trained.repository_head("proj", [(file.path, file.text) for file in files], "m.py")
    assert whole == head + trained.prompt("a\n", "b\n", order)


def test_the_repository_form_of_starcoder2() -> None:
    row = next(row for row in FORMATS if row.name == "starcoder2")
    files = (ContextFile("x.py", "x = 1\n"),)
    assert row.render(FimPrompt("P", "S", "m.py", "r", files)) == (
        "<repo_name>r<file_sep>x.py\nx = 1\n<file_sep><fim_prefix>m.py\nP<fim_suffix>S<fim_middle>"
    )


FILES = (ContextFile("x.go", "func X() {\n\n}\n"), ContextFile("y.go", "var y = 2"))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (
            "deepseek",
            "<｜fim▁begin｜>//x.go\nfunc X() {\n\n}\n\n//y.go\nvar y = 2\n\n//m.go\nP<｜fim▁hole｜>S<｜fim▁end｜>",  # noqa: RUF001
        ),
        (
            "codegemma",
            "// Path: x.go\nfunc X() {\n\n}\n<|file_separator|>// Path: y.go\nvar y = 2\n<|file_separator|>"
            "<|fim_prefix|>// Path: m.go\nP<|fim_suffix|>S<|fim_middle|>",
        ),
        (
            "seed-coder",
            "<[fim-suffix]>S<[fim-prefix]>// Path: x.go\n// func X() {\n//\n// }\n// Path: y.go\n// var y = 2\n"
            "// Path: m.go\nP<[fim-middle]>",
        ),
    ],
)
def test_other_files_in_the_familys_own_form_or_as_comments(name: str, written: str) -> None:
    row = next(row for row in FORMATS if row.name == name)
    assert row.render(FimPrompt("P", "S", "m.go", "r", FILES, "//")) == written


@pytest.mark.parametrize("row", [row for row in FORMATS if row.comments], ids=lambda row: row.name)
def test_where_other_files_are_comments_nothing_of_them_is_code(row: FimFormat) -> None:
    lines = row.render(FimPrompt("P = 1\n", "S", "m.py", "r", FILES)).split("\n")
    shown = [line for line in lines if "func X" in line or "var y" in line]
    assert len(shown) == 2
    assert all(line.startswith("# ") for line in shown)


@pytest.mark.parametrize("row", [row for row in FORMATS if row.comments], ids=lambda row: row.name)
def test_an_answer_that_begins_another_file_is_over(row: FimFormat) -> None:
    ending = row.ending(FimPrompt("P", "S", "m.py", "r", FILES))
    assert ending("return 1\n# Path: z.py\nx") == len("return 1")
    assert ending("return 1  # Path: z.py\n") is None
    alone = row.ending(FimPrompt("P", "S", "m.py"))
    assert alone("return 1\n# Path: z.py\nx") is None, "the file itself may say so"


def test_an_answer_of_deepseek_that_begins_another_file_is_over() -> None:
    """Its files begin with no mark but a comment that is a path."""
    row = next(row for row in FORMATS if row.name == "deepseek")
    ending = row.ending(FimPrompt("P", "S", "lib/m.go", "r", FILES, "//"))
    assert ending("return 1\n//z/new.go\npackage z") == len("return 1")
    assert ending("return 1\n\n//x.go\n") == len("return 1\n")
    for ordinary in (
        "return 1\n// z.go\n",
        "return 1 //z.go\n",
        "a()\n//go:build x.go\n",
        "a()\n//b.go()\n",
        "a\n//z.go",
    ):
        assert ending(ordinary) is None, ordinary
    assert row.ending(FimPrompt("P", "S", "m.go"))("return 1\n//z.go\n") is None
