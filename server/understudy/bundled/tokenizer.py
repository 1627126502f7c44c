"""The tokenizer: byte-level BPE trained on the corpus, with Qwen's special tokens and FIM tokens.

A cursor stands where the model must go on, so a cursor's usual places are token borders: line ends keep the indentation
that follows them, and a word keeps the space after it, not the one before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from understudy.bundled.fim import END, SPECIAL_TOKENS

VOCABULARY = 5120
"""Small, so that the computation goes into the layers and not into the output matrix."""

_WORDS = r"(?:[ \t]*\r?\n)+[ \t]*|[\p{L}_]+ ?|\p{N} ?|[^\s\p{L}\p{N}_]+ ?|[ \t]+|\s+"

# The system's message is left out: it says in words what this model has been trained to do, and costs it room.
_CHAT_TEMPLATE = (
    "{% for message in messages if message.role != 'system' %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}"
    "{% else %}{% for part in message.content or [] %}{{ part.text or '' }}{% endfor %}{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def learn(texts: Iterable[str], vocabulary: int = VOCABULARY) -> Any:
    """A trained `tokenizers.Tokenizer` with at most `vocabulary` entries, the special tokens first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def load(folder: Path) -> Any:
    """The tokenizer that `save` wrote; raises an exception of `tokenizers` when the file is missing or damaged."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def save(tokenizer: Any, folder: Path, context: int) -> None:
    """Writes `tokenizer.json` and `tokenizer_config.json`; `context` is the longest input in tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    entry = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    settings = {
        "add_prefix_space": False,
        "added_tokens_decoder": {str(place): {"content": token, **entry} for place, token in enumerate(SPECIAL_TOKENS)},
        "additional_special_tokens": [token for token in SPECIAL_TOKENS if token != END],
        "bos_token": None,
        "chat_template": _CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": False,
        "eos_token": END,
        "model_max_length": context,
        "pad_token": END,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": None,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n")
    names = {"eos_token": END, "pad_token": END, "additional_special_tokens": settings["additional_special_tokens"]}
    (folder / "special_tokens_map.json").write_text(json.dumps(names, indent=2) + "\n")


def identifier(token: str) -> int:
    """The id of a special token; raises ValueError for any other text."""
    return SPECIAL_TOKENS.index(token)


END_ID = SPECIAL_TOKENS.index(END)
