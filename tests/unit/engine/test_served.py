"""What is served, told from the model's name and its tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from understudy.core.errors import EngineRefused
from understudy.engine.base import ChatRequest, ModelInfo, Tokens
from understudy.engine.catalogue import load_catalogue
from understudy.engine.fim import FimPrompt
from understudy.engine.script import say
from understudy.engine.scripted import SPECIAL_TOKENS, ScriptedEngine
from understudy.engine.served import Served, asking, describe, text_request
from unit.engine import chat_models as models
from unit.engine.chat_models import ChatModel


class Tokenless(ScriptedEngine):
    """A server that is not vLLM."""

    async def tokenize(self, text: str) -> Tokens:
        raise EngineRefused(404, "no such path")

    async def tokenize_chat(self, request: ChatRequest) -> tuple[int, ...]:
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


class TestChatModels:
    """Models that have no token for a hole."""

    async def test_a_chat_model_is_asked_about_a_hole(self) -> None:
        served = await describe(ChatModel(models.chatml), "auto")
        assert served.fim is not None
        assert (served.fim.name, served.fim.evidence) == ("hole", "chat")
        assert served.stop == ("</code_fill>",)
        assert len(served.stop_token_ids) == len(models.CHATML)

    async def test_a_model_with_tokens_is_asked_with_them(self) -> None:
        served = await describe(ScriptedEngine(), "auto")
        assert served.fim is not None
        assert served.fim.name == "qwen"

    @pytest.mark.parametrize("name", ["hole", "replace"])
    async def test_the_setting_chooses_the_form_before_the_tokens(self, name: str) -> None:
        served = await describe(ScriptedEngine(model=ModelInfo("Qwen/Qwen2.5-Coder-7B", 32768)), name)
        assert served.fim is not None
        assert served.fim.name == name
        assert [SPECIAL_TOKENS[number] for number in served.stop_token_ids] == list(served.fim.stops)

    async def test_an_engine_without_a_template_is_asked_in_a_plain_chat_where_the_user_says_so(self) -> None:
        engine = Tokenless([say("Sure: <code_fill>", "x + 1", "</code_fill>")], model=ModelInfo("gpt-x", 4096))
        served = await describe(engine, "hole")
        assert served.fim is not None
        prompt = FimPrompt("def f(x):\n    return ", "\n\n\nprint(f(1))\n")
        request = text_request(served, served.fim, prompt, max_tokens=16)
        answer = "".join([piece.text async for piece in asking(engine, served.fim).stream(request)])
        assert served.fim.finish(answer, prompt) == "x + 1"
        sent = engine.seen[0].request
        assert isinstance(sent, ChatRequest)
        assert [message.role for message in sent.messages] == ["system", "user"]
        assert "return <code_hole/>\n\n\nprint" in sent.messages[1].content
        assert sent.stop == ("</code_fill>",)

    async def test_a_replacement_needs_the_template(self) -> None:
        with pytest.raises(EngineRefused, match=r"replace needs.*`engine.fim` to hole"):
            await describe(Tokenless(model=ModelInfo("gpt-x", 4096)), "replace")

    async def test_a_whole_prompt_is_sent_as_it_is(self) -> None:
        for engine, name, adds in ((ChatModel(models.chatml), "auto", False), (ScriptedEngine(), "auto", True)):
            served = await describe(engine, name)
            assert served.fim is not None
            request = text_request(served, served.fim, FimPrompt("a", "b"), max_tokens=1)
            assert request.add_special_tokens is adds


ROW = """
[[model]]
name = "{name}"
servedBy = "vllm"
lanes = ["typing"]
licence = "MIT"
commercial = true
parameters = 1
activeParameters = 1
cachePerToken = 1024
context = 4096
infill = "{infill}"
tested = "not run here"
checkpoints = [{{ model = "me/{name}", precision = "bf16", weights = 2.0, active = 2.0, source = "a test" }}]
"""


@contextmanager
def catalogue(folder: Path, monkeypatch: pytest.MonkeyPatch, rows: str) -> Iterator[None]:
    """The user's own rows."""
    (folder / "models.toml").write_text(rows)
    monkeypatch.setenv("UNDERSTUDY_CONFIG_HOME", str(folder))
    assert load_catalogue().problems == ()
    yield


class TestCatalogue:
    """What a row says comes after the setting and before names and tokens."""

    @pytest.mark.parametrize(("infill", "name"), [("hole", "hole"), ("replace", "replace"), ("none", None)])
    async def test_a_row_chooses(
        self, infill: str, name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with catalogue(tmp_path, monkeypatch, ROW.format(name="starcoder2-mine", infill=infill)):
            served = await describe(ScriptedEngine(model=ModelInfo("starcoder2-mine", 4096)), "auto")
            assert (served.fim.name if served.fim else None) == name
            override = await describe(ScriptedEngine(model=ModelInfo("starcoder2-mine", 4096)), "qwen")
            assert override.fim is not None
            assert override.fim.name == "qwen"

    async def test_a_rows_format_and_evidence(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fim = '[model.fim]\nformat = "mellum"\nevidence = "experimental"\nsource = "a test"\n'
        with catalogue(tmp_path, monkeypatch, ROW.format(name="starcoder2-mine", infill="fim") + fim):
            served = await describe(Tokenless(model=ModelInfo("starcoder2-mine", 4096)), "auto")
        assert served.fim is not None
        assert (served.fim.name, served.fim.evidence) == ("mellum", "experimental")

    async def test_a_rows_sampling_is_sent(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = ROW.format(name="warm", infill="hole") + "[model.sampling.typing]\ntemperature = 0.25\ntopK = 7\n"
        with catalogue(tmp_path, monkeypatch, rows):
            served = await describe(ChatModel(models.chatml, name="warm"), "auto")
        assert served.fim is not None
        request = text_request(served, served.fim, FimPrompt("a", "b"), max_tokens=1)
        assert (request.temperature, request.top_k, request.top_p) == (0.25, 7, 1.0)

    async def test_a_rows_switches_reach_the_template(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def template(request: ChatRequest) -> str:
            return models.chatml(request) + ("calm\n" if request.template == {"mood": "calm"} else "wild\n")

        rows = ROW.format(name="moody", infill="hole") + '[model.template.plain]\nmood = "calm"\n'
        with catalogue(tmp_path, monkeypatch, rows):
            served = await describe(ChatModel(template, name="moody"), "auto")
        assert served.fim is not None
        assert "assistant\ncalm\n<code_fill>" in served.fim.render(FimPrompt("", ""))

    async def test_a_row_for_a_chat_does_not_make_an_engine_pay_that_shows_no_template(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with catalogue(tmp_path, monkeypatch, ROW.format(name="paid", infill="hole")):
            engine = Tokenless(model=ModelInfo("paid", 4096))
            assert (await describe(engine, "auto")).fim is None
            assert engine.seen == []
