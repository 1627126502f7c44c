"""Chat models as doubles: a chat template each, written as a function, and a vocabulary with special tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from understudy.core.errors import EngineRefused
from understudy.engine.base import ChatRequest, Message, ModelInfo, Tokens
from understudy.engine.script import Answer
from understudy.engine.scripted import ScriptedEngine

Template = Callable[[ChatRequest], str]
CHATML = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
GEMMA = ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>")


class ChatModel(ScriptedEngine):
    """A model that has no fill-in-the-middle tokens; its tokenizer splits words, spaces and punctuation."""

    def __init__(
        self, template: Template, special: tuple[str, ...] = CHATML, answers: Iterable[Answer] = (), name: str = "chat"
    ) -> None:
        super().__init__(answers, model=ModelInfo(name, 8192))
        self._template = template
        self._pieces = re.compile(rf"{'|'.join(map(re.escape, special))}|\w+|\s|[^\w\s]")
        self._ids: dict[str, int] = {}

    async def tokenize(self, text: str) -> Tokens:
        pieces = tuple(self._pieces.findall(text))
        return Tokens(tuple(self._ids.setdefault(piece, len(self._ids)) for piece in pieces), pieces)

    async def detokenize(self, ids: tuple[int, ...]) -> str:
        spelled = tuple(self._ids)
        return "".join(spelled[number] for number in ids)

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
        return (await self.tokenize(self._template(request))).ids


def turn(message: Message) -> str:
    return f"<|im_start|>{message.role}\n{message.content}<|im_end|>\n"


def chatml(request: ChatRequest) -> str:
    return "".join(map(turn, request.messages)) + "<|im_start|>assistant\n"


def trimming(request: ChatRequest) -> str:
    turns = (f"<|im_start|>{it.role}\n{it.content.strip()}<|im_end|>\n" for it in request.messages)
    return "".join(turns) + "<|im_start|>assistant\n"


def system_in_the_users_turn(request: ChatRequest) -> str:
    """As Gemma 3 and Mistral have it."""
    system = "".join(f"{it.content}\n\n" for it in request.messages if it.role == "system")
    turns = [it for it in request.messages if it.role != "system"]
    return f"<bos>{gemma_turns([Message('user', system + turns[0].content), *turns[1:]])}"


def refuses_a_system(request: ChatRequest) -> str:
    """As Gemma 2 has it: vLLM passes the template's complaint on."""
    if any(message.role == "system" for message in request.messages):
        raise EngineRefused(400, "System role not supported")
    return f"<bos>{gemma_turns(request.messages)}"


def gemma_turns(messages: Iterable[Message]) -> str:
    names = {"user": "user", "assistant": "model"}
    turns = (f"<start_of_turn>{names[it.role]}\n{it.content.strip()}<end_of_turn>\n" for it in messages)
    return "".join(turns) + "<start_of_turn>model\n"


def drops_a_system(request: ChatRequest) -> str:
    return "".join(turn(it) for it in request.messages if it.role != "system") + "<|im_start|>assistant\n"


def says_a_system_twice(request: ChatRequest) -> str:
    return "".join(turn(it) for it in request.messages for _ in range(2 if it.role == "system" else 1))


def with_a_system_of_its_own(request: ChatRequest) -> str:
    """As Qwen2.5 has it."""
    default = "" if request.messages[0].role == "system" else turn(Message("system", "You are a model."))
    return default + chatml(request)


def thinking(request: ChatRequest) -> str:
    """As Qwen3.6 has it: without thoughts where the switch says so."""
    return chatml(request) + (
        "<think>\n\n</think>\n\n" if request.template == {"enable_thinking": False} else "<think>\n"
    )


def always_thinking(request: ChatRequest) -> str:
    """As the models have it that only reason: no switch helps."""
    return chatml(request) + "<think>\n"


def without_generation_prompt(request: ChatRequest) -> str:
    return "".join(map(turn, request.messages))


def without_generation_prompt_and_thoughts_in_answers(request: ChatRequest) -> str:
    thoughts = {"assistant": "<think>\n\n</think>\n\n"}
    return "".join(turn(Message(it.role, thoughts.get(it.role, "") + it.content)) for it in request.messages)
