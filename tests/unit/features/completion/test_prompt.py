"""From what was gathered to what is sent: the names that a prompt gives, and the room that it may take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.context.arrange import Shown
from understudy.context.gather import Context
from understudy.core.settings import CompletionSettings
from understudy.core.text import Document
from understudy.engine.base import ModelInfo
from understudy.engine.fim import ContextFile
from understudy.engine.fim_formats import FORMATS
from understudy.engine.served import Served
from understudy.features.completion.prompt import (
    MARGIN,
    PREFIX_FIRST_SUFFIX,
    budget,
    repository,
    shown,
    suffix_budget,
)

QWEN = FORMATS[0]
CONTEXT = Context("before", "after", "head\n", "src/a.ts", (Shown("src/b.ts", "const b = 1\n"),))


@pytest.mark.parametrize(
    ("uri", "path", "name"),
    [
        ("file:///home/me/shop/src/a.py", "src/a.py", "shop"),
        ("file:///home/me/shop/a%20b.py", "a b.py", "shop"),
        ("file:///a.py", "a.py", ""),
        ("untitled:Untitled-1", "Untitled-1", ""),
        ("file:///home/me/real/a.py", "linked/a.py", ""),
    ],
)
def test_a_repository_is_called_as_its_folder(uri: str, path: str, name: str) -> None:
    assert repository(uri, path) == name


def test_a_prompt_has_what_was_gathered_and_the_comment_of_its_language() -> None:
    prompt = shown(CONTEXT, Document("file:///home/me/shop/src/a.ts", 1, "typescript", "beforeafter"))
    assert (prompt.prefix, prompt.suffix) == ("head\nbefore", "after")
    assert (prompt.repo, prompt.path, prompt.comment) == ("shop", "src/a.ts", "//")
    assert prompt.files == (ContextFile("src/b.ts", "const b = 1\n"),)
    assert shown(CONTEXT, Document("file:///home/me/shop/a.toml", 1, "toml", "")).comment == "#"


def test_a_prompt_leaves_room_for_the_longest_answer() -> None:
    settings = CompletionSettings(prompt_tokens=32768, max_tokens=100)
    served = Served(ModelInfo("m", 4096), QWEN)
    assert budget(settings, served) == 4096 - 2 * 100 - MARGIN
    commented = Served(ModelInfo("m", 4096), replace(QWEN, comments=True))
    assert budget(settings, commented) < budget(settings, served) * 0.95, "each line of another file takes a mark"
    assert budget(CompletionSettings(prompt_tokens=512), served) == 512


def test_what_is_read_again_at_every_keystroke_is_short() -> None:
    assert suffix_budget(Served(ModelInfo("m", 4096), QWEN)) == PREFIX_FIRST_SUFFIX
    assert suffix_budget(Served(ModelInfo("m", 4096), replace(QWEN, order="suffix-first"))) is None
