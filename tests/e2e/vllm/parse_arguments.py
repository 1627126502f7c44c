"""Run by the engine's Python: has vLLM's own parser read argument lists, and looks up the names that it lets through.

Standard input: JSON, `{"commands": {name: [argument, …]}, "architectures": [class, …]}`. Standard output, last line:
JSON, `{name: what is wrong}` for each command and architecture that vLLM does not take. Nothing is started.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator

from vllm.config import AttentionConfig
from vllm.engine.arg_utils import AsyncEngineArgs
from vllm.entrypoints.launchers.cli_args import make_arg_parser, validate_parsed_serve_args
from vllm.model_executor.layers.quantization import QUANTIZATION_METHODS
from vllm.model_executor.model_loader import _LOAD_FORMAT_TO_MODEL_LOADER
from vllm.model_executor.models import ModelRegistry
from vllm.reasoning import ReasoningParserManager
from vllm.tokenizers.registry import TokenizerRegistry
from vllm.tool_parsers import ToolParserManager
from vllm.transformers_utils.config import get_config_parser
from vllm.utils.argparse_utils import FlexibleArgumentParser

# The parser takes any word for these; vLLM looks it up when the engine starts.
LOOKUPS: dict[str, Callable[[str], object]] = {
    "attention_backend": AttentionConfig.validate_backend_before,
    "config_format": lambda name: name == "auto" or get_config_parser(name),
    "load_format": _LOAD_FORMAT_TO_MODEL_LOADER.__getitem__,
    "quantization": QUANTIZATION_METHODS.index,
    "reasoning_parser": ReasoningParserManager.list_registered().index,
    "tokenizer_mode": lambda name: name == "auto" or TokenizerRegistry.tokenizers[name],
    "tool_call_parser": ToolParserManager.list_registered().index,
}


def wrong(parser: ArgumentParser, arguments: list[str]) -> str:
    """What vLLM has against `arguments`; empty if it takes them."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            parsed = parser.parse_args(arguments)
            validate_parsed_serve_args(parsed)
            AsyncEngineArgs.from_cli_args(parsed)
    except SystemExit:
        return said.getvalue()[-500:]
    except (TypeError, ValueError) as error:
        return str(error)
    return "; ".join(unknown(parsed))


def unknown(parsed: Namespace) -> Iterator[str]:
    """The names that this vLLM does not know."""
    for key, lookup in LOOKUPS.items():
        if name := getattr(parsed, key):
            try:
                lookup(name)
            except (KeyError, ValueError) as error:
                yield f"there is no {key} {name!r}: {error}"


def main() -> None:
    """Answer what stands on standard input."""
    asked = json.load(sys.stdin)
    parser = make_arg_parser(FlexibleArgumentParser(prog="vllm"))
    found = {name: wrong(parser, arguments) for name, arguments in asked["commands"].items()}
    known = set(ModelRegistry.get_supported_archs())
    found |= {name: "no such architecture" for name in asked["architectures"] if name not in known}
    sys.stdout.write("\n" + json.dumps({name: problem for name, problem in found.items() if problem}) + "\n")


if __name__ == "__main__":
    main()
