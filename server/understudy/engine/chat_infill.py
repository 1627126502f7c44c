"""Fill-in-the-middle from a model that only knows chats: two forms of question, each with an answer already begun.

The model is shown the file with a hole that begins some lines above the cursor, and its answer holds these lines
already; so what it writes next begins at the cursor (llama.vim, PR 138, begins the answer with the line before the
cursor). The hole's beginning moves in steps of lines: while the user types, only the end of the prompt changes, and
the engine finds the rest in its prefix cache.

`hole` asks for the text of the hole (as Taelin's hole filler and Continue do). `replace` has the lines around the hole
searched and replaced (search-and-replace infilling, arXiv 2601.13384): the answer always runs on into the lines below
the cursor, which shows where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from understudy.core.overlap import without_overlap
from understudy.core.text import line_after, split_lines
from understudy.engine.base import Engine
from understudy.engine.chat_template import ChatTemplate, read_template
from understudy.engine.chat_words import (
    CLOSE_FILE,
    CLOSE_FILL,
    CLOSE_REPLACE,
    HOLE,
    HOLE_WORDS,
    MIDDLE,
    OPEN_FILE,
    OPEN_FILL,
    OPEN_SEARCH,
    OTHER_TOKENS,
    REPLACE_WORDS,
    STRUCTURE,
)
from understudy.engine.fim import Ending, FimFormat, FimPrompt
from understudy.engine.fim_formats import FORMATS
from understudy.engine.vocabulary import token_ids

STEP = 8  # lines in which the beginning of the hole moves
BEGUN = 50  # characters besides white space that an answer holds already, where the file has them (llama.vim, PR 138)
ABOVE, BELOW = 2, 3  # lines around the hole that `replace` repeats
FARTHEST_BELOW = 12  # lines, blank ones among them
CERTAIN = 12  # characters besides white space, from which on text below the cursor is known when it comes again
FENCE = "```"
NO_THINKING: Mapping[str, Any] = {"enable_thinking": False}
# What looks like a control token in a template: `<|im_end|>`, `<end_of_turn>`, `<turn|>`, `[INST]`.
_CONTROL = re.compile(r"<(?!/?think>)[^\s<>]+>|\[/?[A-Z_]+\]")  # code may spell <think>, which is plain text to it


@dataclass(frozen=True, slots=True)
class Form:
    """How the question is put: `words` are the system's, `begin` writes the answer up to the cursor. The answer ends
    with `close`; where it `repeats`, the lines below the cursor come before that. Small models write the mark `again`
    first, as if nothing had been begun."""

    name: str
    words: str
    begin: Callable[[FimPrompt], str]
    again: str
    close: str
    repeats: bool


async def chat_format(engine: Engine, name: str, switches: Mapping[str, Any] = NO_THINKING) -> FimFormat | None:
    """The form `name` in the template of the model that `engine` serves, with the template's `switches` set.

    None where the engine renders no chats, as all but vLLM. Raises `EngineError` where it cannot be asked.
    """
    template = await read_template(engine, switches)
    if template is None:
        return None
    known = (token for row in FORMATS for token in row.tokens)
    candidates = tuple(dict.fromkeys((*_CONTROL.findall(template.glue), *known, *OTHER_TOKENS)))
    form = next(form for form in FORMS if form.name == name)
    found = chat_format_of(form, template, tuple(await token_ids(engine, candidates)))
    return replace(found, overhead=len((await engine.tokenize(found.render(FimPrompt("", "")))).ids))


def chat_format_of(form: Form, template: ChatTemplate, controls: tuple[str, ...]) -> FimFormat:
    """The format that a form becomes in a template. `controls`: the spellings of the model's control tokens."""
    return FimFormat(
        name=form.name,
        models=(),
        evidence="chat",
        order="suffix-first",
        written=(HOLE,),
        tokens=tuple(dict.fromkeys((*controls, *STRUCTURE))),
        stops=controls,
        stop_strings=(form.close,),
        write=partial(_write, form, template),
        whole=True,
        meets=partial(_meets, form),
        trim=partial(_trim, form),
    )


def plain_format() -> FimFormat:
    """`hole` for an engine that renders no chats: asked by `engine.plain_chat`, with nothing begun."""
    return FimFormat(
        name=FORMS[0].name,
        models=(),
        evidence="chat",
        order="prefix-first",
        written=(HOLE,),
        tokens=tuple(dict.fromkeys((*(token for row in FORMATS for token in row.tokens), *OTHER_TOKENS, *STRUCTURE))),
        stops=(),
        stop_strings=(CLOSE_FILL,),
        write=lambda prompt: _question(_with_line_feeds(prompt), prompt.prefix.replace("\r\n", "\n")),
        words=HOLE_WORDS,
        overhead=len(HOLE_WORDS) // 3,  # rather too many: words have more characters a token
        meets=partial(_meets, FORMS[0]),
        trim=partial(_trim, FORMS[0]),
    )


def _write(form: Form, template: ChatTemplate, prompt: FimPrompt) -> str:
    prompt = _with_line_feeds(prompt)
    above, _ = divided(prompt.prefix)
    return template.render(form.words, _question(prompt, above)) + form.begin(prompt)


def _question(prompt: FimPrompt, above: str) -> str:
    """The user's text: the files, the last one with a hole that begins after the text `above`."""
    others = "".join(f'{OPEN_FILE} path="{file.path}">\n{_closed(file.text)}{CLOSE_FILE}\n\n' for file in prompt.files)
    shown = _closed(f"{above}{HOLE}{prompt.suffix}")
    return f'{others}{OPEN_FILE} path="{prompt.path or "untitled"}">\n{shown}{CLOSE_FILE}'


def divided(prefix: str) -> tuple[str, str]:
    """The text above the hole, and the text of the hole up to the cursor: whole lines and the cursor's own.

    It does not depend on the cursor's own line, which changes with every keystroke.
    """
    lines = prefix.split("\n")
    row = len(lines) - 1
    start = max(0, row - 1) // STEP * STEP
    while start and sum(len("".join(line.split())) for line in lines[start:row]) < BEGUN:
        start -= STEP
    return "".join(f"{line}\n" for line in lines[:start]), "\n".join(lines[start:])


def _begin_fill(prompt: FimPrompt) -> str:
    return f"{OPEN_FILL}{divided(prompt.prefix)[1]}"


def _begin_replacement(prompt: FimPrompt) -> str:
    above, typed = divided(prompt.prefix)
    near = "".join(split_lines(above)[-ABOVE:])
    return f"{OPEN_SEARCH}\n{near}{HOLE}{_first_lines(prompt.suffix)}\n{MIDDLE}\n{near}{typed}"


def _first_lines(suffix: str) -> str:
    """The rest of the cursor's line and the next lines, without the last one's line end."""
    taken, solid = "", 0
    for line in split_lines(suffix)[:FARTHEST_BELOW]:
        taken += line
        solid += bool(line.strip())
        if solid == BELOW:
            break
    return taken.rstrip("\n")


def _meets(form: Form, prompt: FimPrompt) -> Ending:
    """The answer is over where a mark says so, or where it has come to the lines below the cursor."""
    below = _first_lines(_with_line_feeds(prompt).suffix)
    ends = (*_ends(prompt), below) if len("".join(below.split())) >= CERTAIN else _ends(prompt)

    def ending(text: str) -> int | None:
        start = len(form.again) if text.startswith(form.again) else 0
        return min((end for end in (text.find(mark, start) for mark in ends) if end >= 0), default=None)

    return ending


def _ends(prompt: FimPrompt) -> tuple[str, ...]:
    """Text that no answer holds, since the user's text cannot: our marks, and Markdown's where the file has none."""
    return STRUCTURE if FENCE in prompt.prefix or FENCE in prompt.suffix else (*STRUCTURE, f"\n{FENCE}")


def _trim(form: Form, text: str, prompt: FimPrompt) -> str:
    """The text for the cursor: without the end of the answer, and without what stands after the cursor already."""
    suffix = _with_line_feeds(prompt).suffix
    text = text.removeprefix(form.again)
    text = text[: min((end for end in map(text.find, _ends(prompt)) if end >= 0), default=len(text))]
    if form.repeats:
        text = text.removesuffix("\n")  # before the closing mark, which is on a line of its own
        below = _first_lines(suffix)
        for again in (below.rstrip(), line_after(below, 0).rstrip()):
            if again and text.rstrip().endswith(again):
                return text.rstrip().removesuffix(again)
    text = without_overlap(text, suffix)
    whole_lines = _holds_whole_lines(prompt.prefix, suffix) and text.strip() and not text.endswith("\n")
    return f"{text}\n" if whole_lines else text


def _holds_whole_lines(prefix: str, suffix: str) -> bool:
    """Whether the hole is between two lines, rather than inside of one or at its end."""
    return not prefix.rpartition("\n")[2] and bool(line_after(suffix, 0).strip())


def _with_line_feeds(prompt: FimPrompt) -> FimPrompt:
    """`prompt` as models know text; editors put their own line ends into what is inserted."""
    files = tuple(replace(file, text=file.text.replace("\r\n", "\n")) for file in prompt.files)
    prefix, suffix = prompt.prefix.replace("\r\n", "\n"), prompt.suffix.replace("\r\n", "\n")
    return replace(prompt, prefix=prefix, suffix=suffix, files=files)


def _closed(text: str) -> str:
    """`text` with a line end at its end."""
    return text if text.endswith("\n") else f"{text}\n"


FORMS = (
    Form("hole", HOLE_WORDS, _begin_fill, OPEN_FILL, CLOSE_FILL, repeats=False),
    Form("replace", REPLACE_WORDS, _begin_replacement, HOLE, CLOSE_REPLACE, repeats=True),
)
