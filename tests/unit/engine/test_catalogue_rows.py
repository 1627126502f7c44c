"""What a row of the catalogue may not say: each case spoils one figure of a good row."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from understudy.engine.catalogue.schema import Model

CHECKPOINT = {"model": "acme/coder", "precision": "int4", "weights": 1.2, "active": 1.1, "source": "the card"}
PROVIDER = {"name": "Acme", "url": "https://acme.example/v1", "model": "m", "keyVariable": "KEY", "context": 4096}


def row(**changes: object) -> dict[str, Any]:
    """A model of 2 * 10^9 parameters in 4 bits, whose output layer is wider."""
    good = {
        "name": "Acme-Coder",
        "servedBy": "vllm",
        "lanes": ["typing"],
        "licence": "MIT",
        "commercial": True,
        "parameters": 2.0,
        "activeParameters": 1.9,
        "context": 4096,
        "attention": {"layers": 10, "kvHeads": 2, "headSize": 64},
        "cachePerToken": 5120,
        "infill": "hole",
        "checkpoints": [CHECKPOINT],
    }
    return good | changes


def checkpoint(**changes: object) -> dict[str, Any]:
    return {"checkpoints": [CHECKPOINT | changes]}


def prices(*rows: dict[str, float]) -> dict[str, Any]:
    return {"providers": [PROVIDER | {"prices": list(rows)}]}


def test_a_good_row_is_taken() -> None:
    assert Model.model_validate(row()).cache_per_token == 5120
    assert Model.model_validate(row(**prices({"input": 1, "output": 2, "cached": 1})))
    assert Model.model_validate(row(servedBy="api", checkpoints=[], **prices({"input": 0, "output": 0})))
    latent = {"layers": 27, "latent": 576}
    assert Model.model_validate(row(attention=latent, cachePerToken=31104))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (checkpoint(weights=0.9, active=0.9), "weights of acme/coder should lie between 0.909 and 4.4 GB"),
        (checkpoint(weights=4.5), "weights of acme/coder should lie between"),
        (checkpoint(active=0.8), "active of acme/coder should lie between 0.864 and 4.18 GB"),
        (checkpoint(precision="bf16"), "weights of acme/coder should lie between 3.64"),
        (checkpoint(precision="fp8"), "weights of acme/coder should lie between 1.82"),
        (checkpoint(active=1.3), "cannot read more for a token (active) than it has (weights)"),
        (checkpoint(minimumMemory=1.1), "cannot run in less memory (minimumMemory) than its weights take"),
        (checkpoint(download=1.0), "weights that were never downloaded"),
        (checkpoint(precision="int3"), "Input should be"),
        ({"activeParameters": 2.1}, "activeParameters cannot be more than parameters"),
        ({"activeParameters": 0}, "needs parameters, activeParameters and cachePerToken"),
        ({"attention": None, "cachePerToken": 0}, "needs parameters, activeParameters and cachePerToken"),
        ({"cachePerToken": 5121}, "cachePerToken should be 5120, which follows from attention"),
        ({"attention": None, "cachePerToken": 3_000_000}, "cachePerToken is more than 2097152 bytes"),
        ({"checkpoints": []}, "needs checkpoints"),
        ({"servedBy": "api"}, "needs providers"),
        ({"infill": "fim"}, "infill is fim exactly where a fim format is given"),
        ({"fim": {"format": "qwen", "evidence": "vendor", "source": "x"}}, "infill is fim exactly where"),
        ({"matches": ["(("]}, "is no regular expression"),
        ({"lanes": []}, "at least 1 item"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
        (prices({"input": 1, "output": 1, "cached": 1.5}), "a cached token cannot cost more"),
        (prices({"input": -1, "output": 1}), "greater than or equal to 0"),
        (prices({"input": 1, "output": -1}), "greater than or equal to 0"),
        (prices(), "at least 1 item"),
        (prices({"input": 1, "output": 1}, {"input": 2, "output": 2, "upTo": 9}), "should rise in upTo"),
        (prices({"input": 1, "output": 1}, {"input": 2, "output": 2}), "should rise in upTo"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Model.model_validate(row(**changes))
    assert sentence in str(refused.value)
