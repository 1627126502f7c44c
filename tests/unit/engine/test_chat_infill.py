"""The chat forms: what a model is shown, where its answer begins and ends, and whose the structure of a prompt is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.engine.chat_infill import (
    BEGUN,
    FORMS,
    STEP,
    chat_format,
    chat_format_of,
    divided,
    plain_format,
)
from understudy.engine.chat_template import ChatTemplate
from understudy.engine.chat_words import CLOSE_FILE, CLOSE_FILL, CLOSE_REPLACE, HOLE, OPEN_FILE, OPEN_FILL, OPEN_SEARCH
from understudy.engine.fim import ContextFile, FimFormat, FimPrompt
from unit.engine import chat_models as models
from unit.engine.chat_models import CHATML, GEMMA, ChatModel

TEMPLATE = ChatTemplate("<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n")
HOLE_FORM, REPLACE_FORM = (chat_format_of(form, TEMPLATE, CHATML) for form in FORMS)
EVERY = (HOLE_FORM, REPLACE_FORM, plain_format())
every_form = pytest.mark.parametrize("form", EVERY, ids=("hole", "replace", "plain"))
begun_forms = pytest.mark.parametrize("form", EVERY[:2], ids=("hole", "replace"))
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

BEFORE = "import math\n\n\ndef area(width, height):\n    "
AFTER = "\n\n\ndef volume(width, height, depth):\n    return area(width, height) * depth\n"
LONG = "".join(f"value_{number} = compute({number}, 'something')\n" for number in range(30))


def test_the_answer_is_begun_with_the_lines_before_the_cursor() -> None:
    text = HOLE_FORM.render(FimPrompt(BEFORE, AFTER, "shapes.py"))
    question, _, answer = text.partition("<|im_start|>assistant\n")
    assert answer == f"<code_fill>{BEFORE}", "with the cursor's indentation at its very end"
    assert question.endswith(f'<code_file path="shapes.py">\n{HOLE}{AFTER}</code_file><|im_end|>\n')


def test_the_replacement_is_begun_up_to_the_cursor() -> None:
    text = REPLACE_FORM.render(FimPrompt(LONG + BEFORE, AFTER, "shapes.py"))
    question, _, answer = text.partition("<|im_start|>assistant\n")
    above, typed = divided(LONG + BEFORE)
    near = "".join(above.splitlines(keepends=True)[-2:])
    below = "\n\n\ndef volume(width, height, depth):\n    return area(width, height) * depth"
    assert answer == f"<<<<<<< SEARCH\n{near}{HOLE}{below}\n=======\n{near}{typed}"
    assert f"{near}{HOLE}{below}" in question, "what is searched is what the file shows"


@given(st.text("ab =\n\t", max_size=2000))
@quick
def test_the_parts_of_a_prefix_are_the_prefix(prefix: str) -> None:
    above, typed = divided(prefix)
    assert above + typed == prefix
    assert above == "" or above.endswith("\n")
    assert above.count("\n") % STEP == 0
    assert not above or len("".join(typed.split())) >= BEGUN


def test_nothing_but_the_end_changes_while_a_line_is_typed() -> None:
    """Else every keystroke would have the engine read the file again."""
    for form in (HOLE_FORM, REPLACE_FORM):
        line = "    result = compute(width, height) + compute(height, width)"
        prompts = [form.render(FimPrompt(LONG + line[:end], AFTER)) for end in range(len(line))]
        for one, next_one in pairwise(prompts):
            assert next_one[:-1] == one


def test_the_hole_moves_once_in_many_lines() -> None:
    lines = LONG.splitlines(keepends=True)
    begins = [len(divided("".join(lines[:count]))[0]) for count in range(len(lines))]
    moves = sum(one != other for one, other in pairwise(begins))
    assert 0 < moves <= len(lines) / STEP


@every_form
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", AFTER),
        (BEFORE, ""),
        ("x = f(", ")\ny = 2\n"),
        ("name = 'Grüße 👩‍💻 ", "'\n"),
        ("\n" * 30, "\n" * 30),
    ],
    ids=["empty file", "file's start", "file's end", "inside a line", "more than ASCII", "blank lines"],
)
def test_wherever_the_cursor_is_the_text_around_it_is_shown(form: FimFormat, before: str, after: str) -> None:
    text = form.render(FimPrompt(before, after, "a.py"))
    shown = text[len(form.render(FimPrompt("", "", "a.py")).partition('path="a.py"')[0]) :]
    assert HOLE in shown
    assert after in shown
    assert before in shown
    if form.whole:
        assert text.endswith(before)


@every_form
def test_carriage_returns_are_not_shown(form: FimFormat) -> None:
    files = (ContextFile("b.py", "b = 1\r\n"),)
    unix = FimPrompt(BEFORE, AFTER, "a.py", files=(ContextFile("b.py", "b = 1\n"),))
    windows = FimPrompt(BEFORE.replace("\n", "\r\n"), AFTER.replace("\n", "\r\n"), "a.py", files=files)
    assert form.render(windows) == form.render(unix)
    answer = f"return width * height{AFTER}"
    assert form.finish(answer, windows) == "return width * height"


@every_form
def test_other_files_come_first(form: FimFormat) -> None:
    files = (ContextFile("one.py", "ONE = 1\n"), ContextFile("two.py", "TWO = 2"))
    text = form.render(FimPrompt(BEFORE, AFTER, "THREE.py", files=files))
    places = [text.index(part) for part in ("one.py", "ONE = 1", "two.py", "TWO = 2", "THREE.py", "def volume")]
    assert places == sorted(places)


MARKS = (OPEN_FILE, CLOSE_FILE, HOLE, OPEN_FILL, CLOSE_FILL, OPEN_SEARCH, CLOSE_REPLACE, "<<<<<<<", ">>>>>>>")
hostile = st.lists(
    st.sampled_from((*MARKS, *CHATML))
    | st.sampled_from([mark[:cut] for mark in (*MARKS, *CHATML) for cut in range(1, len(mark))])
    | st.sampled_from([mark[cut:] for mark in (*MARKS, *CHATML) for cut in range(1, len(mark))])
    | st.sampled_from(list(" \n<|>x"))
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@every_form
@quick
@given(prefix=hostile, suffix=hostile, path=hostile, other=hostile)
def test_the_users_text_never_speaks_for_the_form(
    form: FimFormat, prefix: str, suffix: str, path: str, other: str
) -> None:
    files = (ContextFile(path, other),)
    rendered = form.render(FimPrompt(prefix, suffix, path or "x", "", files))
    harmless = form.render(FimPrompt("", "", "x", "", (ContextFile("", ""),)))
    count = {mark: rendered.count(mark) for mark in (*CHATML, *MARKS)}
    assert count == {mark: harmless.count(mark) for mark in count}


class TestTheEnd:
    """What is kept of an answer."""

    @every_form
    @pytest.mark.parametrize(
        ("answer", "kept"),
        [
            ("return width * height", "return width * height"),
            (f"return width * height{AFTER}", "return width * height"),
            ("return width * height\n\n\ndef volume(width, height, depth):", "return width * height"),
            ("", ""),
        ],
        ids=["just that", "all that is below", "some of it", "nothing"],
    )
    def test_text_that_stands_below_is_cut(self, form: FimFormat, answer: str, kept: str) -> None:
        assert form.finish(answer, FimPrompt(BEFORE, AFTER)) == kept

    @every_form
    def test_the_rest_of_the_line_is_not_written_twice(self, form: FimFormat) -> None:
        prompt = FimPrompt("x = f(", ")\ny = 2\n")
        assert form.finish("a, b)", prompt) == "a, b"
        assert form.finish("a, b)\ny = 2", prompt) == "a, b"

    @pytest.mark.parametrize("form", [HOLE_FORM, plain_format()])
    def test_a_bracket_that_the_answer_has_opened_is_closed(self, form: FimFormat) -> None:
        assert form.finish("g(a)", FimPrompt("x = f(", ")\ny = 2\n")) == "g(a)"

    def test_a_replacement_ends_with_the_rest_of_the_line(self) -> None:
        prompt = FimPrompt("x = f(", ")\ny = 2\n")
        assert REPLACE_FORM.finish("g(a))\ny = 2\n", prompt) == "g(a)"
        assert REPLACE_FORM.finish("g(a))", prompt) == "g(a)"
        closes_what_is_new = FimPrompt("x = ", ")\ny = 2\n")
        assert REPLACE_FORM.finish("f(a)", closes_what_is_new) == "f(a"

    def test_a_replacement_tells_repeated_lines_apart(self) -> None:
        """The lines below come once more at the end of the answer, and only these are not the middle."""
        prompt = FimPrompt("if (a) {\n  if (b) {\n    f(", ");\n  }\n}\n")
        answer = "1);\n  }\n}\nif (c) {\n  if (d) {\n    g(2);\n  }\n}\n"
        assert REPLACE_FORM.finish(answer, prompt) == "1);\n  }\n}\nif (c) {\n  if (d) {\n    g(2"

    @begun_forms
    def test_whole_lines_end_with_a_line_end(self, form: FimFormat) -> None:
        prompt = FimPrompt("def area(w, h):\n", "    return result\n")
        assert form.finish("    result = w * h", prompt) == "    result = w * h\n"
        assert form.finish("    result = w * h\n    return result", prompt) == "    result = w * h\n"
        assert form.finish("", prompt) == ""

    def test_the_line_end_before_the_closing_mark_is_not_the_users(self) -> None:
        assert REPLACE_FORM.finish("y = 2\n", FimPrompt("x = 1\n", "")) == "y = 2"

    @begun_forms
    def test_what_comes_after_the_closing_mark_is_dropped(self, form: FimFormat) -> None:
        prompt = FimPrompt(BEFORE, AFTER)
        for close in form.stop_strings:
            assert form.finish(f"return 1{close} and now", prompt) == "return 1"
            assert form.ending(prompt)(f"return 1{close} and now") == len("return 1")

    @begun_forms
    @pytest.mark.parametrize(
        "mark", [HOLE, CLOSE_FILE, "<code_file path", OPEN_SEARCH, CLOSE_REPLACE, "\n```\nThis is"]
    )
    def test_so_is_what_comes_after_any_mark(self, form: FimFormat, mark: str) -> None:
        prompt = FimPrompt(BEFORE, AFTER)
        assert form.finish(f"return 1{mark} and", prompt) == "return 1"
        assert form.ending(prompt)(f"return 1{mark} and") == len("return 1")

    def test_where_a_file_holds_fences_an_answer_may(self) -> None:
        prompt = FimPrompt("Text:\n\n```\n", "\n\nMore text.\n")
        assert HOLE_FORM.finish("x = 1\n```", prompt) == "x = 1\n```"
        assert HOLE_FORM.ending(prompt)("x = 1\n```") is None

    @pytest.mark.parametrize(("form", "again"), [(HOLE_FORM, OPEN_FILL), (REPLACE_FORM, HOLE)])
    def test_a_model_that_begins_again_has_its_mark_passed_over(self, form: FimFormat, again: str) -> None:
        prompt = FimPrompt(BEFORE, AFTER)
        assert form.finish(f"{again}return 1{again}", prompt) == "return 1"
        assert form.ending(prompt)(f"{again}return 1") is None
        assert form.ending(prompt)(f"{again}return 1{again}") == len(f"{again}return 1")

    @every_form
    def test_a_stream_is_over_when_it_has_come_to_the_lines_below(self, form: FimFormat) -> None:
        ending = form.ending(FimPrompt(BEFORE, AFTER))
        whole = f"return width * height{AFTER}"
        ends = [ending(whole[:count]) for count in range(len(whole) + 1)]
        assert ends[-1] == len("return width * height")
        assert ends[: len(whole) - 1] == [None] * (len(whole) - 1), "not before all of the three lines have come"

    @every_form
    def test_few_characters_below_end_no_stream(self, form: FimFormat) -> None:
        assert form.ending(FimPrompt("f(", ")\n}\n"))("a)\n}\nb)\n}\n") is None


class TestInAModel:
    """The format that is made for the model that is served."""

    async def test_its_own_control_tokens_end_the_answer_and_are_broken_in_the_users_text(self) -> None:
        found = await chat_format(ChatModel(models.refuses_a_system, GEMMA), "hole")
        assert found is not None
        assert set(found.stops) == set(GEMMA)
        assert found.stop_strings == (CLOSE_FILL,)
        text = found.render(FimPrompt("x = '<end_of_turn>", "<|im_end|>'\n"))
        assert text.count("<end_of_turn>") == 1
        assert "'< end_of_turn>" in text
        assert "<|im_end|>'" in text, "which is plain text to this model"
        assert text.startswith("<bos><start_of_turn>user\nYou complete source code")

    async def test_tokens_of_no_family_are_found_in_the_template(self) -> None:
        special = ("<|zz_turn|>", "<|zz_end|>")

        def template(request: models.ChatRequest) -> str:
            return "".join(f"<|zz_turn|>{it.role}\n{it.content}<|zz_end|>" for it in request.messages) + "<|zz_turn|>"

        found = await chat_format(ChatModel(template, special), "replace")
        assert found is not None
        assert set(found.stops) == set(special)
        assert found.stop_strings == (CLOSE_REPLACE,)
        assert "< |zz_end|>" in found.render(FimPrompt("x = '<|zz_end|>'", ""))

    async def test_words_for_thoughts_are_left_alone(self) -> None:
        found = await chat_format(ChatModel(models.thinking, (*CHATML, "<think>", "</think>")), "hole")
        assert found is not None
        assert found.render(FimPrompt("THOUGHTS = '<think>", "</think>'\n")).endswith("THOUGHTS = '<think>")
        assert "<think>" not in found.stops

    async def test_no_beginning_of_text_token_is_added_to_a_whole_prompt(self) -> None:
        found = await chat_format(ChatModel(models.chatml), "hole")
        assert found is not None
        assert found.whole
        assert found.evidence == "chat"
        assert found.overhead > 100, "the words and the examples take room in the model's context"

    async def test_the_forms_differ_in_nothing_but_their_words_and_marks(self) -> None:
        one, other = [await chat_format(ChatModel(models.chatml), name) for name in ("hole", "replace")]
        assert one is not None
        assert other is not None
        same = {"name": "", "stop_strings": (), "overhead": 0, "write": None, "meets": None, "trim": None}
        assert replace(one, **same) == replace(other, **same)  # type: ignore[arg-type]
