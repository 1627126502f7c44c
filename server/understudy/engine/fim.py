"""Fill-in-the-middle: the values of a prompt, and how the user's own text is kept from steering the model.

`understudy.engine.fim_formats` holds the table of formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

Evidence = Literal["vendor", "experimental", "chat"]
Order = Literal["prefix-first", "suffix-first"]

# A space, not an invisible character: a model may copy it, and then the user must be able to see it.
BREAK = " "


@dataclass(frozen=True, slots=True)
class ContextFile:
    """Text of another file, or a part of one, to stand before the current file."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class FimPrompt:
    """What the model is to see: the text around the cursor, where it is, and other files, most stable first. `comment`
    begins a comment in the current file's language."""

    prefix: str
    suffix: str
    path: str = ""
    repo: str = ""
    files: tuple[ContextFile, ...] = ()
    comment: str = "#"


# Says where an answer that has come so far is over, or None while it may go on.
Ending = Callable[[str], int | None]


def _never(_: FimPrompt) -> Ending:
    return lambda _: None


def _as_it_is(text: str, _: FimPrompt) -> str:
    return text


@dataclass(frozen=True, slots=True)
class FimFormat:
    """How one family of models is asked to fill in the middle.

    `models`: regular expressions searched in the lower-case model id. `evidence`: whether the maker says that the model
    does this; `chat`: no token is for it, and it is asked in words. `written`: the special tokens that a prompt holds.
    `tokens`: every special token of the family, `written` and `stops` among them; these are broken where they occur in
    the user's text. `stops`: special tokens that end an answer, the likeliest first. `stop_strings`: plain text that
    does. `whole`: the prompt begins as the model's own template does, so that the engine must not put a
    beginning-of-text token before it. `words`: where there are some, the prompt is the user's text in a chat, and they
    are the system's. `overhead`: tokens of a prompt besides the user's text, where they are many. `comments`: other
    files are shown as comments, which takes a token or two for each of their lines. `meets` and `trim` are for `ending`
    and `finish`.
    """

    name: str
    models: tuple[str, ...]
    evidence: Evidence
    order: Order
    written: tuple[str, ...]
    tokens: tuple[str, ...]
    stops: tuple[str, ...]
    write: Callable[[FimPrompt], str]
    stop_strings: tuple[str, ...] = ()
    comments: bool = False
    whole: bool = False
    words: str = ""
    overhead: int = 0
    meets: Callable[[FimPrompt], Ending] = _never
    trim: Callable[[str, FimPrompt], str] = _as_it_is

    def render(self, prompt: FimPrompt) -> str:
        """The raw text to send. Special tokens in `prompt`'s own texts are neutralised; the model begins the middle."""
        return self.write(self.neutral(prompt))

    def ending(self, prompt: FimPrompt) -> Ending:
        """Where an answer to `prompt` is over while it still comes: it has run into the text after the cursor."""
        return self.meets(self.neutral(prompt))

    def finish(self, text: str, prompt: FimPrompt) -> str:
        """The text for the cursor from a whole answer to `prompt`, which may say more than that."""
        return self.trim(text, self.neutral(prompt))

    def neutral(self, prompt: FimPrompt) -> FimPrompt:
        """`prompt` without any special token of the family."""

        def plain(text: str) -> str:
            return neutralise(text, self.tokens)

        files = tuple(ContextFile(plain(file.path), plain(file.text)) for file in prompt.files)
        return replace(
            prompt,
            prefix=plain(prompt.prefix),
            suffix=plain(prompt.suffix),
            path=plain(prompt.path),
            repo=plain(prompt.repo),
            files=files,
        )


def neutralise(text: str, special_tokens: tuple[str, ...]) -> str:
    """`text` with a space after the first character of every special token spelled in it.

    A tokenizer makes a special token only of its exact spelling, so `< |im_end|>` is plain text to it. Nothing is
    removed, hence no token can arise from the pieces around another; a second call changes nothing. `special_tokens`
    hold no white space and at least two characters each.
    """
    if not special_tokens:
        return text
    return _starts(special_tokens).sub(lambda match: match[0] + BREAK, text)


@lru_cache(maxsize=64)
def _starts(tokens: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the first character of every occurrence, also of occurrences that overlap."""
    by_first: dict[str, list[str]] = {}
    for token in tokens:
        by_first.setdefault(token[0], []).append(re.escape(token[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?={'|'.join(rest)})" for first, rest in by_first.items()))
