"""The fill-in-the-middle formats, one row per family, and the choice among them.

Sources: the makers' model cards and reports; StarCoder2: arXiv 2402.19173 section 5.1; Seed-Coder: its report's section
on pre-training. "experimental" marks what users report and the maker does not state.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from understudy.core.errors import EngineError
from understudy.engine.fim import FimFormat, FimPrompt

AUTOMATIC = "auto"
UNNAMED = "workspace"  # stands where a format has a place for the repository's name and there is none


def choose(model_id: str, root: str, override: str, has_token: Callable[[str], bool]) -> FimFormat | None:
    """The format for a model: the one that `override` names, else by id, else by checkpoint, else by special tokens.

    A format that only the tokens speak for is experimental. None when nothing fits. Raises `EngineError` for an
    `override` that is not in the table.
    """
    if override and override != AUTOMATIC:
        return _named(override)
    for name in (model_id, root):
        for row in FORMATS:
            if any(re.search(pattern, name.lower()) for pattern in row.models):
                return row
    detected = (row for row in FORMATS if all(has_token(token) for token in row.written))
    return next((replace(row, evidence="experimental") for row in detected), None)


def _named(name: str) -> FimFormat:
    for row in FORMATS:
        if row.name == name:
            return row
    raise EngineError(
        f"There is no fill-in-the-middle format named {name}.",
        f"Set `engine.fim` to {AUTOMATIC} or one of {', '.join((*NAMES, *CHAT_NAMES))}.",
    )


def _qwen_head(prompt: FimPrompt) -> str:
    """The repository form of Qwen2.5-Coder, up to the current file; nothing where there is only that file."""
    if not prompt.files and not prompt.repo:
        return ""
    others = "".join(f"<|file_sep|>{file.path}\n{_closed(file.text)}" for file in prompt.files)
    return f"<|repo_name|>{prompt.repo or UNNAMED}\n{others}<|file_sep|>{prompt.path}\n"


def _qwen(prompt: FimPrompt) -> str:
    return f"{_qwen_head(prompt)}<|fim_prefix|>{prompt.prefix}<|fim_suffix|>{prompt.suffix}<|fim_middle|>"


def _qwen_suffix_first(prompt: FimPrompt) -> str:
    """The bundled model's: nothing between prefix and middle, as in Bavarian et al. 2022 (arXiv 2207.14255)."""
    return f"{_qwen_head(prompt)}<|fim_prefix|><|fim_suffix|>{prompt.suffix}<|fim_middle|>{prompt.prefix}"


def _starcoder(prompt: FimPrompt) -> str:
    return f"<fim_prefix>{prompt.prefix}<fim_suffix>{prompt.suffix}<fim_middle>"


def _starcoder2(prompt: FimPrompt) -> str:
    """In the repository form a file's path is the first line of its text, also of the one in FIM form."""
    if not prompt.files and not prompt.repo:
        return _starcoder(prompt)
    others = "".join(f"<file_sep>{file.path}\n{_closed(file.text)}" for file in prompt.files)
    current = _starcoder(replace(prompt, prefix=f"{prompt.path}\n{prompt.prefix}"))
    return f"<repo_name>{prompt.repo or UNNAMED}{others}<file_sep>{current}"


def _mellum(prompt: FimPrompt) -> str:
    others = "".join(f"<filename>{file.path}\n{_closed(file.text)}" for file in prompt.files)
    current = f"<filename>{prompt.path}\n" if prompt.path or others else ""
    return f"{others}{current}<fim_suffix>{prompt.suffix}<fim_prefix>{prompt.prefix}<fim_middle>"


def _deepseek(prompt: FimPrompt) -> str:
    return f"<｜fim▁begin｜>{prompt.prefix}<｜fim▁hole｜>{prompt.suffix}<｜fim▁end｜>"  # noqa: RUF001 - as the token is spelled


def _codellama(prompt: FimPrompt) -> str:
    return f"<PRE> {prompt.prefix} <SUF>{prompt.suffix} <MID>"


def _codestral(prompt: FimPrompt) -> str:
    others = "".join(f"+++++ {file.path}\n{_closed(file.text)}\n" for file in prompt.files)
    current = f"+++++ {prompt.path}\n" if others else ""
    return f"[SUFFIX]{prompt.suffix}[PREFIX]{others}{current}{prompt.prefix}"


def _codegemma(prompt: FimPrompt) -> str:
    return f"<|fim_prefix|>{prompt.prefix}<|fim_suffix|>{prompt.suffix}<|fim_middle|>"


def _glm(prompt: FimPrompt) -> str:
    return f"<|code_prefix|>{prompt.prefix}<|code_suffix|>{prompt.suffix}<|code_middle|>"


def _seed_coder(prompt: FimPrompt) -> str:
    return f"<[fim-suffix]>{prompt.suffix}<[fim-prefix]>{prompt.prefix}<[fim-middle]>"


def _closed(text: str) -> str:
    """`text` with one line end at its end."""
    return text.rstrip("\n") + "\n"


# Chat control tokens that many families share; harmless to break where a family lacks them.
_CHAT = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|system|>", "<|user|>", "<|assistant|>")

_QWEN_FIM = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_QWEN_REPO = ("<|file_sep|>", "<|repo_name|>")
_QWEN_STOPS = (
    "<|endoftext|>",
    *_QWEN_REPO,
    "<|fim_middle|>",
    "<|fim_prefix|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|im_end|>",
)
# <think> and <tool_call> are tokens of Qwen but not special ones: source text may hold them.
_QWEN_TOKENS = (
    *_QWEN_FIM,
    *_QWEN_REPO,
    "<|fim_pad|>",
    *_CHAT,
    *(f"<|{name}_{end}|>" for name in ("object_ref", "box", "quad", "vision", "audio") for end in ("start", "end")),
    *("<|vision_pad|>", "<|image_pad|>", "<|video_pad|>", "<|audio_pad|>"),
)

_STAR_FIM = ("<fim_prefix>", "<fim_suffix>", "<fim_middle>")
_STAR_REST = ("<fim_pad>", "<file_sep>", "<repo_name>", "<filename>", "<reponame>", "<gh_stars>", "<empty_output>")
_STAR_ROLES = ("<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>", "<|tool_call|>")
_STAR_TOKENS = (*_STAR_FIM, *_STAR_REST, *_CHAT, *_STAR_ROLES)
_STAR_STOPS = (*_STAR_FIM, "<fim_pad>")

# DeepSeek spells its tokens with a full-width bar (U+FF5C) and a lower one eighth block (U+2581).
_DEEPSEEK_FIM = ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>")  # noqa: RUF001
_DEEPSEEK_CHAT = ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>", "<｜User｜>", "<｜Assistant｜>")  # noqa: RUF001
_DEEPSEEK_TOOLS = tuple(
    f"<｜{name}▁{end}｜>"  # noqa: RUF001
    for name in ("tool▁calls", "tool▁call", "tool▁outputs", "tool▁output")
    for end in ("begin", "end")
)

_LLAMA = ("<s>", "</s>", "<unk>")
_CODELLAMA_FIM = ("<PRE>", "<SUF>", "<MID>")

_MISTRAL = ("[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]")
_MISTRAL_TOOLS = ("[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[IMG]")
_CODESTRAL_FIM = ("[SUFFIX]", "[PREFIX]", "[MIDDLE]")

_GEMMA = ("<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>")

_GLM_FIM = ("<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>")
_GLM_TOKENS = ("<|observation|>", "<sop>", "<eop>", "[gMASK]", "[sMASK]", "[MASK]")

_SEED_FIM = ("<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>")
_SEED_ENDS = ("<[end▁of▁sentence]>", "<[begin▁of▁sentence]>", "<[PAD▁TOKEN]>")

# Order matters twice: the first pattern that fits wins, and so does the first row whose tokens a tokenizer has.
FORMATS: tuple[FimFormat, ...] = (
    FimFormat(
        name="qwen",
        models=(r"qwen-?2\.5-?coder", r"qwen-?3-?coder"),
        evidence="vendor",
        order="prefix-first",
        written=(*_QWEN_FIM, *_QWEN_REPO),
        tokens=_QWEN_TOKENS,
        stops=_QWEN_STOPS,
        write=_qwen,
        takes_files=True,
    ),
    FimFormat(
        name="qwen-spm",
        models=(r"understudy-demo",),
        evidence="vendor",
        order="suffix-first",
        written=(*_QWEN_FIM, *_QWEN_REPO),
        tokens=_QWEN_TOKENS,
        stops=_QWEN_STOPS,
        write=_qwen_suffix_first,
        takes_files=True,
    ),
    FimFormat(
        name="starcoder2",
        models=(r"starcoder-?2",),
        evidence="vendor",
        order="prefix-first",
        written=(*_STAR_FIM, "<file_sep>", "<repo_name>"),
        tokens=_STAR_TOKENS,
        stops=("<|endoftext|>", "<file_sep>", *_STAR_STOPS),
        write=_starcoder2,
        takes_files=True,
    ),
    FimFormat(
        name="starcoder",
        models=(r"starcoder", r"stable-code", r"codeqwen"),
        evidence="vendor",
        order="prefix-first",
        written=_STAR_FIM,
        tokens=_STAR_TOKENS,
        stops=("<|endoftext|>", "<filename>", *_STAR_STOPS),
        write=_starcoder,
    ),
    FimFormat(
        name="granite",
        models=(r"granite-?3\.[3-9]", r"granite-\d+b-code"),
        evidence="vendor",
        order="prefix-first",
        written=_STAR_FIM,
        tokens=_STAR_TOKENS,
        stops=("<|end_of_text|>", "<|endoftext|>", *_STAR_STOPS),
        write=_starcoder,
    ),
    FimFormat(
        name="mellum",
        models=(r"mellum",),
        evidence="vendor",
        order="suffix-first",
        written=(*_STAR_FIM, "<filename>"),
        tokens=_STAR_TOKENS,
        stops=("<|endoftext|>", "<filename>", *_STAR_STOPS),
        write=_mellum,
        takes_files=True,
    ),
    FimFormat(
        name="deepseek",
        models=(r"deepseek-coder", r"deepseek-v[2-4]"),
        evidence="vendor",
        order="prefix-first",
        written=_DEEPSEEK_FIM,
        tokens=(*_DEEPSEEK_FIM, *_DEEPSEEK_CHAT, *_DEEPSEEK_TOOLS, "<|EOT|>"),
        stops=("<｜end▁of▁sentence｜>", *_DEEPSEEK_FIM, "<|EOT|>"),  # noqa: RUF001
        write=_deepseek,
    ),
    FimFormat(
        name="codellama",
        models=(r"code-?llama.*\b(7|13)b",),
        evidence="vendor",
        order="prefix-first",
        written=_CODELLAMA_FIM,
        tokens=(*_CODELLAMA_FIM, "<EOT>", *_LLAMA),
        stops=("<EOT>", *_CODELLAMA_FIM, "</s>"),
        write=_codellama,
    ),
    FimFormat(
        name="codestral",
        models=(r"(?<!mamba-)codestral(?!-(mamba|embed))",),
        evidence="vendor",
        order="suffix-first",
        written=("[SUFFIX]", "[PREFIX]"),
        tokens=(*_CODESTRAL_FIM, *_MISTRAL, *_MISTRAL_TOOLS, *_LLAMA),
        stops=("[PREFIX]", "[SUFFIX]", "</s>", "[MIDDLE]"),
        stop_strings=("\n+++++ ",),
        write=_codestral,
        takes_files=True,
    ),
    FimFormat(
        name="codegemma",
        models=(r"codegemma",),
        evidence="vendor",
        order="prefix-first",
        written=_QWEN_FIM,
        tokens=(*_QWEN_FIM, "<|file_separator|>", "<|fim_pad|>", *_GEMMA, *_CHAT),
        stops=("<|file_separator|>", "<eos>", *_QWEN_FIM, "<end_of_turn>"),
        write=_codegemma,
    ),
    FimFormat(
        name="glm",
        models=(r"glm-?4",),
        evidence="experimental",
        order="prefix-first",
        written=_GLM_FIM,
        tokens=(*_GLM_FIM, *_CHAT, *_GLM_TOKENS),
        stops=("<|endoftext|>", "<|user|>", *_GLM_FIM, "<|observation|>"),
        write=_glm,
    ),
    FimFormat(
        name="seed-coder",
        models=(r"seed-?coder",),
        evidence="vendor",
        order="suffix-first",
        written=_SEED_FIM,
        tokens=(*_SEED_FIM, *_SEED_ENDS),
        stops=("<[end▁of▁sentence]>", *_SEED_FIM),
        write=_seed_coder,
    ),
)
NAMES = tuple(row.name for row in FORMATS)
CHAT_NAMES = ("hole", "replace")  # the forms of `engine.chat_infill`, for models that have no such tokens
