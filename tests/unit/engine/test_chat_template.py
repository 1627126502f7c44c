"""Chat templates of many makes, read once and filled in on this side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from understudy.core.errors import EngineRefused
from understudy.engine.base import ChatRequest, Message, Tokens
from understudy.engine.chat_template import ChatTemplate, read_template
from unit.engine import chat_models as models
from unit.engine.chat_models import CHATML, GEMMA, ChatModel, Template

NO_THINKING = {"enable_thinking": False}
SYSTEM, USER = "Complete code.\n  Like this.", '<code_file path="a.py">\n    x = 1\n</code_file>'


async def read(
    template: Template, special: tuple[str, ...] = CHATML, switches: Mapping[str, Any] = NO_THINKING
) -> ChatTemplate:
    found = await read_template(ChatModel(template, special), switches)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "template",
    [
        models.chatml,
        models.trimming,
        models.system_in_the_users_turn,
        models.with_a_system_of_its_own,
        models.thinking,
    ],
)
async def test_what_is_filled_in_here_is_what_the_template_would_say(template: Template) -> None:
    found = await read(template, (*CHATML, *GEMMA))
    messages = (Message("system", SYSTEM), Message("user", USER))
    assert found.render(SYSTEM, USER) == template(ChatRequest(messages, 1, template=NO_THINKING))


@pytest.mark.parametrize("template", [models.refuses_a_system, models.drops_a_system, models.says_a_system_twice])
async def test_where_a_system_has_no_place_its_text_begins_the_users(template: Template) -> None:
    found = await read(template, (*CHATML, *GEMMA))
    assert found.between is None
    whole = Message("user", f"{SYSTEM}\n\n{USER}")
    expected = template(ChatRequest((whole,), 1))
    assert found.render(SYSTEM, USER) in (expected, f"{expected}<|im_start|>assistant\n")


async def test_the_default_system_is_kept_where_it_would_be_said() -> None:
    """A template that refuses a system's text may say one of its own."""

    def template(request: ChatRequest) -> str:
        return models.with_a_system_of_its_own(request) if request.messages[0].role == "user" else ""

    assert "You are a model." in (await read(template)).render(SYSTEM, USER)


async def test_switches_reach_the_template() -> None:
    assert (await read(models.thinking)).after.endswith("<think>\n\n</think>\n\n")
    assert (await read(models.thinking, switches={})).after.endswith("<think>\n\n</think>\n\n"), "thoughts are ended"


async def test_thoughts_that_no_switch_keeps_away_are_ended_at_once() -> None:
    after = (await read(models.always_thinking)).after
    assert after == "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


async def test_without_a_generation_prompt_the_answers_beginning_is_found() -> None:
    assert (await read(models.without_generation_prompt)).after == "<|im_end|>\n<|im_start|>assistant\n"
    after = (await read(models.without_generation_prompt_and_thoughts_in_answers)).after
    assert after == "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


class Refusing(ChatModel):
    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        raise EngineRefused(404, "no such path")


class Plain(ChatModel):
    """Reads special tokens in a text as plain text, as Mistral's own tokenizers do."""

    async def tokenize(self, text: str) -> Tokens:
        return Tokens(tuple(ord(letter) for letter in text), tuple(text))

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        return await super().tokenize_chat(request)

    async def detokenize(self, ids: tuple[int, ...]) -> str:
        return "".join(chr(number) for number in ids).replace("<|im_start|>", "[INST]")


class Empty(ChatModel):
    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        return ()


@pytest.mark.parametrize("kind", [Refusing, Plain, Empty])
async def test_an_engine_that_does_not_give_the_text_back_has_no_template(kind: type[ChatModel]) -> None:
    assert await read_template(kind(models.chatml), {}) is None


async def test_a_template_that_changes_the_users_text_is_not_taken() -> None:
    def shouting(request: ChatRequest) -> str:
        return models.chatml(request).upper()

    assert await read_template(ChatModel(shouting), {}) is None
