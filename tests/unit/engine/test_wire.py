"""The bodies of requests, field by field."""

from __future__ import annotations

import pytest

from understudy.engine import wire
from understudy.engine.base import ChatRequest, Message, TextRequest
from understudy.engine.catalogue import load_catalogue
from understudy.engine.catalogue.schema import Model

ASK = (Message("user", "hi"),)


@pytest.mark.parametrize("vllm", [True, False])
def test_a_prompt_that_is_whole_gets_no_special_token_before_it(*, vllm: bool) -> None:
    whole = wire.text_body(TextRequest("<bos>hi", 1, add_special_tokens=False), "m", vllm=vllm)
    assert whole["add_special_tokens"] is False
    assert "add_special_tokens" not in wire.text_body(TextRequest("hi", 1), "m", vllm=vllm)


class TestSampling:
    """What is sampled with is always said, since a server may take other values from the checkpoint."""

    def test_greedy(self) -> None:
        for body in (
            wire.text_body(TextRequest("hi", 1), "m", vllm=True),
            wire.chat_body(ChatRequest(ASK, 1), "m", vllm=True),
        ):
            sent = {name: body[name] for name in ("temperature", "top_p", "top_k", "min_p", "presence_penalty")}
            assert sent == {"temperature": 0.0, "top_p": 1.0, "top_k": 0, "min_p": 0.0, "presence_penalty": 0.0}
            assert (body["frequency_penalty"], body["repetition_penalty"]) == (0.0, 1.0)

    def test_what_a_request_says(self) -> None:
        said = {"temperature": 0.7, "top_p": 0.8, "top_k": 20, "presence_penalty": 1.5}
        for body in (
            wire.text_body(TextRequest("hi", 1, **said), "m", vllm=True),  # type: ignore[arg-type]
            wire.chat_body(ChatRequest(ASK, 1, **said), "m", vllm=True),  # type: ignore[arg-type]
        ):
            assert {name: body[name] for name in said} == said

    def test_a_stricter_server_is_not_sent_what_it_refuses(self) -> None:
        body = wire.chat_body(ChatRequest(ASK, 1), "m", vllm=False)
        assert not {"top_k", "min_p", "repetition_penalty"} & set(body)
        assert body["presence_penalty"] == 0.0
        assert wire.chat_body(ChatRequest(ASK, 1, top_k=20), "m", vllm=False)["top_k"] == 20

    @pytest.mark.parametrize("row", load_catalogue().models, ids=lambda row: row.name)
    def test_what_the_catalogue_says_of_a_model_is_what_is_sent(self, row: Model) -> None:
        """Rows of models that chat are sent as they stand: sampling of each use, and the template's switches."""
        vllm = row.served_by == "vllm"
        for use, sampling in row.sampling.items():
            fields = sampling.model_dump()
            template = row.template.get("thinking" if use == "thinking" else "plain", {})
            body = wire.chat_body(ChatRequest(ASK, 1, template=template, **fields), "m", vllm=vllm)
            text = wire.text_body(TextRequest("hi", 1, **fields), "m", vllm=vllm)
            for name, value in fields.items():
                if vllm or name != "top_k" or value:
                    assert body[name] == text[name] == value
            assert body.get("chat_template_kwargs", {}) == dict(template)
