"""The VS Code manifest's block of settings, made from `core.settings`, so that a setting is declared once.

`tests/architecture/test_generated.py --update` writes it into `package.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from understudy.core.settings import Settings

SECTION = "understudy"
KEPT = ("type", "enum", "items", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "default")
# In VS Code's words the user's alone: a workspace's settings are part of what a stranger wrote, and one that set
# `ignore` or `engine.url` would decide where code goes. A workspace narrows with its own `.understudy.toml`.
SCOPE = "machine"
LAST = 100  # what the extension alone reads stands behind the rest of its group

# What the extension alone reads and the server never hears of.
OF_THE_EXTENSION: Mapping[str, Mapping[str, Any]] = {
    "server.path": {
        "type": "string",
        "default": "",
        "markdownDescription": "Program that is started as the server. Empty: the one in the extension's own "
        "environment, else `understudy` on the PATH.",
    },
    "server.python": {
        "type": "string",
        "default": "",
        "markdownDescription": "Python 3.11 or newer from which the extension makes its own environment. Empty: the "
        "first one that is found.",
    },
    "trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "markdownDescription": "Log what the editor and the server say to each other. `verbose` holds source text.",
    },
}


def configuration(settings: type[Settings] = Settings) -> dict[str, Any]:
    """The value of `contributes.configuration`."""
    schema = settings.model_json_schema(by_alias=True)
    properties: dict[str, Any] = {}
    for group in schema["properties"]:
        shape = _group(schema, group)
        for order, (name, rules) in enumerate(shape["properties"].items()):
            properties[f"{SECTION}.{group}.{name}"] = {**_property(rules), "scope": SCOPE, "order": order}
    for order, (name, rules) in enumerate(OF_THE_EXTENSION.items(), start=LAST):
        properties[f"{SECTION}.{name}"] = {**rules, "scope": SCOPE, "order": order}
    return {"title": "Understudy", "properties": properties}


def _group(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    reference = schema["properties"][name]
    path = reference.get("$ref") or reference["allOf"][0]["$ref"]
    group: Mapping[str, Any] = schema["$defs"][path.rpartition("/")[2]]
    return group


def _property(rules: Mapping[str, Any]) -> dict[str, Any]:
    """One setting in the part of JSON schema that VS Code's editor of settings knows."""
    kinds = [kind for kind in rules.get("anyOf", [rules]) if kind.get("type") != "null"]
    assert len(kinds) == 1, "a setting is of one type, and of null at most"
    nullable = len(kinds) < len(rules.get("anyOf", [rules]))
    merged = {**kinds[0], **{key: value for key, value in rules.items() if key != "anyOf"}}
    found = {key: merged[key] for key in KEPT if key in merged}
    if nullable:
        found["type"] = [found["type"], "null"]
    return {**found, "markdownDescription": " ".join(merged["description"].split())}


def leaves(settings: type[BaseModel] = Settings) -> Iterator[str]:
    """The dotted names of all settings."""
    for group, field in settings.model_fields.items():
        assert isinstance(field.annotation, type)
        assert issubclass(field.annotation, BaseModel)
        for name, leaf in field.annotation.model_fields.items():
            yield f"{group}.{leaf.alias or name}"
