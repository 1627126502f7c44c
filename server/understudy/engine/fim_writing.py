"""How a prompt of each family is written, with other files before the current one.

Where a family has a token or a documented way to put several files into a prompt, that is used: Qwen2.5-Coder's and
StarCoder2's repository forms, Mellum's `<filename>`, Codestral's `+++++`, CodeGemma's `<|file_separator|>`, and
DeepSeek-Coder's files one after the other, each below a comment with its path. Elsewhere the other files are comments
at the beginning of the prefix, whole text and all: so RepoCoder (arXiv 2303.12570) and CrossCodeEval (arXiv 2310.11248)
measured that models gain from them, and so Copilot, Tabby and Continue show them. A model that was never shown two
files in one text would take plain code there for the current file's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from understudy.core.text import split_lines
from understudy.engine.fim import Ending, FimPrompt

UNNAMED = "workspace"  # stands where a format has a place for the repository's name and there is none
PATH = "Path: "


def _qwen_head(prompt: FimPrompt) -> str:
    """The repository form of Qwen2.5-Coder, up to the current file; nothing where there is only that file."""
    if not prompt.files:
        return ""
    others = "".join(f"<|file_sep|>{file.path}\n{_closed(file.text)}" for file in prompt.files)
    return f"<|repo_name|>{prompt.repo or UNNAMED}\n{others}<|file_sep|>{prompt.path}\n"


def qwen(prompt: FimPrompt) -> str:
    """Qwen2.5-Coder's order, which its maker states."""
    return f"{_qwen_head(prompt)}<|fim_prefix|>{prompt.prefix}<|fim_suffix|>{prompt.suffix}<|fim_middle|>"


def qwen_suffix_first(prompt: FimPrompt) -> str:
    """The bundled model's: nothing between prefix and middle, as in Bavarian et al. 2022 (arXiv 2207.14255)."""
    return f"{_qwen_head(prompt)}<|fim_prefix|><|fim_suffix|>{prompt.suffix}<|fim_middle|>{prompt.prefix}"


def starcoder(prompt: FimPrompt) -> str:
    """StarCoder's, which trained on single files; Granite's too."""
    return f"<fim_prefix>{_with_comments(prompt)}<fim_suffix>{prompt.suffix}<fim_middle>"


def starcoder2(prompt: FimPrompt) -> str:
    """In the repository form a file's path is the first line of its text, also of the one in FIM form."""
    if not prompt.files:
        return starcoder(prompt)
    others = "".join(f"<file_sep>{file.path}\n{_closed(file.text)}" for file in prompt.files)
    current = starcoder(replace(prompt, prefix=f"{prompt.path}\n{prompt.prefix}", files=()))
    return f"<repo_name>{prompt.repo or UNNAMED}{others}<file_sep>{current}"


def mellum(prompt: FimPrompt) -> str:
    """Other files, then the current one, suffix first."""
    others = "".join(f"<filename>{file.path}\n{_closed(file.text)}" for file in prompt.files)
    current = f"<filename>{prompt.path}\n" if prompt.path or others else ""
    return f"{others}{current}<fim_suffix>{prompt.suffix}<fim_prefix>{prompt.prefix}<fim_middle>"


def deepseek(prompt: FimPrompt) -> str:
    """The files follow each other as in the repository form of DeepSeek-Coder's README."""
    others = "\n".join(f"{prompt.comment}{file.path}\n{_closed(file.text)}" for file in prompt.files)
    current = f"{others}\n{prompt.comment}{prompt.path}\n{prompt.prefix}" if others else prompt.prefix
    return f"<｜fim▁begin｜>{current}<｜fim▁hole｜>{prompt.suffix}<｜fim▁end｜>"  # noqa: RUF001 - as the token is spelled


def codellama(prompt: FimPrompt) -> str:
    """With the spaces of Meta's own code around the prefix and the suffix."""
    return f"<PRE> {_with_comments(prompt)} <SUF>{prompt.suffix} <MID>"


def codestral(prompt: FimPrompt) -> str:
    """Suffix first; the other files are part of the prefix."""
    others = "".join(f"+++++ {file.path}\n{_closed(file.text)}\n" for file in prompt.files)
    current = f"+++++ {prompt.path}\n" if others else ""
    return f"[SUFFIX]{prompt.suffix}[PREFIX]{others}{current}{prompt.prefix}"


def codegemma(prompt: FimPrompt) -> str:
    """Files with the separator between; no token is for their paths, which are comments."""
    others = "".join(
        f"{prompt.comment} {PATH}{file.path}\n{_closed(file.text)}<|file_separator|>" for file in prompt.files
    )
    current = f"{prompt.comment} {PATH}{prompt.path}\n" if others else ""
    return f"{others}<|fim_prefix|>{current}{prompt.prefix}<|fim_suffix|>{prompt.suffix}<|fim_middle|>"


def granite4(prompt: FimPrompt) -> str:
    """Granite 4's, with tokens spelled as Qwen's."""
    return f"<|fim_prefix|>{_with_comments(prompt)}<|fim_suffix|>{prompt.suffix}<|fim_middle|>"


def glm(prompt: FimPrompt) -> str:
    """GLM-4's."""
    return f"<|code_prefix|>{_with_comments(prompt)}<|code_suffix|>{prompt.suffix}<|code_middle|>"


def seed_coder(prompt: FimPrompt) -> str:
    """Suffix first."""
    return f"<[fim-suffix]>{prompt.suffix}<[fim-prefix]>{_with_comments(prompt)}<[fim-middle]>"


def next_file(prompt: FimPrompt) -> Ending:
    """An answer that has come to the comment which begins another file is over."""
    mark = f"\n{prompt.comment} {PATH}"

    def ending(text: str) -> int | None:
        end = text.find(mark)
        return end if end >= 0 else None

    return ending if prompt.files else lambda _: None


def next_path(prompt: FimPrompt) -> Ending:
    """The same in DeepSeek-Coder's form, where that comment is a path and nothing else: one that ends as those of the
    prompt's files do, so that a line of code in a comment is none."""
    endings = {PurePosixPath(path).suffix for path in (prompt.path, *(file.path for file in prompt.files))} - {""}
    if not prompt.files or not endings:
        return lambda _: None
    mark = re.compile(rf"\n{re.escape(prompt.comment)}[\w./@+-]+(?:{'|'.join(map(re.escape, sorted(endings)))})\r?\n")

    def ending(text: str) -> int | None:
        found = mark.search(text)
        return found.start() if found is not None else None

    return ending


def _with_comments(prompt: FimPrompt) -> str:
    """The prefix below the other files in comments, and below a comment with its own path where there are some."""
    if not prompt.files:
        return prompt.prefix
    comment = prompt.comment

    def commented(line: str) -> str:
        return f"{comment} {line}" if line.strip() else f"{comment}\n"

    others = "".join(
        f"{comment} {PATH}{file.path}\n" + "".join(map(commented, split_lines(_closed(file.text))))
        for file in prompt.files
    )
    return f"{others}{comment} {PATH}{prompt.path}\n{prompt.prefix}"


def _closed(text: str) -> str:
    """`text` with one line end at its end."""
    return text.rstrip("\n") + "\n"
