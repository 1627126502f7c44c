"""Which of the models that a server lists is the one to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from understudy.core.errors import EngineRefused, EngineUnavailable
from understudy.engine.base import ModelInfo
from understudy.engine.wire import Model

UNKNOWN_CONTEXT = 4096  # tokens, where a server does not say how many its model takes


@dataclass(frozen=True, slots=True)
class ServedModel:
    """The model to ask, and whether vLLM serves it, which takes more than OpenAI's API names."""

    info: ModelInfo
    vllm: bool


def chosen_model(rows: Sequence[Model], wanted: str | None, where: str) -> ServedModel:
    """The model named `wanted`, else the first. Raises `EngineError`: there is none."""
    by_name = {row.id: row for row in rows}
    if not by_name:
        raise EngineUnavailable(f"{where} serves no model.", "Load one there.")
    if wanted is not None and wanted not in by_name:
        raise EngineRefused(
            HTTPStatus.NOT_FOUND,
            f"{where} serves no model named {wanted}; it serves {', '.join(by_name)}.",
            "Correct `engine.model`, or leave it empty to take the first.",
        )
    row = by_name[wanted] if wanted is not None else rows[0]
    base = by_name.get(row.parent or "", row)  # of an adapter (LoRA)
    context = row.max_model_len or base.max_model_len or row.context_length or UNKNOWN_CONTEXT
    return ServedModel(ModelInfo(row.id, context, base.root or row.root or ""), row.owned_by == "vllm")
