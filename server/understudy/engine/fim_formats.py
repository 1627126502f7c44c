"""The fill-in-the-middle formats, one row per family, and the choice among them.

Sources: the makers' model cards and reports; StarCoder2: arXiv 2402.19173 section 5.1; Seed-Coder: its report's section
on pre-training; CodeGemma: ai.google.dev/gemma/docs/codegemma/prompt-structure; Granite 4: the tokens of its
vocabulary. "experimental" marks what users report and the maker does not state.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from understudy.core.errors import EngineError
from understudy.engine import fim_writing as writing
from understudy.engine.fim import FimFormat

AUTOMATIC = "auto"


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
        write=writing.qwen,
    ),
    FimFormat(
        name="qwen-spm",
        models=(r"understudy-demo",),
        evidence="vendor",
        order="suffix-first",
        written=(*_QWEN_FIM, *_QWEN_REPO),
        tokens=_QWEN_TOKENS,
        stops=_QWEN_STOPS,
        write=writing.qwen_suffix_first,
    ),
    FimFormat(
        name="starcoder2",
        models=(r"starcoder-?2",),
        evidence="vendor",
        order="prefix-first",
        written=(*_STAR_FIM, "<file_sep>", "<repo_name>"),
        tokens=_STAR_TOKENS,
        stops=("<|endoftext|>", "<file_sep>", *_STAR_STOPS),
        write=writing.starcoder2,
    ),
    FimFormat(
        name="starcoder",
        models=(r"starcoder", r"stable-code", r"codeqwen"),
        evidence="vendor",
        order="prefix-first",
        written=_STAR_FIM,
        tokens=_STAR_TOKENS,
        stops=("<|endoftext|>", "<filename>", *_STAR_STOPS),
        write=writing.starcoder,
        meets=writing.next_file,
        comments=True,
    ),
    FimFormat(
        name="granite",
        models=(r"granite-?3\.[3-9]", r"granite-\d+b-code"),
        evidence="vendor",
        order="prefix-first",
        written=_STAR_FIM,
        tokens=_STAR_TOKENS,
        stops=("<|end_of_text|>", "<|endoftext|>", *_STAR_STOPS),
        write=writing.starcoder,
        meets=writing.next_file,
        comments=True,
    ),
    FimFormat(
        name="mellum",
        models=(r"mellum",),
        evidence="vendor",
        order="suffix-first",
        written=(*_STAR_FIM, "<filename>"),
        tokens=_STAR_TOKENS,
        stops=("<|endoftext|>", "<filename>", *_STAR_STOPS),
        write=writing.mellum,
    ),
    FimFormat(
        name="deepseek",
        models=(r"deepseek-coder", r"deepseek-v[2-4]"),
        evidence="vendor",
        order="prefix-first",
        written=_DEEPSEEK_FIM,
        tokens=(*_DEEPSEEK_FIM, *_DEEPSEEK_CHAT, *_DEEPSEEK_TOOLS, "<|EOT|>"),
        stops=("<｜end▁of▁sentence｜>", *_DEEPSEEK_FIM, "<|EOT|>"),  # noqa: RUF001
        write=writing.deepseek,
        meets=writing.next_path,
    ),
    FimFormat(
        name="codellama",
        models=(r"code-?llama.*\b(7|13)b",),
        evidence="vendor",
        order="prefix-first",
        written=_CODELLAMA_FIM,
        tokens=(*_CODELLAMA_FIM, "<EOT>", *_LLAMA),
        stops=("<EOT>", *_CODELLAMA_FIM, "</s>"),
        write=writing.codellama,
        meets=writing.next_file,
        comments=True,
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
        write=writing.codestral,
    ),
    FimFormat(
        name="codegemma",
        models=(r"codegemma",),
        evidence="vendor",
        order="prefix-first",
        written=(*_QWEN_FIM, "<|file_separator|>"),
        tokens=(*_QWEN_FIM, "<|file_separator|>", "<|fim_pad|>", *_GEMMA, *_CHAT),
        stops=("<|file_separator|>", "<eos>", *_QWEN_FIM, "<end_of_turn>"),
        write=writing.codegemma,
    ),
    FimFormat(
        name="granite-4",
        models=(r"granite-?4",),
        evidence="experimental",
        order="prefix-first",
        written=_QWEN_FIM,
        tokens=(*_QWEN_FIM, "<|fim_pad|>", "<|filename|>", "<|reponame|>", *_CHAT, *_STAR_ROLES),
        stops=("<|end_of_text|>", "<|endoftext|>", "<|filename|>", *_QWEN_FIM, "<|fim_pad|>"),
        write=writing.granite4,
        meets=writing.next_file,
        comments=True,
    ),
    FimFormat(
        name="glm",
        models=(r"glm-?4",),
        evidence="experimental",
        order="prefix-first",
        written=_GLM_FIM,
        tokens=(*_GLM_FIM, *_CHAT, *_GLM_TOKENS),
        stops=("<|endoftext|>", "<|user|>", *_GLM_FIM, "<|observation|>"),
        write=writing.glm,
        meets=writing.next_file,
        comments=True,
    ),
    FimFormat(
        name="seed-coder",
        models=(r"seed-?coder",),
        evidence="vendor",
        order="suffix-first",
        written=_SEED_FIM,
        tokens=(*_SEED_FIM, *_SEED_ENDS),
        stops=("<[end▁of▁sentence]>", *_SEED_FIM),
        write=writing.seed_coder,
        meets=writing.next_file,
        comments=True,
    ),
)
NAMES = tuple(row.name for row in FORMATS)
CHAT_NAMES = ("hole", "replace")  # the forms of `engine.chat_infill`, for models that have no such tokens
