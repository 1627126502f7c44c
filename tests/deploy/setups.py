"""The documented set-ups in `server/deploy`, read as their tools read them: manifests, values of charts, units, and the
command line of vLLM that each comes down to."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "server" / "deploy"
# What stands for the file of keys in each; the tests put one of their own in its place.
KEYS_FILES = ("${CREDENTIALS_DIRECTORY}/keys.yaml", "/etc/understudy/keys.yaml")
STACK = "production-stack/values.yaml"
ENGINES = "servingEngineSpec"
Json = dict[str, Any]


def manifests() -> list[tuple[str, Json]]:
    """Each Kubernetes object, with a name for it."""
    return [
        (f"{file.relative_to(DEPLOY)}: {document['kind']}", document)
        for file in sorted(DEPLOY.rglob("*.yaml"))
        for document in yaml.safe_load_all(file.read_text())
        if "kind" in document
    ]


def values(chart: str) -> Json:
    """The values of a Helm chart: `production-stack/values.yaml` or `llm-d/router.values.yaml`."""
    read: Json = yaml.safe_load((DEPLOY / chart).read_text())
    return read


def unit(file: Path) -> dict[str, list[str]]:
    """The settings of a systemd unit; a name may stand there several times."""
    found: dict[str, list[str]] = {}
    for line in file.read_text().replace("\\\n", " ").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value.strip())
    return found


def units() -> list[Path]:
    return sorted(DEPLOY.rglob("*.service"))


def vllm_commands() -> dict[str, list[str]]:
    """The arguments after `vllm serve` of each set-up, a value of its own where it stands behind `=`."""
    found = dict(_of_units())
    found |= {
        name: [*container["command"], *container["args"]][2:]
        for name, document in manifests()
        if document["kind"] == "Deployment"
        for container in document["spec"]["template"]["spec"]["containers"]
    }
    (spec,) = values(STACK)[ENGINES]["modelSpec"]
    found[STACK] = _of_chart(spec)
    return {name: list(_split(arguments)) for name, arguments in found.items()}


def _of_units() -> Iterator[tuple[str, list[str]]]:
    for file in units():
        (command,) = unit(file)["ExecStart"]
        program, *arguments = shlex.split(command.replace("%i", "0"))
        if program.endswith("/vllm"):
            assert arguments.pop(0) == "serve"
            yield str(file.relative_to(DEPLOY)), arguments


# Of helm/templates/deployment-vllm-multi.yaml in the chart's version 0.1.12.
CHART_ARGUMENTS = {
    "maxModelLen": "--max-model-len",
    "maxNumSeqs": "--max-num-seqs",
    "gpuMemoryUtilization": "--gpu_memory_utilization",
}


def _of_chart(spec: Json) -> list[str]:
    """What production-stack's chart makes of an entry of `modelSpec`."""
    config = spec["vllmConfig"]
    named = [(flag, str(config[key])) for key, flag in CHART_ARGUMENTS.items() if key in config]
    caching = "--enable-prefix-caching" if config.get("enablePrefixCaching") else "--no-enable-prefix-caching"
    address = ("--host", "0.0.0.0", "--port", "8000")
    return [spec["modelURL"], *address, caching, *(word for pair in named for word in pair), *config["extraArgs"]]


def _split(arguments: list[str]) -> Iterator[str]:
    for argument in arguments:
        name, equals, value = argument.partition("=")
        yield from (name, value) if equals and argument.startswith("--") else (argument,)
