"""Who counts tokens for commands."""

from __future__ import annotations

from understudy.cli.reader import Reader
from understudy.engine.base import Tokens
from understudy.engine.script import parse
from understudy.engine.scripted import ScriptedEngine

TOKEN = "ghp_" + "q7Rz2LmPw9XvNb4TyKc8Jd5HsGf3Ae6UoQ1Z"


class Listening(ScriptedEngine):
    """Keeps what it was asked to tokenise."""

    heard = ""

    async def tokenize(self, text: str) -> Tokens:
        self.heard += text
        return await super().tokenize(text)


async def test_a_secret_reaches_the_tokenizer_as_little_as_the_model() -> None:
    engine = Listening(parse('!always\n"x"\n'))
    reader = Reader(engine)
    await reader.learn(f'import shop\nAPI = "{TOKEN}"\n')
    assert "import shop" in engine.heard
    assert TOKEN[4:12] not in engine.heard
