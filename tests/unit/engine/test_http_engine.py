"""The client against a server that behaves as real ones sometimes do."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import aclosing

import pytest

from understudy.core.errors import EngineBroken, EngineError, EngineRefused, EngineUnavailable
from understudy.engine.base import (
    ChatChunk,
    ChatRequest,
    Chunk,
    Health,
    Load,
    Message,
    TextRequest,
    Tool,
    ToolCall,
    Usage,
)
from understudy.engine.client import HttpEngine
from unit.engine.asking import ASK, KEY, asking, texts
from unit.engine.fake_openai import (
    DONE,
    END,
    Script,
    answer,
    chat_event,
    chunk,
    event,
    fake_server,
    head,
    json_answer,
    stream_answer,
    text_event,
)


async def said(engine: HttpEngine, request: TextRequest = ASK) -> str:
    return "".join(chunk.text for chunk in await texts(engine, request))


async def chats(engine: HttpEngine, request: ChatRequest | None = None) -> list[ChatChunk]:
    async with aclosing(engine.chat(request or ChatRequest((Message("user", "hi"),), 8))) as stream:
        return [chunk async for chunk in stream]


class TestStream:
    async def test_pieces_alternatives_and_usage(self) -> None:
        usage = {"prompt_tokens": 9, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}}
        script = stream_answer(
            text_event("a"),
            text_event("x", index=1),
            text_event("b", "stop"),
            text_event("", "length", index=1),
            event({"choices": [], "usage": usage}),
            DONE,
        )
        async with asking(completions=script) as (engine, _):
            assert await texts(engine, TextRequest("p", 8, alternatives=2, temperature=0.5)) == [
                Chunk("a"),
                Chunk("x", 1),
                Chunk("b", 0, "stop"),
                Chunk("", 1, "length"),
                Chunk(usage=Usage(9, 3, 4)),
            ]

    async def test_a_stream_that_is_closed_early_has_told_its_cost(self) -> None:
        counted = {"choices": [{"index": 0, "text": "a"}], "usage": {"prompt_tokens": 9, "completion_tokens": 1}}
        script = stream_answer(event(counted), text_event("b", "stop"), DONE)
        async with asking(completions=script) as (engine, _), aclosing(engine.stream(ASK)) as stream:
            assert await anext(stream) == Chunk(usage=Usage(9, 1))
            assert await anext(stream) == Chunk("a")

    async def test_every_sampling_value_is_sent(self) -> None:
        request = TextRequest("p", 8, stop=("\n",), stop_token_ids=(3, 4), temperature=0.5, top_p=0.9, seed=7)
        async with asking(completions=stream_answer(text_event("", "stop"), DONE)) as (engine, server):
            await texts(engine, request)
        assert server.bodies("/v1/completions") == [
            {
                "model": "fake",
                "prompt": "p",
                "max_tokens": 8,
                "stop": ["\n"],
                "stop_token_ids": [3, 4],
                "temperature": 0.5,
                "top_p": 0.9,
                "top_k": 0,
                "min_p": 0.0,
                "presence_penalty": 0.0,
                "frequency_penalty": 0.0,
                "repetition_penalty": 1.0,
                "seed": 7,
                "stream": True,
                "stream_options": {"include_usage": True, "continuous_usage_stats": True},
            }
        ]

    async def test_a_server_that_is_not_vllm_is_only_sent_what_openai_names(self) -> None:
        models = json_answer({"data": [{"id": "m", "owned_by": "somebody"}]})
        async with asking(models=models, completions=stream_answer(text_event("", "stop"), DONE)) as (engine, server):
            await texts(engine)
        assert not {"top_k", "min_p", "repetition_penalty"} & set(server.bodies("/v1/completions")[0])

    async def test_the_key_is_sent_and_never_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        async with asking(completions=stream_answer(text_event("", "stop"), DONE)) as (engine, server):
            await texts(engine)
        assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {KEY}"}
        assert caplog.records
        assert KEY not in caplog.text

    async def test_a_character_may_be_cut_by_chunks(self) -> None:
        data = text_event("€ 𝛑 é", "stop").encode() + DONE.encode()
        script = [head(), *(chunk(data[i : i + 1]) for i in range(len(data))), END]
        async with asking(completions=script) as (engine, _):
            assert await said(engine) == "€ 𝛑 é"

    async def test_only_line_feeds_end_a_line(self) -> None:
        text = "a\u2028b\u0085c\x0bd\x0ce"
        async with asking(completions=stream_answer(text_event(text, "stop"), DONE)) as (engine, _):
            assert await said(engine) == text

    async def test_carriage_returns_comments_and_other_fields(self) -> None:
        events = ": keep-alive\r\n\r\nevent: x\r\nid: 1\r\n" + text_event("a", "stop").replace("\n", "\r\n") + ":\r\n"
        async with asking(completions=stream_answer(events, DONE.replace("\n", "\r\n"))) as (engine, _):
            assert await said(engine) == "a"

    async def test_data_over_several_lines(self) -> None:
        events = 'data: {"choices":\ndata: [{"text": "a", "finish_reason": "stop"}]}\n\n'
        async with asking(completions=stream_answer(events)) as (engine, _):
            assert await said(engine) == "a"

    async def test_a_huge_line(self) -> None:
        text = "x" * 3_000_000
        async with asking(completions=stream_answer(text_event(text, "stop"), DONE)) as (engine, _):
            assert await said(engine) == text

    async def test_an_endless_line_is_given_up(self) -> None:
        async with asking(completions=[head(), *[chunk(b"x" * 1_000_000)] * 20]) as (engine, _):
            with pytest.raises(EngineBroken):
                await texts(engine)

    async def test_done_without_a_reason_is_a_stop(self) -> None:
        async with asking(completions=stream_answer(text_event("a"), DONE)) as (engine, _):
            assert await texts(engine) == [Chunk("a"), Chunk("", 0, "stop")]

    async def test_a_reason_without_done_is_enough(self) -> None:
        async with asking(completions=stream_answer(text_event("a", "length"))) as (engine, _):
            assert await texts(engine) == [Chunk("a", 0, "length")]

    async def test_one_connection_serves_many_requests(self) -> None:
        script = stream_answer(text_event("a", "stop"), DONE)
        async with asking(completions=[script] * 5) as (engine, server):
            for _ in range(5):
                await texts(engine)
        assert len(server.writers) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("script", "kind", "words"),
        [
            (json_answer({"error": {"message": "too long"}}, 400), EngineRefused, "refused (400): too long."),
            (json_answer({"detail": "no"}, 422), EngineRefused, "(422): no."),
            (json_answer({"error": "out of memory"}, 500), EngineRefused, "(500): out of memory."),
            (json_answer({"error": {"message": "bad key"}}, 401), EngineRefused, "UNDERSTUDY_ENGINE_API_KEY"),
            (json_answer({}, 403), EngineRefused, "UNDERSTUDY_ENGINE_API_KEY"),
            (json_answer({"error": {"message": "queue full"}}, 503), EngineUnavailable, "queue full"),
            (answer("<html><title>Bad\nGateway</title></html>", "text/html", 502), EngineRefused, ": Bad Gateway."),
            (answer("<h1>Nope</h1>", "text/html", 404), EngineRefused, "engine.url"),
            (answer("", "text/plain", 302, "location: http://127.0.0.1:1/\r\n"), EngineRefused, "redirects"),
            (answer("<html>Log in</html>", "text/html"), EngineBroken, "not OpenAI's API"),
            (json_answer({"choices": []}), EngineBroken, "not OpenAI's API"),
            (stream_answer("data: {oops\n\n"), EngineBroken, "not OpenAI's API"),
            (stream_answer("data: [1]\n\n"), EngineBroken, "not OpenAI's API"),
            (stream_answer('data: {"choices": [{"text": 3}]}\n\n'), EngineBroken, "not OpenAI's API"),
            (stream_answer(b'data: {"choices": [{"text": "\xff"}]}\n\n'), EngineBroken, "not OpenAI's API"),
            (stream_answer(text_event("a")), EngineBroken, "broke off"),
            (stream_answer(text_event("a"), end=b""), EngineBroken, "broke off"),
            (stream_answer(text_event("a", "error"), DONE), EngineBroken, "broke off"),
            (stream_answer(event({"error": {"message": "died", "code": 500}})), EngineRefused, "(500): died."),
            ([b"not http at all\r\n\r\n"], EngineBroken, "without an answer"),
            ([], EngineBroken, "without an answer"),
        ],
    )
    async def test_each_is_one_sentence_and_a_remedy(self, script: Script, kind: type[EngineError], words: str) -> None:
        async with asking(completions=script) as (engine, _):
            with pytest.raises(kind) as caught:
                await texts(engine)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)
        assert caught.value.problem.endswith(".")
        assert caught.value.remedy.endswith(".")
        assert KEY not in str(caught.value)

    async def test_a_huge_error_body_is_not_read_whole(self) -> None:
        script = [head("text/plain", 500), *[chunk(b"x" * 60_000)] * 2, 30.0]
        async with asking(completions=script) as (engine, server):
            with pytest.raises(EngineRefused) as caught:
                await texts(engine)
            assert len(str(caught.value)) < 500
            await asyncio.wait_for(server.hung_up.wait(), 1)

    async def test_nobody_there(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            engine = HttpEngine(f"http://127.0.0.1:{free.getsockname()[1]}/v1")
            assert await engine.health() is Health.DOWN
            with pytest.raises(EngineUnavailable, match="cannot be reached"):
                await texts(engine)
            await engine.aclose()

    async def test_a_proxy_of_the_environment_is_not_asked_for_loopback(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        async with asking(completions=stream_answer(text_event("a", "stop"), DONE)) as (engine, _):
            assert await said(engine) == "a"

    @pytest.mark.parametrize("url", ["", "127.0.0.1:8000", "ftp://a/v1", "http://", "http://[::1", "http://a:x/v1"])
    def test_no_url(self, url: str) -> None:
        with pytest.raises(EngineUnavailable, match=r"engine\.url"):
            HttpEngine(url)

    @pytest.mark.parametrize("key", ["schlüssel", "two\nlines"])
    def test_no_key(self, key: str) -> None:
        with pytest.raises(EngineRefused, match="UNDERSTUDY_ENGINE_API_KEY") as caught:
            HttpEngine("http://127.0.0.1:1/v1", key)
        assert key not in str(caught.value)

    async def test_a_password_in_the_url_is_sent_and_not_shown(self) -> None:
        async with fake_server(completions=json_answer({}, 500)) as server:
            engine = HttpEngine(server.url.replace("//", "//me:pass%20word@"))
            with pytest.raises(EngineRefused) as caught:
                await texts(engine)
            await engine.aclose()
        assert "pass" not in str(caught.value)
        assert server.asked[0].headers["authorization"].startswith("Basic ")


class TestPriority:
    async def test_it_is_sent_only_where_it_says_something(self) -> None:
        script = stream_answer(text_event("", "stop"), DONE)
        async with asking(completions=[script] * 2) as (engine, server):
            await texts(engine)
            await texts(engine, TextRequest("p", 8, priority=-5))
        first, second = server.bodies("/v1/completions")
        assert "priority" not in first
        assert second["priority"] == -5

    async def test_a_server_that_refuses_it_is_asked_without_from_then_on(self) -> None:
        refused = json_answer({"error": {"message": "Got priority -5 but Priority scheduling is not enabled."}}, 400)
        script = stream_answer(text_event("a", "stop"), DONE)
        async with asking(completions=[refused, script, script]) as (engine, server):
            for _ in range(2):
                assert await said(engine, TextRequest("p", 8, priority=-5)) == "a"
        assert ["priority" in body for body in server.bodies("/v1/completions")] == [True, False, False]


class TestModel:
    async def test_the_named_one(self) -> None:
        models = json_answer({"data": [{"id": "a"}, {"id": "b", "root": "x/b", "max_model_len": 99}]})
        async with asking(model="b", models=models) as (engine, server):
            info = await engine.model()
            assert (info.id, info.root, info.context) == ("b", "x/b", 99)
            await engine.model()
            assert len(server.asked) == 1

    async def test_an_adapter_has_its_models_context(self) -> None:
        rows = [{"id": "base", "root": "x/base", "max_model_len": 99}, {"id": "lora", "root": "/l", "parent": "base"}]
        async with asking(model="lora", models=json_answer({"data": rows})) as (engine, _):
            info = await engine.model()
            assert (info.id, info.root, info.context) == ("lora", "x/base", 99)

    async def test_one_that_is_not_served(self) -> None:
        async with asking(model="other") as (engine, _):
            with pytest.raises(EngineRefused, match="no model named other; it serves fake"):
                await engine.model()

    @pytest.mark.parametrize(
        ("listing", "kind"),
        [({"data": []}, EngineUnavailable), ({"data": [{}]}, EngineBroken), ({}, EngineBroken), ([], EngineBroken)],
    )
    async def test_no_model(self, listing: object, kind: type[EngineError]) -> None:
        async with asking(models=json_answer(listing)) as (engine, _):
            with pytest.raises(kind):
                await engine.model()

    async def test_a_model_that_was_exchanged_is_looked_up_again(self) -> None:
        models = [json_answer({"data": [{"id": name}]}) for name in ("old", "new")]
        gone = json_answer({"error": {"message": "The model `old` does not exist."}}, 404)
        script = stream_answer(text_event("a", "stop"), DONE)
        async with asking(models=models, completions=[gone, script]) as (engine, server):
            with pytest.raises(EngineRefused, match="does not exist"):
                await texts(engine)
            assert await said(engine) == "a"
        assert [body["model"] for body in server.bodies("/v1/completions")] == ["old", "new"]


class TestChat:
    async def test_the_request(self) -> None:
        call = ToolCall("1", "find", '{"x": 1}')
        messages = (
            Message("system", "be brief"),
            Message("assistant", "", (call,)),
            Message("tool", "found", tool_call_id="1"),
        )
        request = ChatRequest(
            messages, 8, (Tool("find", "Finds.", {"type": "object"}),), template={"enable_thinking": False}
        )
        async with asking(chat=stream_answer(chat_event({"content": "ok"}, "stop"), DONE)) as (engine, server):
            assert await chats(engine, request) == [ChatChunk("ok", finish="stop")]
        body = server.bodies("/v1/chat/completions")[0]
        function = {"name": "find", "arguments": '{"x": 1}'}
        assert body["messages"] == [
            {"role": "system", "content": "be brief"},
            {"role": "assistant", "content": "", "tool_calls": [{"id": "1", "type": "function", "function": function}]},
            {"role": "tool", "content": "found", "tool_call_id": "1"},
        ]
        described = {"name": "find", "description": "Finds.", "parameters": {"type": "object"}}
        assert body["tools"] == [{"type": "function", "function": described}]
        assert body["chat_template_kwargs"] == {"enable_thinking": False}

    async def test_reasoning_under_either_name(self) -> None:
        script = stream_answer(
            chat_event({"role": "assistant", "content": ""}),
            chat_event({"reasoning": "hm"}),
            chat_event({"reasoning_content": "so"}),
            chat_event({"content": "yes"}, "stop"),
            DONE,
        )
        async with asking(chat=script) as (engine, _):
            chunks = await chats(engine)
        assert [chunk.reasoning for chunk in chunks] == ["", "hm", "so", ""]
        assert "".join(chunk.text for chunk in chunks) == "yes"

    @pytest.mark.parametrize("numbered", [True, False])
    async def test_calls_come_whole_and_once(self, numbered: bool) -> None:
        def piece(place: int, **rest: object) -> str:
            return chat_event({"tool_calls": [({"index": place} if numbered else {}) | rest]})

        script = stream_answer(
            piece(0, id="a", function={"name": "find", "arguments": ""}),
            piece(0, function={"arguments": '{"x"'}),
            piece(0, function={"arguments": ": 1}"}),
            piece(1, id="b", function={"name": "read", "arguments": "{}"}),
            chat_event({}, "stop"),
            DONE,
        )
        async with asking(chat=script) as (engine, _):
            chunks = [chunk for chunk in await chats(engine) if chunk != ChatChunk()]
        assert chunks == [
            ChatChunk(tool_calls=(ToolCall("a", "find", '{"x": 1}'),)),
            ChatChunk(tool_calls=(ToolCall("b", "read", "{}"),), finish="tool_calls"),
        ]

    async def test_a_call_that_was_cut_off_is_not_given_out(self) -> None:
        half = {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "find", "arguments": '{"x'}}]}
        async with asking(chat=stream_answer(chat_event(half), chat_event({}, "length"), DONE)) as (engine, _):
            assert await chats(engine) == [ChatChunk(), ChatChunk(finish="length")]

    async def test_the_deadline(self) -> None:
        async with asking(chat=stream_answer(chat_event({"content": "a"}), 30.0)) as (engine, _):
            chunks = await chats(engine, ChatRequest((Message("user", "hi"),), 8, deadline=0.1))
            assert chunks == [ChatChunk("a"), ChatChunk(finish="abort")]


class TestQuestions:
    async def test_tokenize(self) -> None:
        spelled = ["def", "Ġf", "Ċ", "<|fim_middle|>", "Ã", "©"]
        script = json_answer({"tokens": [1, 2, 3, 4, 5, 6], "token_strs": spelled})
        async with asking(tokenize=script) as (engine, server):
            tokens = await engine.tokenize("def f\n<|fim_middle|>é")
        assert tokens.ids == (1, 2, 3, 4, 5, 6)
        assert tokens.pieces == ("def", " f", "\n", "<|fim_middle|>", "", "é")
        body = server.bodies("/tokenize")[0]
        assert (body["add_special_tokens"], body["return_token_strs"]) == (False, True)

    @pytest.mark.parametrize("script", [json_answer({}, 404), json_answer({"tokens": []})])
    async def test_a_server_that_cannot(self, script: Script) -> None:
        async with asking(tokenize=script) as (engine, _):
            with pytest.raises(EngineRefused):
                await engine.tokenize("x")

    @pytest.mark.parametrize(
        ("script", "health"),
        [
            (answer("", "text/plain"), Health.READY),
            (answer("", "text/plain", 401), Health.READY),
            (answer("", "text/plain", 404), Health.READY),
            (answer("", "text/plain", 503), Health.DOWN),
            (json_answer({"error": {"message": "Loading model"}}, 503), Health.STARTING),
            (answer("", "text/html", 502), Health.DOWN),
            ([], Health.DOWN),
        ],
    )
    async def test_health(self, script: Script, health: Health) -> None:
        async with asking(health=script) as (engine, _):
            assert await engine.health() is health

    async def test_load(self) -> None:
        page = (
            "# HELP vllm:num_requests_running x\n"
            'vllm:num_requests_running{engine="0",model_name="a} 7"} 2.0\n'
            'vllm:num_requests_running{engine="1",model_name="a"} 1.0\n'
            'vllm:num_requests_waiting{engine="0"} 4.0\n'
            'vllm:num_requests_waiting_by_reason{engine="0"} 9.0\n'
            'vllm:kv_cache_usage_perc{engine="0"} 0.25\n'
            "vllm:prefix_cache_queries_total 1e+03\n"
            "vllm:prefix_cache_hits_total 640.0\n"
            "vllm:prompt_tokens_total 900.0\n"
            "vllm:prompt_tokens_cached_total 600.0\n"
        )
        async with asking(metrics=answer(page, "text/plain")) as (engine, _):
            assert await engine.load() == Load(3, 4, 0.25, 1000, 640, computed_tokens=300)

    async def test_no_metrics(self) -> None:
        async with asking(metrics=answer("up 1\n", "text/plain")) as (engine, _):
            with pytest.raises(EngineRefused, match="no metrics of vLLM"):
                await engine.load()
