"""Each row of the table of silencers, in the words of its tool."""

from __future__ import annotations

import pytest

from understudy.checking.intent.silencers import SILENCERS, silenced

EXAMPLES = {
    "noqa": ["# noqa", "# NOQA: F821", "#noqa:E501", "# ruff: noqa", "# flake8: noqa: F401", "# text  # noqa"],
    "ruff": ["# ruff: disable[F821]", "# ruff: ignore[F821]"],
    "type: ignore": ["# type: ignore", "# type:ignore[name-defined]", "# pyright: ignore", "# ty: ignore[x]"],
    "pyright settings": ["# pyright: basic", "# pyright: reportUndefinedVariable=false"],
    "mypy settings": ["# mypy: ignore-errors", "# mypy: disable-error-code=name-defined"],
    "pyre": ["# pyre-ignore[10]", "# pyre-fixme"],
    "pytype": ["# pytype: disable=name-error"],
    "pylint": ["# pylint: disable=undefined-variable", "# pylint: skip-file"],
    "bandit": ["# nosec B602"],
    "formatter": ["# fmt: off", "# isort: skip_file", "// prettier-ignore"],
    "JetBrains": ["# noinspection PyUnresolvedReferences", "//noinspection JSUnresolvedVariable"],
    "Sonar": ["// NOSONAR"],
    "TypeScript": ["// @ts-ignore", "/* @ts-expect-error: later */", "// @ts-nocheck"],
    "ESLint": [
        "// eslint-disable-next-line no-undef",
        "/* eslint-disable */",
        "// tslint:disable",
        "/* oxlint-disable */",
    ],
    "ESLint settings": ["/* global noet */", "/* eslint no-undef: 0 */"],
    "Biome": ["// biome-ignore lint/style: no", "// deno-lint-ignore no-undef"],
    "Flow": ["// $FlowFixMe[cannot-resolve-name]"],
    "Go": ["//nolint:errcheck", "//lint:ignore SA1000 later", "// #nosec G101"],
    "Rust": ["#[allow(unused)]", "#![allow(dead_code)]", "#[expect(unused)]", "#[cfg_attr(test, allow(unused))]"],
    "Rust, left out": ["#[cfg(any())]", "#[cfg(FALSE)]"],
    "JVM": ['@SuppressWarnings("unchecked")', '@file:Suppress("UNUSED")'],
    "C#": ["#pragma warning disable CS0168", '[SuppressMessage("Style", "IDE0001")]'],
    "C and C++": ['#pragma GCC diagnostic ignored "-Wall"', "#pragma warning(disable : 4996)"],
    "clang-tidy": ["// NOLINTNEXTLINE(bugprone)"],
    "Ruby": ["# rubocop:disable Lint/UselessAssignment"],
    "PHP": ["// @phpstan-ignore-next-line", "// phpcs:ignore"],
    "shell": ["# shellcheck disable=SC2086"],
    "Lua": ["-- luacheck: ignore", "---@diagnostic disable-next-line: undefined-global"],
    "Swift": ["// swiftlint:disable:next force_cast"],
    "Kotlin": ["// ktlint-disable", "// detekt:disable Rule"],
    "no type check": ["@no_type_check", "@typing.no_type_check"],
}


def added(directive: str, old: str = "") -> str:
    return silenced(f"x = 1  {old}", f"x = 1  {directive}", [old], [directive])


@pytest.mark.parametrize("row", SILENCERS, ids=lambda row: row.name)
def test_every_row_finds_its_own(row) -> None:
    for directive in EXAMPLES[row.name]:
        assert row.pattern.search(directive), directive
        assert added(directive), directive


@pytest.mark.parametrize(
    "comment",
    [
        "# the type is ignored here",
        "# no questions asked",
        "// ignore the rest",
        "# mypy and pyright disagree",
        "// the global table",
        "# disable the cache",
        "// see biome",
        "# fmt is a format",
        "@property",
        "#[derive(Debug)]",
        '@Deprecated("old")',
    ],
)
def test_other_comments_are_left_alone(comment: str) -> None:
    assert not added(comment)


def test_what_stood_there_before_is_not_new() -> None:
    assert not silenced("x = 1  # noqa", "x = 2  # noqa", ["# noqa"], ["# noqa"])
    # Two of them are one more.
    assert silenced("a  # noqa", "a  # noqa\nb  # noqa", ["# noqa"], ["# noqa", "# noqa"])


def test_fewer_rules_are_no_new_directive_and_more_are() -> None:
    assert not added("# noqa: E501", old="# noqa")
    assert not added("# noqa: E501", old="# noqa: E501, F401")
    assert not added("# ruff: ignore[E501]", old="# noqa: E501")
    assert added("# noqa: E501, F821", old="# noqa: E501")
    assert added("# noqa", old="# noqa: E501")
    assert added("# type: ignore", old="# type: ignore[arg-type]")


@pytest.mark.parametrize("watcher", ["# pyright: strict", "// @ts-check", "# mypy: strict", '"use strict"'])
def test_strictness_that_goes_away(watcher: str) -> None:
    assert silenced(f"{watcher}\n", "\n", [watcher], [])
    assert not silenced(f"{watcher}\n", f"{watcher}\n", [watcher], [watcher])
