"""Rust: `cargo check` and `cargo clippy` in the overlay. Build scripts and macros of the workspace run at that, so they
are asked only in folders that the user trusts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from understudy.checking.checkers.answers import loaded_lines, severity
from understudy.checking.checkers.row import Checker, Site, Unable, is_document, last_words
from understudy.checking.diagnostic import Diagnostic
from understudy.checking.places import Lines
from understudy.checking.run import Call, Output

RUST = ("rust",)
MANIFEST = "Cargo.toml"
FORMAT = ("--message-format", "json")
UNUSED = ("unused", "dead_code")


def _calls(subcommand: str) -> Callable[[Site, Path], Iterator[Call]]:
    def calls(site: Site, program: Path) -> Iterator[Call]:
        found = site.nearest(MANIFEST)
        if found is None:
            raise Unable("finds no Cargo.toml")
        mirror = site.mirror()
        words = (str(program), subcommand, *FORMAT, "--all-targets", "--offline")
        # What is built is kept for the session: the packages that this one needs are built only once.
        kept = {"CARGO_TARGET_DIR": str(site.kept)}
        yield Call(words, mirror.path(found.parent), mirror.path(site.path), environment=kept)

    return calls


def read(output: Output, call: Call, lines: Lines) -> tuple[Diagnostic, ...]:
    """Rows and columns count code points from 1. A test build says the same once more."""
    answers = list(loaded_lines(output))
    if not any(each.get("reason") == "build-finished" for each in answers):
        raise Unable(f"failed: {last_words(output)}")
    manifest = call.folder / MANIFEST
    if not any(is_document(replace(call, document=manifest), each.get("manifest_path", "")) for each in answers):
        raise Unable(f"cannot get that far ({last_words(output)})")
    messages = [each["message"] for each in answers if each.get("reason") == "compiler-message"]
    found = (diagnostic for each in messages if (diagnostic := _diagnostic(each, call, lines)) is not None)
    return tuple(dict.fromkeys(found))


def _diagnostic(message: Mapping[str, Any], call: Call, lines: Lines) -> Diagnostic | None:
    """None for what is said of other files, or of none."""
    place = next((each for each in message["spans"] if each["is_primary"] and _is_own(each, call)), None)
    if place is None:
        return None
    code = (message.get("code") or {}).get("code") or ""
    start, end = ((place[f"line_{end}"] - 1, place[f"column_{end}"] - 1) for end in ("start", "end"))
    source = "clippy" if code.startswith("clippy::") else "rustc"
    return Diagnostic(
        lines.span(start, end),
        message["message"],
        source,
        code,
        severity(message["level"]),
        unnecessary=code.startswith(UNUSED),
    )


def _is_own(place: Mapping[str, Any], call: Call) -> bool:
    """In a workspace of several packages, names are relative to the workspace's folder."""
    folders = (call.folder, *call.folder.parents)
    return any(is_document(replace(call, folder=folder), place["file_name"]) for folder in folders)


CHECK = Checker(
    *("cargo check", "cargo", RUST, ("rustc", "cargo", "cargo check")),
    *(_calls("check"), read),
    stands_for=("rust-analyzer",),
    executes=True,
    format=FORMAT,
)
CLIPPY = Checker(
    *("cargo clippy", "cargo", RUST, ("clippy", "cargo clippy")),
    *(_calls("clippy"), read),
    executes=True,
    format=FORMAT,
)
