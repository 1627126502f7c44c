"""What a chat needs to know of what is served: sampling and switches by the catalogue, and whether it knows chats."""

from __future__ import annotations

import pytest

from understudy.core.errors import EngineRefused, EngineUnavailable, NoChat
from understudy.engine.base import ChatRequest, Message, ModelInfo
from understudy.engine.chat_served import describe_chat
from understudy.engine.scripted import ScriptedEngine
from unit.engine.chat_models import ChatModel, chatml


class NoTemplate(ScriptedEngine):
    """A base model at vLLM."""

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        raise EngineRefused(400, "default chat template is no longer allowed")


class Elsewhere(ScriptedEngine):
    """A server that renders no chats for others, as all but vLLM."""

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        raise EngineRefused(404, "no such path")


class Gone(ScriptedEngine):
    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        raise EngineUnavailable("nobody answers")


def without_system(request: ChatRequest) -> str:
    if request.messages[0].role == "system":
        raise EngineRefused(400, "System role not supported")
    return chatml(request)


async def test_a_known_model_is_asked_as_its_maker_advises_but_without_a_presence_penalty() -> None:
    served = await describe_chat(ScriptedEngine(model=ModelInfo("Qwen/Qwen3.6-35B-A3B", 65536)))
    assert served.info.context == 65536
    assert served.sampling == {"temperature": 0.7, "top_p": 0.8, "top_k": 20}
    assert served.template == {"enable_thinking": False}


async def test_of_an_unknown_model_the_likeliest_answer_is_taken_and_thinking_is_switched_off() -> None:
    served = await describe_chat(ScriptedEngine(model=ModelInfo("somebody/anything", 8192)))
    assert served.sampling == {}
    assert served.template == {"enable_thinking": False}
    assert served.messages("be brief", "fix it") == (Message("system", "be brief"), Message("user", "fix it"))


async def test_where_the_template_refuses_a_system_message_its_words_stand_before_the_users() -> None:
    served = await describe_chat(ChatModel(without_system))
    assert served.messages("be brief", "fix it") == (Message("user", "be brief\n\nfix it"),)


async def test_a_model_without_a_template_is_told_of_with_what_to_do() -> None:
    with pytest.raises(NoChat, match=r"base-model.*work\.model.*work\.url"):
        await describe_chat(NoTemplate(model=ModelInfo("base-model", 8192)))


async def test_a_server_that_cannot_say_is_believed_to_know_chats() -> None:
    assert (await describe_chat(Elsewhere())).system


async def test_an_engine_that_is_gone_is_no_model_without_chats() -> None:
    with pytest.raises(EngineUnavailable):
        await describe_chat(Gone())
