"""What the Gateway API's CRDs (v1, as of its release 1.5) say about the fields that our set-ups use, strictly: a field
that is not named here is a mistake. The CRDs themselves come with a cluster's gateway and are not at hand in a test."""

from __future__ import annotations

from typing import Any

NAME = {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}
HOST = {"type": "string", "pattern": r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"}
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
DURATION = {"type": "string", "pattern": r"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}


def fields(required: str = "", **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def listed(item: Any, *, most: int = 64) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": most}


def one_of(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


METADATA = fields("name", name=NAME, namespace=NAME, labels={"type": "object"})
LISTENER = fields(
    "name protocol port",
    name=NAME,
    protocol=one_of("HTTP", "HTTPS", "TLS", "TCP", "UDP"),
    port=PORT,
    hostname=HOST,
    tls=fields(
        mode=one_of("Terminate", "Passthrough"),
        certificateRefs=listed(fields("name", kind=one_of("Secret"), name=NAME, namespace=NAME)),
    ),
    allowedRoutes=fields(namespaces=fields("from", **{"from": one_of("All", "Selector", "Same")})),
)
MATCH = fields(
    path=fields(
        "type value",
        type=one_of("Exact", "PathPrefix", "RegularExpression"),
        value={"type": "string", "pattern": "^/", "maxLength": 1024},
    ),
    method=one_of("GET", "POST"),
)
BACKEND = fields("name", group={"type": "string"}, kind={"type": "string"}, name=NAME, namespace=NAME, port=PORT)
RULE = fields(
    matches=listed(MATCH),
    backendRefs=listed(BACKEND, most=16),
    timeouts=fields(request=DURATION, backendRequest=DURATION),
)
PARENT = fields("name", name=NAME, namespace=NAME, sectionName=NAME, port=PORT)
SCHEMAS: dict[str, Any] = {
    "Gateway": fields(
        "apiVersion kind metadata spec",
        apiVersion=one_of("gateway.networking.k8s.io/v1"),
        kind=one_of("Gateway"),
        metadata=METADATA,
        spec=fields("gatewayClassName listeners", gatewayClassName=NAME, listeners=listed(LISTENER)),
    ),
    "HTTPRoute": fields(
        "apiVersion kind metadata spec",
        apiVersion=one_of("gateway.networking.k8s.io/v1"),
        kind=one_of("HTTPRoute"),
        metadata=METADATA,
        spec=fields(parentRefs=listed(PARENT, most=32), hostnames=listed(HOST, most=16), rules=listed(RULE, most=16)),
    ),
}
