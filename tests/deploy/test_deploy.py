"""The set-ups in `server/deploy`: fields that Kubernetes and the charts know, labels that meet, keys that are not in
files, and flags that suit typing beside an agent. That vLLM takes the flags: `tests/e2e/vllm/test_deploy.py`."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
from kubernetes_validate.utils import SchemaNotFoundError

from deploy.gateway_api import SCHEMAS
from deploy.setups import DEPLOY, ENGINES, KEYS_FILES, STACK, Json, manifests, unit, units, values, vllm_commands
from understudy.engine.chunks import leaves_room

KUBERNETES = "1.34"
# Keys of helm/values.yaml and helm/templates of the chart vllm-stack 0.1.12, as far as they are used here. `*`: what is
# below is Kubernetes' own or free.
VLLM_STACK = """
servingEngineSpec.labels.* servingEngineSpec.runtimeClassName servingEngineSpec.strategy.*
servingEngineSpec.modelSpec.name servingEngineSpec.modelSpec.repository servingEngineSpec.modelSpec.tag
servingEngineSpec.modelSpec.modelURL servingEngineSpec.modelSpec.replicaCount servingEngineSpec.modelSpec.resources.*
servingEngineSpec.modelSpec.vllmConfig.enablePrefixCaching servingEngineSpec.modelSpec.vllmConfig.maxModelLen
servingEngineSpec.modelSpec.vllmConfig.maxNumSeqs servingEngineSpec.modelSpec.vllmConfig.gpuMemoryUtilization
servingEngineSpec.modelSpec.vllmConfig.extraArgs servingEngineSpec.modelSpec.env.*
servingEngineSpec.modelSpec.extraVolumes.* servingEngineSpec.modelSpec.extraVolumeMounts.*
servingEngineSpec.modelSpec.pdb.enabled servingEngineSpec.modelSpec.pdb.maxUnavailable
servingEngineSpec.startupProbe.initialDelaySeconds servingEngineSpec.startupProbe.periodSeconds
servingEngineSpec.startupProbe.failureThreshold servingEngineSpec.readinessProbe.initialDelaySeconds
servingEngineSpec.readinessProbe.periodSeconds servingEngineSpec.readinessProbe.failureThreshold
routerSpec.labels.* routerSpec.repository routerSpec.tag routerSpec.replicaCount routerSpec.serviceDiscovery
routerSpec.routingLogic routerSpec.prefixMinMatchLength routerSpec.vllmApiKey.secretName
routerSpec.vllmApiKey.secretKey routerSpec.resources.* routerSpec.route.main.enabled routerSpec.route.main.hostnames
routerSpec.route.main.parentRefs.* routerSpec.route.main.matches.*
"""
# The same for config/charts/{llm-d-router-gateway,routerlib}/values.yaml of llm-d-router v0.10.0.
LLM_D_ROUTER = """
router.epp.replicas router.epp.parsers router.epp.pluginsConfigFile router.epp.resources.*
router.inferencePool.create router.inferencePool.failureMode router.modelServers.type router.modelServers.protocol
router.modelServers.targetPorts.number router.modelServers.matchLabels.* provider.name httpRoute.create
"""
CHARTS = {STACK: VLLM_STACK, "llm-d/router.values.yaml": LLM_D_ROUTER}
# What Understudy asks for; everything else at vLLM's address is closed.
PATHS = {"/v1/models", "/v1/completions", "/v1/chat/completions", "/tokenize", "/detokenize", "/health"}
MANIFESTS = manifests()


def check(document: Json) -> None:
    """Raises where a field is wrong or unknown."""
    if document["kind"] in SCHEMAS:
        jsonschema.validate(document, SCHEMAS[document["kind"]])
    else:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)


def unknown_keys(document: Any, known: str) -> Iterator[str]:
    """The paths in a chart's values that `known` does not name. An entry of a list has the path of the list."""
    exact = set(known.split())
    free = tuple(word[:-1] for word in exact if word.endswith(".*"))

    def walk(value: Any, path: str) -> Iterator[str]:
        if path in exact or f"{path}.".startswith(free):
            return
        if isinstance(value, dict):
            for key, below in value.items():
                yield from walk(below, f"{path}.{key}".lstrip("."))
        elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
            for entry in value:
                yield from walk(entry, path)
        else:
            yield path

    return walk(document, "")


def changed(document: Json, path: str, value: Any) -> Json:
    """A copy in which one field, which need not be there, is another."""
    copied = copy.deepcopy(document)
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    reduce(lambda place, step: place[step], way, copied)[last] = value
    return copied


def of_kind(kind: str) -> list[Json]:
    return [document for _, document in MANIFESTS if document["kind"] == kind]


def option(arguments: list[str], name: str) -> str:
    """The value of an option, which may be written with underscores too."""
    words = [word.replace("_", "-") if word.startswith("--") else word for word in arguments]
    return words[words.index(name) + 1]


@pytest.mark.parametrize(("name", "document"), MANIFESTS, ids=[name for name, _ in MANIFESTS])
def test_kubernetes_knows_every_field(name: str, document: Json) -> None:
    check(document)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("Deployment", "spec/replica", 3),
        ("Deployment", "spec/replicas", "three"),
        ("Deployment", "spec/template/spec/containers/0/readinessProbe/httpget", {}),
        ("Deployment", "spec/template/spec/containers/0/lifecycle/preStop/sleep", {"second": 5}),
        ("Deployment", "apiVersion", "apps/v9"),
        ("PodDisruptionBudget", "spec/maxUnavailible", 1),
        ("NetworkPolicy", "spec/ingress/0/ports/0/protocol", 7),
        ("NetworkPolicy", "spec/podselector", {}),
        ("Gateway", "spec/listeners/0/tls/certificateRef", []),
        ("Gateway", "spec/listeners/0/protocol", "https"),
        ("HTTPRoute", "spec/rules/0/matches/0/path/type", "exact"),
        ("HTTPRoute", "spec/rules/0/timeouts/request", "600"),
        ("HTTPRoute", "spec/rules/0/backendRef", []),
    ],
)
def test_a_wrong_field_would_be_seen(kind: str, path: str, value: Any) -> None:
    broken = changed(of_kind(kind)[0], path, value)
    with pytest.raises((jsonschema.ValidationError, kubernetes_validate.ValidationError, SchemaNotFoundError)):
        check(broken)


@pytest.mark.parametrize("chart", CHARTS)
def test_the_charts_know_every_key(chart: str) -> None:
    assert list(unknown_keys(values(chart), CHARTS[chart])) == []


@pytest.mark.parametrize(
    ("chart", "path"),
    [
        (STACK, "servingEngineSpec/modelSpec/0/replicas"),
        (STACK, "servingEngineSpec/modelSpec/0/vllmConfig/enablePrefixCache"),
        (STACK, "routerSpec/vllmApiKey/secret"),
        ("llm-d/router.values.yaml", "router/modelServers/targetPorts/0/port"),
        ("llm-d/router.values.yaml", "inferencePool"),
    ],
)
def test_a_key_that_a_chart_does_not_know_would_be_seen(chart: str, path: str) -> None:
    assert list(unknown_keys(changed(values(chart), path, 1), CHARTS[chart]))


def test_what_selects_pods_meets_them() -> None:
    (deployment,) = of_kind("Deployment")
    pods = deployment["spec"]["template"]["metadata"]["labels"]
    (budget,), (policy,) = of_kind("PodDisruptionBudget"), of_kind("NetworkPolicy")
    stack = values(STACK)
    assert deployment["spec"]["selector"]["matchLabels"].items() <= pods.items()
    assert budget["spec"]["selector"]["matchLabels"].items() <= pods.items()
    assert values("llm-d/router.values.yaml")["router"]["modelServers"]["matchLabels"].items() <= pods.items()
    guarded = policy["spec"]["podSelector"]["matchLabels"]
    assert guarded.items() <= pods.items()
    assert guarded.items() <= stack[ENGINES]["labels"].items()
    let_in = [peer["podSelector"]["matchLabels"] for peer in policy["spec"]["ingress"][0]["from"]]
    assert stack["routerSpec"]["labels"] in let_in
    # The charts number their own label; two of one name in a YAML mapping are one too many.
    assert not any(key.startswith("app.kubernetes.io/") for key in (*stack[ENGINES]["labels"], *guarded))


def test_every_container_is_probed_bounded_and_without_privileges() -> None:
    (deployment,) = of_kind("Deployment")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    ports = {port["name"] for port in container["ports"]}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health", "port": "http"}
        assert container[probe]["httpGet"]["port"] in ports
    for kind in ("requests", "limits"):
        assert {"memory", "nvidia.com/gpu"} <= container["resources"][kind].keys()
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert pod["automountServiceAccountToken"] is False
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}
    drain = int(option(vllm_commands()["llm-d/modelserver.yaml: Deployment"], "--shutdown-timeout"))
    assert pod["terminationGracePeriodSeconds"] > drain + container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert re.search(r":v\d", container["image"])


def test_only_what_understudy_asks_for_is_let_in() -> None:
    (route,) = of_kind("HTTPRoute")
    (rule,) = route["spec"]["rules"]
    stack = values(STACK)["routerSpec"]["route"]["main"]["matches"]
    for matches in (rule["matches"], stack):
        assert {match["path"]["value"] for match in matches} == PATHS
        assert {match["path"]["type"] for match in matches} == {"Exact"}
    nginx = (DEPLOY / "one-box" / "nginx.conf").read_text()
    let_in = re.findall(r"location = (/\S+)\s*{(.*)", nginx)
    assert {path for path, _ in let_in} == PATHS | {"/metrics", "/_key"}
    # vLLM asks for the key below /v1; everywhere else nginx does, save for the health.
    for path, rules in let_in:
        assert ("auth_request /_key;" in rules) == (path in {"/tokenize", "/detokenize", "/metrics"}), path
    assert "location / { return 404; }" in nginx


def test_no_key_is_in_any_file_or_argument() -> None:
    assert not of_kind("Secret")
    for name, arguments in vllm_commands().items():
        assert "--api-key" not in arguments, name
        assert option(arguments, "--config") in KEYS_FILES, name
    for file in DEPLOY.rglob("*"):
        if file.is_file():
            assert not re.search(r"(sk-|hf_)[A-Za-z0-9]{8}", file.read_text()), file


@pytest.mark.parametrize("name", vllm_commands())
def test_typing_goes_first_beside_an_agent(name: str) -> None:
    arguments = vllm_commands()[name]
    assert option(arguments, "--scheduling-policy") == "priority"
    assert option(arguments, "--generation-config") == "vllm"
    assert option(arguments, "--served-model-name") == "team-code"
    assert {"--enable-prefix-caching", "--enable-prompt-tokens-details", "--disable-fastapi-docs"} <= set(arguments)
    budget, piece = (
        int(option(arguments, f"--{name}")) for name in ("max-num-batched-tokens", "long-prefill-token-threshold")
    )
    assert leaves_room(budget, piece)


def test_there_are_four_set_ups_and_they_ask_vllm_for_the_same() -> None:
    commands = vllm_commands()
    assert len(commands) == 4

    def shared(arguments: list[str]) -> set[tuple[str, ...]]:
        own = {"--host", "--port", "--data-parallel-size", "--config"}
        words = iter(arguments)
        pairs, flag = set(), ""
        for word in words:
            if word.startswith("--"):
                pairs.add((flag := word.replace("_", "-"),))
            elif flag:
                pairs.discard((flag,))
                pairs.add((flag, word.rstrip("0") if "." in word else word))
        return {pair for pair in pairs if pair[0] not in own}

    first, *others = (shared(arguments) for arguments in commands.values())
    assert all(other == first for other in others)
    assert len({arguments[0] for arguments in commands.values()}) == 1, "the model"


def test_units_start_what_they_name() -> None:
    for file in units():
        settings = unit(file)
        assert settings["Restart"] == ["always"], file
        assert settings["DynamicUser"] == ["yes"], file
    (router,) = (unit(file) for file in units() if "router" in file.name)
    workers = re.findall(r"http://127\.0\.0\.1:810(\d)", router["ExecStart"][0])
    assert router["Wants"] == [" ".join(f"understudy-vllm@{number}.service" for number in workers)]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("wrong", ["", "Restart=allways", "RestartSecs=5"])
def test_systemd_takes_the_units(tmp_path: Path, wrong: str) -> None:
    for file in units():
        # The programs are not installed here, which systemd would complain of as well.
        text = re.sub(r"/srv/\S+/bin/\S+", sys.executable, file.read_text())
        text = text.replace("/usr/bin/curl", sys.executable)
        (tmp_path / file.name).write_text(text.replace("[Install]", f"{wrong}\n[Install]"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in verified.stderr.splitlines() if "understudy" in line]
    assert bool(ours) == bool(wrong), verified.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
@pytest.mark.parametrize("wrong", ["", "proxy_bufering off;"])
def test_nginx_takes_its_configuration(tmp_path: Path, wrong: str) -> None:
    site = (DEPLOY / "one-box" / "nginx.conf").read_text()
    # Without the certificate, which only the server has.
    site = re.sub(r"^ *ssl_certificate.*$", "", site, flags=re.MULTILINE).replace(" ssl;", ";").replace("443", "8443")
    whole = f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {wrong} {site} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    command = [str(shutil.which("nginx")), "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (checked.returncode != 0) == bool(wrong), checked.stderr


@pytest.mark.skipif(shutil.which("vllm-router") is None, reason="vllm-router is not installed")
@pytest.mark.parametrize("wrong", ["", " --polcy random", " --policy randm"])
def test_vllm_router_takes_its_arguments(wrong: str) -> None:
    (command,) = (unit(file)["ExecStart"][0] for file in units() if "router" in file.name)
    python = Path(str(shutil.which("vllm-router"))).read_text().splitlines()[0].removeprefix("#!")
    parse = "import sys; from vllm_router.launch_router import parse_router_args as parse; parse(sys.argv[1:])"
    run = [python, "-c", parse, *f"{command}{wrong}".split()[1:]]
    asked = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)
    assert (asked.returncode != 0) == bool(wrong), asked.stderr
