"""Settings from several places: the strongest word for each key wins, and a wrong one costs that key alone.

A workspace's own file is no layer like the others: whoever wrote the code in it is not the user, so it can only narrow
what Understudy does. When it cannot be read, nobody knows what it takes away: nothing is offered then.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic.alias_generators import to_camel

from understudy.core.settings import Group, Settings

WORKSPACE_FILE = ".understudy.toml"
PREFIX = "UNDERSTUDY"
FILE_BYTES = 1 << 20  # more is no settings file


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one key (dotted camelCase, or empty), in a sentence that names it and holds no value."""

    key: str
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Layer:
    """What one place says: nested keys and values. `place` is how a user would call it.

    `narrows`: the values may only take away. `problems`: what was wrong before there were any values.
    """

    place: str
    values: Mapping[str, Any]
    narrows: bool = False
    problems: tuple[Problem, ...] = field(default=())


def load(layers: Sequence[Layer]) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of `layers`, strongest first, and what was wrong in them.

    A wrong value falls back to its key's default, an unknown key is passed over, null says nothing. Never raises.
    """
    problems = [problem for layer in layers for problem in layer.problems]
    said: dict[tuple[str, str], tuple[Any, str]] = {}
    for layer in layers:
        leaves, wrong = _leaves(layer)
        problems += wrong
        if not layer.narrows:
            said = {**leaves, **said}
    settings, wrong = _validated(said)
    problems += wrong
    for layer in layers:
        if layer.narrows:
            settings, wrong = _narrowed(settings, layer)
            problems += wrong
    return settings, tuple(problems)


def user_layer(file: Path) -> Layer:
    """The user's own file; empty where there is none."""
    return _read(file, narrows=False)


def workspace_layer(folder: Path) -> Layer:
    """The file `.understudy.toml` in a folder of the workspace, which can only narrow."""
    return _read(folder / WORKSPACE_FILE, narrows=True)


def environment_layer(environ: Mapping[str, str]) -> Layer:
    """The variables `UNDERSTUDY_<GROUP>_<KEY>`, as UNDERSTUDY_ENGINE_URL; a list's entries are separated by commas."""
    values: dict[str, dict[str, Any]] = {}
    problems = []
    for group, shape in _groups().items():
        start = f"{PREFIX}_{group.upper()}_"
        names = {start + _words(key).upper(): key for key in _keys(shape)}
        for variable in sorted(name for name in environ if name.startswith(start)):
            key = names.get(variable)
            if key is None:
                problems.append(Problem("", f"The environment variable {variable} is not a setting of Understudy."))
            elif environ[variable]:
                values.setdefault(group, {})[key] = _listed(shape, key, environ[variable])
    return Layer("the environment", values, problems=tuple(problems))


def _read(file: Path, *, narrows: bool) -> Layer:
    try:
        return Layer(str(file), tomllib.loads(_text(file)), narrows)
    except (FileNotFoundError, NotADirectoryError):
        return Layer(str(file), {}, narrows)
    except (OSError, ValueError, RecursionError) as error:
        problem = f"{file} cannot be read ({_why_unread(error)})"
    if narrows:
        remedy = "Correct the file and save it, or delete it and restart."
        said = Problem("", f"{problem}, so completions and fixes are off. {remedy}")
        off = {"completion": {"enabled": False}, "fix": {"enabled": False}}
        return Layer(str(file), off, narrows, (said,))
    return Layer(str(file), {}, narrows, (Problem("", f"{problem}; it is passed over."),))


def _text(file: Path) -> str:
    # Neither a pipe nor a device may stand in for the file: reading it would never end.
    if not stat.S_ISREG(file.stat().st_mode):
        raise ValueError("it is not a regular file")
    with file.open("rb") as stream:
        data = stream.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:  # half of it would be half of what is to be ignored
        raise ValueError(f"it is longer than {FILE_BYTES} bytes")
    return data.decode("utf-8-sig")


def _why_unread(error: Exception) -> str:
    match error:
        case OSError():
            return error.strerror or "the system refuses"
        case UnicodeDecodeError():
            return "it is not UTF-8 text"
        case RecursionError():
            return "it is nested too deeply"
    return str(error)


def _leaves(layer: Layer) -> tuple[dict[tuple[str, str], tuple[Any, str]], list[Problem]]:
    """The known keys that `layer` gives a value, by group and camelCase name, with the layer's place; and the rest."""
    leaves: dict[tuple[str, str], tuple[Any, str]] = {}
    problems = []
    groups = _groups()
    for name, values in layer.values.items():
        shape = groups.get(name)
        if shape is None:
            problems.append(_unknown(str(name), layer))
        elif values is None:
            continue
        elif not isinstance(values, Mapping):
            problems.append(Problem(name, f"`{name}` in {layer.place} should hold keys of its own; it is passed over."))
        else:
            keys = _keys(shape)
            for key, value in values.items():
                known = key if key in keys else to_camel(str(key))
                if known not in keys:
                    problems.append(_unknown(f"{name}.{key}", layer))
                elif value is not None:
                    leaves[name, known] = value, layer.place
    return leaves, problems


def _unknown(key: str, layer: Layer) -> Problem:
    return Problem(key, f"`{key}` in {layer.place} is not a setting of Understudy; it is passed over.")


def _validated(said: Mapping[tuple[str, str], tuple[Any, str]]) -> tuple[Settings, list[Problem]]:
    problems = []
    groups = {}
    for name, shape in _groups().items():
        values = {key: value for (group, key), (value, _) in said.items() if group == name}
        wrong = _wrong(shape, values)
        for key, reason in wrong.items():
            default = _default(shape, key)
            place = said[name, key][1]
            problems.append(Problem(f"{name}.{key}", f"`{name}.{key}` in {place} {reason}; {default}."))
        groups[name] = shape.model_validate({key: value for key, value in values.items() if key not in wrong})
    return Settings.model_validate(groups), problems


def _wrong(shape: type[Group], values: Mapping[str, Any]) -> dict[str, str]:
    """The keys whose values do not fit, and why. The reasons are pydantic's, which quote no values."""
    try:
        shape.model_validate(values)
    except ValidationError as error:
        found: dict[str, str] = {}
        for entry in error.errors(include_url=False, include_context=False, include_input=False):
            message = entry["msg"].replace("a valid tuple", "a list")
            found.setdefault(str(entry["loc"][0]), message[:1].lower() + message[1:])
        return {key: f"is wrong ({reason})" for key, reason in found.items()}
    return {}


def _default(shape: type[Group], key: str) -> str:
    value = shape().model_dump(by_alias=True).get(key)
    if value is None or isinstance(value, (SecretStr, tuple)):
        return "it is passed over"
    return f"the default {str(value).lower() if isinstance(value, bool) else value} is used"


def _narrowed(settings: Settings, layer: Layer) -> tuple[Settings, list[Problem]]:
    """`settings` without what a workspace's file takes away. Whatever would add something is refused by name."""
    leaves, _ = _leaves(layer)
    completion, context, fix = settings.completion, settings.context, settings.fix
    problems = []
    for (group, key), (value, place) in leaves.items():
        match group, key, value:
            case "completion", "enabled", False:
                completion = completion.model_copy(update={"enabled": False})
            case "completion", "disabledLanguages", list() if _texts(value):
                more = (*completion.disabled_languages, *value)
                completion = completion.model_copy(update={"disabled_languages": tuple(dict.fromkeys(more))})
            # Some versions of pathspec set white space aside before they look for the `!` that takes a file back in.
            case "completion", "ignore", list() if _texts(value) and not any(it.strip()[:1] == "!" for it in value):
                completion = completion.model_copy(update={"ignore": (*completion.ignore, *value)})
            case "context", "index", False:
                context = context.model_copy(update={"index": False})
            case "context", "maxFiles", int() if type(value) is int and 0 <= value <= context.max_files:
                context = context.model_copy(update={"max_files": value})
            case "fix", "enabled" | "speculate", False:
                fix = fix.model_copy(update={key: False})
            case _:
                reason = f"`{group}.{key}` in {place} is refused: a workspace's own file can only switch things off."
                problems.append(Problem(f"{group}.{key}", reason))
    return settings.model_copy(update={"completion": completion, "context": context, "fix": fix}), problems


def _texts(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _groups() -> dict[str, type[Group]]:
    """The groups of settings by name."""
    fields = Settings.model_fields.items()
    return {
        name: kind for name, item in fields if isinstance(kind := item.annotation, type) and issubclass(kind, Group)
    }


def _keys(shape: type[Group]) -> dict[str, Any]:
    """The fields of a group by their camelCase names."""
    return {item.alias or name: item for name, item in shape.model_fields.items()}


def _listed(shape: type[Group], key: str, text: str) -> Any:
    """The value of a variable: parts between commas where the setting is a list."""
    is_list = isinstance(_keys(shape)[key].get_default(), tuple)
    return [part.strip() for part in text.split(",") if part.strip()] if is_list else text


def _words(key: str) -> str:
    """`debounceMs` as `debounce_ms`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()
