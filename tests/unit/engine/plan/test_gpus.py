"""GPUs by the names that drivers and people give them; the figures within what is physically there."""

from __future__ import annotations

import pytest

from understudy.engine.plan.gpus import find_sheet, sheets


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("rtx4090", "RTX 4090"),
        ("4090", "RTX 4090"),
        ("NVIDIA GeForce RTX 4070 Ti SUPER", "RTX 4070 Ti Super"),
        ("4070ti", "RTX 4070 Ti"),
        ("NVIDIA GeForce RTX 4070", "RTX 4070"),
        ("NVIDIA GeForce RTX 4070 Laptop GPU", "RTX 4070 Laptop"),
        ("NVIDIA GeForce RTX 5070 Ti Laptop GPU", "RTX 5070 Ti Laptop"),
        ("NVIDIA A100-SXM4-40GB", "A100"),
        ("NVIDIA A100-SXM4-80GB", "A100 80GB"),
        ("NVIDIA A100 80GB PCIe", "A100 80GB"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("NVIDIA H100 PCIe", "H100 PCIe"),
        ("NVIDIA H100 NVL", "H100 NVL"),
        ("NVIDIA H200", "H200"),
        ("NVIDIA GH200 480GB", "GH200"),
        ("NVIDIA B200", "B200"),
        ("NVIDIA L40S", "L40S"),
        ("NVIDIA L4", "L4"),
        ("Tesla T4", "T4"),
        ("NVIDIA A10G", "A10G"),
        ("NVIDIA RTX A4000", "RTX A4000"),
        ("NVIDIA RTX 4000 Ada Generation", "RTX 4000 Ada"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada"),
        ("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "RTX PRO 6000 Blackwell"),
        ("RTX PRO 6000", "RTX PRO 6000 Blackwell"),
        ("NVIDIA GB10", "GB10"),
    ],
)
def test_a_name_finds_its_row(said: str, row: str) -> None:
    found = find_sheet(said)
    assert found is not None
    assert found.name == row


@pytest.mark.parametrize(
    "said",
    [
        "NVIDIA GeForce RTX 4090 D",
        "NVIDIA H100 80GB HBM3 MIG 1g.10gb",
        "RTX 3080 Laptop GPU",
        "Radeon RX 7900",
        "",
        "RTX",
    ],
)
def test_what_is_another_gpu_finds_none(said: str) -> None:
    assert find_sheet(said) is None


def test_memory_decides_between_two_of_one_name() -> None:
    found = find_sheet("A100", 80)
    assert found is not None
    assert found.name == "A100 80GB"


def test_every_row_finds_itself() -> None:
    for row in sheets():
        found = find_sheet(f"NVIDIA {row.name}")
        assert found == row


def test_figures_are_within_bounds() -> None:
    assert len(sheets()) >= 55
    assert len({row.name for row in sheets()}) == len(sheets())
    for row in sheets():
        assert min(row.memory) >= 8, row.name
        assert 0.2 < row.bandwidth <= 8, row.name
        # Between an eight-year-old and the newest: operations for each byte.
        assert 30 < row.bf16 / row.bandwidth < 500, row.name
        assert row.fp8 == 0 or row.fp8 == pytest.approx(2 * row.bf16, rel=0.02), row.name
        assert (row.fp8 > 0) == (row.capability >= 8.9), row.name
        assert (row.fp4 > 0) == (row.capability >= 10), row.name
        assert row.source.startswith("NVIDIA"), row.name
