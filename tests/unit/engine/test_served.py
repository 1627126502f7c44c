"""What is served, told from the model's name and its tokens."""

from __future__ import annotations

from understudy.core.errors import EngineRefused
from understudy.engine.base import ModelInfo, Tokens
from understudy.engine.scripted import SPECIAL_TOKENS, ScriptedEngine
from understudy.engine.served import Served, describe


class Tokenless(ScriptedEngine):
    """A server that is not vLLM."""

    async def tokenize(self, text: str) -> Tokens:
        raise EngineRefused(404, "no such path")


class Unknowing(ScriptedEngine):
    """A vocabulary that has one token for everything it does not know."""

    async def tokenize(self, text: str) -> Tokens:
        return Tokens((0,), ("<unk>",))


async def test_the_name_says_the_format_and_the_tokenizer_the_ids() -> None:
    info = ModelInfo("Qwen/Qwen2.5-Coder-7B", 32768)
    served = await describe(ScriptedEngine(model=info), "auto")
    assert served.info == info
    assert served.fim is not None
    assert (served.fim.name, served.fim.evidence) == ("qwen", "vendor")
    assert [SPECIAL_TOKENS[number] for number in served.stop_token_ids] == list(served.fim.stops)
    assert served.stop == ()


async def test_the_tokens_say_the_format() -> None:
    served = await describe(ScriptedEngine(), "auto")
    assert served.fim is not None
    assert (served.fim.name, served.fim.evidence) == ("qwen", "experimental")


async def test_without_a_tokenizer_the_likeliest_stops_are_sent_as_strings() -> None:
    served = await describe(Tokenless(model=ModelInfo("starcoder2-3b", 16384)), "auto")
    assert served.stop_token_ids == ()
    assert served.stop == ("<|endoftext|>", "<file_sep>", "<fim_prefix>", "<fim_suffix>")


async def test_a_stop_that_is_text_is_always_a_string() -> None:
    served = await describe(Tokenless(model=ModelInfo("codestral-22b", 16384)), "auto")
    assert served.stop == ("\n+++++ ", "[PREFIX]", "[SUFFIX]", "</s>")


async def test_a_token_that_the_vocabulary_lacks_is_not_an_id() -> None:
    served = await describe(Unknowing(model=ModelInfo("starcoder2-3b", 16384)), "auto")
    assert served.stop_token_ids == ()


async def test_no_format() -> None:
    info = ModelInfo("gpt-x", 4096)
    assert await describe(Tokenless(model=info), "auto") == Served(info, None)
    assert await describe(Unknowing(model=info), "auto") == Served(info, None)


async def test_the_setting_wins() -> None:
    served = await describe(Tokenless(model=ModelInfo("gpt-x", 4096)), "deepseek")
    assert served.fim is not None
    assert served.fim.name == "deepseek"
