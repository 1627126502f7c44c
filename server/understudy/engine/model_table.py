"""The catalogue as the README shows it: a table in Markdown, one line for each model with its checkpoints folded."""

from __future__ import annotations

from understudy.engine.catalogue.load import built_in
from understudy.engine.catalogue.schema import Model
from understudy.engine.checkpoint import BUNDLED_NAME
from understudy.engine.choices import smallest_gpu

BEGIN, END = "<!-- models: begin -->", "<!-- models: end -->"
LEGEND = """
*GPU, from*: the smallest that holds a checkpoint of the model and room to work; an estimate. *Arguments and wire
checked here*: vLLM's own parser takes what it would be started with, it knows the architecture and the parsers, and
prompts in the model's format are read back; the weights were never loaded. The data, with sources and known hazards, is
in `server/understudy/engine/catalogue/rows/`; rows of your own go into `models.toml` beside your `config.toml`.
"""
HEAD = "| model | for | GPU, from | served by | licence | tested |\n|---|---|---|---|---|---|"


def model_table() -> str:
    """All from `BEGIN` to `END`. The user's own rows are not among them."""
    return "\n".join((BEGIN, HEAD, *map(_line, built_in()), LEGEND.rstrip(), END))


def with_table(text: str) -> str:
    """`text` with the table in the place of the one that it holds. Raises `ValueError`: it holds none."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"no {BEGIN} with an {END} after it")
    return before + model_table() + after


def _line(model: Model) -> str:
    licence = model.licence if model.commercial else f"{model.licence}, **not for work**"
    return f"| {_name(model)} | {_uses(model)} | {_gpu(model)} | {_servers(model)} | {licence} | {model.tested} |"


def _name(model: Model) -> str:
    address = next((checkpoint.model for checkpoint in model.checkpoints if "/" in checkpoint.model), "")
    return f"[{model.name}](https://huggingface.co/{address})" if address else model.name


def _uses(model: Model) -> str:
    """Its lanes; typing is marked where the maker does not say that the model fills in the middle."""
    unsure = model.fim is not None and model.fim.evidence == "experimental"
    words = {
        "typing": "typing (experimental)" if unsure else "typing",
        "work": "work",
        "next-edit": "next edits (not used yet)",
    }
    return ", ".join(words[lane] for lane in model.lanes)


def _gpu(model: Model) -> str:
    """The smallest GPU that holds one of its checkpoints."""
    if model.served_by == "api" or model.name == BUNDLED_NAME:
        return "none"
    sizes = [size for checkpoint in model.checkpoints if (size := smallest_gpu(model, checkpoint))]
    return f"{min(sizes)} GB" if sizes else "several"


def _servers(model: Model) -> str:
    names = [] if model.served_by == "api" else ["vLLM"]
    return ", ".join(names + sorted({provider.name.split()[0] for provider in model.providers}))
