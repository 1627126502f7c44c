"""The chat of a task: its budget, its order, what of other files is shown, and that no secret is."""

from __future__ import annotations

from pathlib import Path

from understudy.checking.diagnostic import Diagnostic
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.editing import words
from understudy.engine.base import Message, ModelInfo
from understudy.engine.chat_served import ChatServed
from understudy.features.codeaction import prompt
from understudy.features.codeaction.task import Task

KEY = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
SMALL, LARGE = ChatServed(ModelInfo("small", 4096)), ChatServed(ModelInfo("large", 131072))
MAIN = "from helper import assist\n\n\ndef main(path):\n    return assist(pth)\n"
HELPER = 'def assist(path, twice=False):\n    """Assists."""\n    return path\n'


def document(name: str, text: str, root: Path = Path("/project")) -> Document:
    return Document((root / name).as_uri(), 1, "python", text)


def workspace(*documents: Document, ignore: tuple[str, ...] = ()) -> Workspace:
    made = Workspace((Path("/project"),), ignore)
    for it in documents:
        made.changed(None, it)
    return made


def task(it: Document, word: str = "pth", **more: object) -> Task:
    at = it.text.index(word)
    target = Diagnostic(Span(at, at + len(word)), f"Undefined name `{word}`")
    return Task("Fix", "Line 5: Undefined name\nFix this.", it, Span(at, at + len(word)), target=target, **more)  # type: ignore[arg-type]


async def built(it: Task, around: Workspace, served: ChatServed = LARGE) -> prompt.Prompt:
    found = await prompt.build(it, around, served)
    assert found is not None
    return found


async def test_what_stays_the_same_comes_first_and_the_problem_last() -> None:
    main, helper = document("main.py", MAIN), document("helper.py", HELPER)
    asked = await built(task(main), workspace(main, helper))
    system, user = asked.messages
    assert (system.role, system.content) == ("system", words.SYSTEM)
    order = [user.content.index(part) for part in ("helper.py\n```\n", "def assist", "main.py\n```\nfrom", "Line 5")]
    assert order == sorted(order)
    assert user.content.endswith("Line 5: Undefined name\nFix this.")


async def test_the_same_question_is_the_same_prompt() -> None:
    main, helper = document("main.py", MAIN), document("helper.py", HELPER)
    assert await built(task(main), workspace(main, helper)) == await built(task(main), workspace(main, helper))


async def test_an_ignored_file_is_not_shown_even_where_the_task_names_it() -> None:
    main, helper = document("main.py", MAIN), document("helper.py", HELPER)
    named = task(main, shown=((helper, Span(0, len(HELPER))),))
    assert "def assist" in (await built(named, workspace(main, helper))).messages[1].content
    hidden = await built(named, workspace(main, helper, ignore=("helper.py",)))
    assert "def assist" not in hidden.messages[1].content


async def test_a_small_context_gets_a_short_prompt() -> None:
    filler = "".join(f"def filler_{number}():\n    return {number}\n\n\n" for number in range(600))
    main = document("main.py", f"import os\n\n\n{filler}{MAIN}")
    others = document("helper.py", HELPER * 40)
    small = await built(task(main), workspace(main, others), SMALL)
    assert prompt.tokens_of(small.messages[1].content) <= 0.15 * 4096 + 50
    large = await built(task(main), workspace(main, others), LARGE)
    assert 2000 < prompt.tokens_of(large.messages[1].content) <= prompt.PROMPT_TOKENS + 50
    for asked in (small, large):
        assert "return assist(pth)" in asked.messages[1].content


async def test_prompt_and_answer_fit_the_context_or_it_is_too_long() -> None:
    for rows in (10, 100, 300, 1000):
        main = document("main.py", "".join(f"value_{number} = compute({number})\n" for number in range(rows)))
        whole = Task("Change", "Lines: sort them", main, Span(0, len(main.text)))
        asked = await prompt.build(whole, workspace(main), SMALL)
        if rows == 1000:
            assert asked is None
        elif asked is not None:
            assert sum(prompt.tokens_of(it.content) for it in asked.messages) + asked.answer < 4096
            assert "value_0 = " in asked.messages[1].content


async def test_a_second_try_goes_on_with_the_same_chat_while_there_is_room() -> None:
    main = document("main.py", MAIN)
    asked = await built(task(main), workspace(main))
    again = asked.again("no", "Line 3 is not there.")
    assert again is not None
    assert again.messages[:2] == asked.messages
    assert again.messages[2:] == (Message("assistant", "no"), Message("user", words.retry("Line 3 is not there.")))
    assert prompt.Prompt(asked.messages, asked.answer, 700).again("no " * 2000, "again") is None


async def test_prose_is_asked_for_in_other_words() -> None:
    main = document("main.py", MAIN)
    asked = await built(task(main, answer="prose"), workspace(main))
    assert asked.messages[0].content == prompt.PROSE


async def test_a_template_without_a_system_message_has_its_words_before_the_users() -> None:
    main = document("main.py", MAIN)
    asked = await built(task(main), workspace(main), ChatServed(ModelInfo("gemma", 8192), system=False))
    (user,) = asked.messages
    assert user.content.startswith(words.SYSTEM)


async def test_a_file_that_is_not_there_yet_is_asked_for_from_nothing() -> None:
    new = document("tests/test_main.py", "")
    main = document("main.py", MAIN)
    empty = Task("Test", "Write a test.", new, Span(0, 0), shown=((main, Span(0, len(MAIN))),), new=True)
    asked = await built(empty, workspace(main))
    assert "def main(path):" in asked.messages[1].content
    assert "tests/test_main.py\n```\n\n```\nWrite a test." in asked.messages[1].content


async def test_no_secret_is_shown_in_a_file_another_file_or_the_tasks_words() -> None:
    main, helper = document("main.py", f'{MAIN}TOKEN = "{KEY}"\n'), document("helper.py", f'{HELPER}KEY = "{KEY}"\n')
    it = task(main, shown=((helper, Span(0, len(helper.text))),))
    it = Task(it.title, f'Line 6: TOKEN = "{KEY}"', it.document, it.focus, target=it.target, shown=it.shown)
    asked = await built(it, workspace(main, helper))
    assert KEY not in asked.messages[1].content
    assert asked.messages[1].content.count("MASKED_SECRET") == 3


def test_what_is_said_of_a_file_holds_none_of_its_secrets() -> None:
    body = "MIIEowIBAAKCAQEAx3K2hV9bq7mZs1fR8tYw0uPnLcDgEjHkAoBiCvXeFzGrTyUl\nQwErTy12\n"
    pem = f"-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\n"
    said = prompt.hidden("The closest lines are:\n 3 | QwErTy12\n", f'KEY = """{pem}"""\n')
    assert "QwErTy12" not in said
    assert prompt.hidden(f'a = "{KEY}"', "a = 1\n") == 'a = "MASKED_SECRET"'


async def test_a_secret_that_a_message_quotes_without_its_name_is_not_shown() -> None:
    secret = "Zk3vQ9xT7bR2mW5yH8dF1gJ6nL4pS0cVaEuKz3XqB7tYw9RiGh2Lm5"
    main = document("main.py", f'{MAIN}API_TOKEN: int = "{secret}"\n')
    for quoted in (secret, f"{secret[:50]}…"):  # Pyright shows 50 characters of a text
        said = f'Line 6: Type "Literal[\'{quoted}\']" is not assignable to "int"\nFix this.'
        asked = await built(Task("Fix", said, main, Span(0, len(main.text))), workspace(main))
        assert secret[:12] not in asked.messages[1].content
        assert secret[12:24] not in asked.messages[1].content
        assert asked.messages[1].content.count("MASKED_LONG_SECRET") == 2


def test_a_mask_that_was_there_may_stay() -> None:
    assert prompt.writes_mask("a = 1\n", 'a = "MASKED_SECRET"\n')
    assert not prompt.writes_mask('a = "MASKED_SECRET"\n', 'b = "MASKED_SECRET"\n')
