"""`understudy plan`: which models suit this machine or one that is described, how they run, what an API would cost."""

from __future__ import annotations

import argparse
import os
from typing import Any

from understudy.cli.plan_text import plan_text
from understudy.cli.terminal import say, say_json
from understudy.core.errors import UsageError
from understudy.engine.catalogue import load_catalogue
from understudy.engine.plan.choose import make_plan
from understudy.engine.plan.hardware import Hardware, described, machine
from understudy.engine.plan.nvml import read_gpus
from understudy.engine.plan.result import Offer, Plan, PlannedEngine
from understudy.engine.plan.roofline import PROMPTS

MOST_GPUS = 64


def add_plan_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `plan`."""
    parser = commands.add_parser(
        "plan",
        help="say which models suit this machine, and how they would run",
        description="Looks at this machine, or takes the one that is described. It starts and changes nothing.",
    )
    parser.add_argument("--gpu", metavar="NAME", help='a GPU, for example "RTX 4090" or H100; "none" for no GPU')
    parser.add_argument("--gpus", metavar="N", type=int, help="how many of them (1)")
    parser.add_argument("--vram", metavar="GB", type=float, help="memory of each GPU")
    parser.add_argument("--ram", metavar="GB", type=float, help="memory of the machine")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(func=run_plan)


def run_plan(arguments: argparse.Namespace) -> int:
    """Print the plan."""
    plan = make_plan(hardware_for(arguments), load_catalogue())
    if arguments.json:
        say_json(plan_json(plan))
    else:
        say(plan_text(plan))
    return 0


def hardware_for(arguments: argparse.Namespace) -> Hardware:
    """The machine that the words describe; this one where they say nothing. Raises `UsageError`."""
    for name, value in (("--vram", arguments.vram), ("--ram", arguments.ram)):
        if value is not None and not 0 < value < 1e5:
            raise UsageError(f"{name} {value:g} is no size of memory.", "Say it in GB, for example 24.")
    if arguments.gpus is not None and not 1 <= arguments.gpus <= MOST_GPUS:
        raise UsageError(f"--gpus {arguments.gpus} is no number of GPUs.", f"Say a number from 1 to {MOST_GPUS}.")
    if all(value is None for value in (arguments.gpu, arguments.gpus, arguments.vram, arguments.ram)):
        return this_machine()
    if arguments.gpu is None and arguments.vram is None:
        raise UsageError("No GPU is named.", "Say which with --gpu, or `--gpu none`, or how much memory with --vram.")
    return described(arguments.gpu, arguments.gpus or 1, arguments.vram, arguments.ram)


def this_machine() -> Hardware:
    """What is here."""
    return machine(read_gpus(), os.environ)


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan for programs. Sizes in GB of 10^9 bytes, times in milliseconds, prices in dollars."""
    hardware = plan.hardware
    return {
        "hardware": {
            "gpus": [
                {"name": gpu.name, "memory": round(gpu.memory, 1), "capability": gpu.capability, "known": gpu.known}
                for gpu in hardware.gpus
            ],
            "ram": round(hardware.ram, 1),
            "cores": hardware.cores,
            "described": hardware.described,
        },
        "engines": [_engine_json(engine) for engine in plan.engines],
        "refused": [{"model": refused.model, "why": refused.why} for refused in plan.refused],
        "offers": [_offer_json(offer) for offer in plan.offers],
        "warnings": list(plan.warnings),
    }


def _engine_json(engine: PlannedEngine) -> dict[str, Any]:
    placement, memory = engine.placement, engine.memory
    return {
        "lanes": list(engine.lanes),
        "model": engine.model.name,
        "checkpoint": engine.checkpoint.model,
        "precision": engine.checkpoint.precision,
        "download": engine.download,
        "tested": engine.model.tested,
        "gpus": list(placement.gpus),
        "share": placement.share,
        "context": placement.context,
        "cachedTokens": engine.cached,
        "arguments": list(engine.arguments),
        "environment": dict(engine.environment),
        "memory": {
            "weights": round(memory.weights, 2),
            "cache": round(memory.cache, 2),
            "state": round(memory.state, 2),
            "overhead": round(memory.overhead, 2),
            "total": round(memory.total, 2),
        },
        "estimate": {
            "firstToken": {
                str(tokens): round(seconds * 1000, 1)
                for tokens, seconds in zip(PROMPTS, engine.estimate.first, strict=True)
            },
            "eachToken": round(engine.estimate.each * 1000, 2),
        },
    }


def _offer_json(offer: Offer) -> dict[str, Any]:
    price = offer.price
    return {
        "model": offer.model,
        "provider": offer.provider,
        "url": offer.url,
        "name": offer.name,
        "keyVariable": offer.key_variable,
        "input": price.input,
        "output": price.output,
        "cached": price.cached,
        "task": round(offer.task, 3),
    }
