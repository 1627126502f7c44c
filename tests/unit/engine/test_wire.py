"""The bodies of requests, field by field."""

from __future__ import annotations

import pytest

from understudy.engine import wire
from understudy.engine.base import TextRequest


@pytest.mark.parametrize("vllm", [True, False])
def test_a_prompt_that_is_whole_gets_no_special_token_before_it(*, vllm: bool) -> None:
    whole = wire.text_body(TextRequest("<bos>hi", 1, add_special_tokens=False), "m", vllm=vllm)
    assert whole["add_special_tokens"] is False
    assert "add_special_tokens" not in wire.text_body(TextRequest("hi", 1), "m", vllm=vllm)
