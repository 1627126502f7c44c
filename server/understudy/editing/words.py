"""What a model is told when it is to edit one file, and how it is to answer.

The bundled model is trained on exactly these words (`bundled/`), so a change here asks for another training. What stays
the same from one question to the next comes first, the problem last: a prefix cache then holds most of the prompt, and
a small model has the line in question right before its answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SEARCH = "<<<<<<< SEARCH"
DIVIDER = "======="
REPLACE = ">>>>>>> REPLACE"

SYSTEM = f"""You are an expert programmer who edits source code in an editor.
Answer with one or more search/replace blocks and nothing else:

{SEARCH}
lines exactly as they stand in the file, with their indentation
{DIVIDER}
the lines that take their place
{REPLACE}

- Quote whole lines, all of them and in one piece: never leave a line out, never write "..." for lines.
- Quote as few lines as make the place unique in the file.
- Change as little as possible: keep names, formatting and comments that have nothing to do with the task.
- To insert lines, quote the line before or after the place and repeat it in the second part.
- Solve the problem itself. Do not silence it with a comment, do not delete code that is needed.
- Use only names that are defined, imported or imported by your own edit."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a file, in the order of the file; `row` is the first one's number from 0, and `text` ends in no line
    end. Between two excerpts of a file lines are left out."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Other:
    """What the model is shown of another file."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnostic as its tool printed it. `row` counts from 0, and `line` is that line of the file."""

    row: int
    line: str
    message: str
    source: str = ""
    code: str = ""
    related: tuple[str, ...] = ()


def question(path: str, excerpts: Sequence[Excerpt], task: str, others: Sequence[Other] = ()) -> str:
    """The user's message: other files, the file itself, the task."""
    files = "".join(f"{other.path}\n```\n{other.text}\n```\n" for other in others)
    parts = "\n...\n".join(excerpt.text for excerpt in excerpts)
    return f"{files}{path}\n```\n{parts}\n```\n{task}"


def problems_task(problems: Sequence[Problem]) -> str:
    """The task of a fix: each problem with its line, last the words that ask for it."""
    return "".join(map(_problem, problems)) + "Fix this."


def instruction_task(first: int, last: int, instruction: str) -> str:
    """The task of a change that the user, or an action, has put in words; rows count from 0, `last` is within."""
    where = f"Line {first + 1}" if first == last else f"Lines {first + 1} to {last + 1}"
    return f"{where}: {instruction}"


def retry(explanation: str) -> str:
    """The user's second message, after an answer that could not be used."""
    return f"{explanation}\nAnswer again, with all the blocks."


def block(search: Sequence[str], replace: Sequence[str]) -> str:
    """A block as the model is to write it."""
    return "\n".join((SEARCH, *search, DIVIDER, *replace, REPLACE))


def _problem(problem: Problem) -> str:
    by = " ".join(word for word in (problem.source, problem.code) if word)
    head = f"Line {problem.row + 1}: {problem.message}" + (f" ({by})" if by else "")
    return "\n".join((head, *(f"  {line}" for line in problem.related), problem.line)) + "\n"
