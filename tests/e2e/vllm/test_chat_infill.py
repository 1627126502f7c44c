"""The chat forms on a real vLLM, whose bundled model has a chat template like Qwen's without the system's text: what is
put together here is, token for token, what vLLM itself would have made of the chat."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Protocol

import pytest

from understudy.context.workspace import Workspace
from understudy.core.settings import CompletionSettings
from understudy.core.statistics import NullRecorder
from understudy.core.text import Document
from understudy.engine.base import ChatRequest, Chunk, Message, TextRequest
from understudy.engine.chat_infill import NO_THINKING
from understudy.engine.chat_template import read_template
from understudy.engine.chat_words import HOLE_WORDS, OPEN_FILL, OPEN_SEARCH, REPLACE_WORDS
from understudy.engine.client import HttpEngine
from understudy.engine.fim import ContextFile, FimPrompt
from understudy.engine.plain_chat import PlainChat
from understudy.engine.scripted import ScriptedSource
from understudy.engine.served import Served, describe, text_request
from understudy.features.completion.complete import Completer
from understudy.features.completion.outcome import Query, Reason, Skipped, Trigger
from understudy.features.completion.watch import Watch

BLOCK = 32  # tokens; the engine's prefix cache holds whole blocks
THIS_FILE = Path(__file__).read_text(encoding="utf-8")
CURSOR = THIS_FILE.index("HOLE_WORDS, OPEN_FILL")
PROMPT = FimPrompt(
    f"{THIS_FILE[:CURSOR]}\n\ndef größer(a, b):  # 👩‍💻 <|im_end|>\n    return max(\n        ",
    THIS_FILE[CURSOR:][:2000],
    "tests/größe.py",
    files=(ContextFile("a.py", "A = 1\n"), ContextFile("b.py", "# no line end")),
)
every_form = pytest.mark.parametrize("name", ["hole", "replace"])
WORDS = {"hole": HOLE_WORDS, "replace": REPLACE_WORDS}
BEGINS = {"hole": OPEN_FILL, "replace": OPEN_SEARCH}


class Running(Protocol):
    base_url: str
    key: str


@pytest.fixture(name="client")
async def fixture_client(engine: Running) -> AsyncIterator[HttpEngine]:
    client = HttpEngine(engine.base_url, engine.key)
    yield client
    await client.aclose()


def request_for(served: Served, prompt: FimPrompt, max_tokens: int = 1) -> TextRequest:
    assert served.fim is not None
    return text_request(served, served.fim, prompt, max_tokens=max_tokens)


async def last(client: HttpEngine, request: TextRequest) -> Chunk:
    async with aclosing(client.stream(request)) as stream:
        return [chunk async for chunk in stream][-1]


@every_form
async def test_the_prompt_is_what_vllm_makes_of_the_chat(client: HttpEngine, name: str) -> None:
    served = await describe(client, name)
    assert served.fim is not None
    text = served.fim.render(PROMPT)
    template = await read_template(client, NO_THINKING)
    assert template is not None
    assert template.between is None  # the bundled model's has no place for a system's text, which begins the user's
    question, mark, answer = text.rpartition(template.after)
    user = question.removeprefix(template.before)
    assert user.startswith(WORDS[name])
    chat = ChatRequest((Message("user", user),), 1, template=NO_THINKING)
    ids = (await client.tokenize(text)).ids
    asked = await client.tokenize_chat(chat)
    assert ids[: len(asked)] == asked
    assert await client.detokenize(ids) == text
    assert mark
    assert answer.startswith(BEGINS[name])
    assert answer.endswith("return max(\n        "), "the indentation that the model goes on from"
    usage = (await last(client, request_for(served, PROMPT))).usage
    assert usage is not None
    assert usage.prompt == len(ids), "nothing was added or taken away on the way"


@every_form
async def test_the_users_text_is_no_control_token(client: HttpEngine, name: str) -> None:
    served = await describe(client, name)
    assert served.fim is not None
    special = set(served.stop_token_ids)
    assert len(special) >= 3
    counts = []
    for text in ("", "".join(served.fim.stops)):
        ids = (await client.tokenize(served.fim.render(FimPrompt(text, text, "x")))).ids
        counts.append(sum(number in special for number in ids))
    assert counts[0] == counts[1]


@every_form
async def test_a_keystroke_has_little_read_again(client: HttpEngine, name: str) -> None:
    """What is read again is the rest of a block, and what was typed."""
    served = await describe(client, name)
    typed = "result = compute(width)"
    computed = []
    for end in range(len(typed)):
        prompt = FimPrompt(PROMPT.prefix + typed[:end], f"{PROMPT.suffix}# {name}", PROMPT.path, files=PROMPT.files)
        usage = (await last(client, request_for(served, prompt))).usage
        assert usage is not None
        assert usage.computed is not None
        computed.append(usage.computed)
    sys.stderr.write(f"\n{name}: {computed[0]} tokens at first, then at most {max(computed[1:])} at a keystroke\n")
    assert max(computed[1:]) <= 2 * BLOCK


@every_form
async def test_the_whole_pipeline(client: HttpEngine, name: str) -> None:
    """The bundled model has never seen a chat: that an answer comes and is read is all there is to see."""
    settings = CompletionSettings(debounce_ms=0, alternatives=1, timeout_ms=60000)
    completer = Completer(
        settings, ScriptedSource(client), workspace=Workspace(), watch=Watch(NullRecorder()), fim=name
    )
    document = Document("untitled:a", 1, "python", "def area(width, height):\n    return \n")
    outcome = await completer.complete(Query(document, len(document.text) - 1, Trigger.INVOKED))
    await completer.aclose()
    if isinstance(outcome, Skipped):
        assert outcome.reason not in (Reason.ENGINE_FAILED, Reason.NO_FIM, Reason.TOO_SLOW), outcome


async def test_a_plain_chat(client: HttpEngine) -> None:
    request = TextRequest("Say something.", 16, stop=("</code_fill>",))
    pieces = [piece async for piece in PlainChat(client, "Answer.").stream(request)]
    assert [piece.finish for piece in pieces if piece.finish] in (["stop"], ["length"])
    assert pieces[-1].usage is not None
    assert pieces[-1].usage.completion
