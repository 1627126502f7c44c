"""What must hold for every machine, and what a person would expect of some."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.engine.catalogue import Catalogue
from understudy.engine.chunks import leaves_room
from understudy.engine.plan import candidates
from understudy.engine.plan.choose import make_plan
from understudy.engine.plan.gpus import sheets
from understudy.engine.plan.hardware import GIB, Gpu, Hardware, described
from understudy.engine.plan.placing import AGENT_CONTEXT, LINE_SECONDS, LINE_TOKENS, TYPING_CONTEXT
from understudy.engine.plan.result import Plan
from unit.engine.plan.machines import catalogue, plan


@st.composite
def machines(draw: st.DrawFn) -> Hardware:
    """One kind of GPU, or two, with any amount of memory; or none."""
    gpus: list[Gpu] = []
    for _ in range(draw(st.integers(0, 2))):
        sheet = draw(st.sampled_from(sheets()))
        gpus += described(sheet.name, draw(st.integers(1, 4)), draw(st.integers(2, 300)), 64).gpus
    return Hardware(tuple(gpus), draw(st.floats(1, 512)), draw(st.integers(1, 128)))


@given(machines())
@settings(deadline=None, max_examples=200)
def test_a_plan_never_takes_more_than_there_is(hardware: Hardware) -> None:
    made = make_plan(hardware, catalogue())
    for index, gpu in enumerate(hardware.gpus):
        on = [engine for engine in made.engines if index in engine.placement.gpus]
        assert sum(engine.placement.share for engine in on) <= 0.96
        assert sum(engine.memory.total for engine in on) <= gpu.memory
        for engine in on:
            assert engine.memory.total <= engine.placement.share * gpu.memory * 1.001
            assert engine.checkpoint.minimum_capability <= gpu.capability
    for engine in made.engines:
        if not engine.placement.gpus:
            assert engine.memory.total < hardware.ram


@given(machines())
@settings(deadline=None, max_examples=200)
def test_a_plan_is_one_that_an_engine_can_keep(hardware: Hardware) -> None:
    made = make_plan(hardware, catalogue())
    assert [lane for engine in made.engines for lane in engine.lanes] in ([], ["typing"], ["typing", "work"])
    for engine in made.engines:
        place = engine.placement
        assert place.context <= engine.model.context
        assert engine.cached >= place.context, "vLLM refuses a context that its cache cannot hold"
        assert len({hardware.gpus[index] for index in place.gpus}) <= 1, "equal GPUs only"
        if "work" in engine.lanes and place.gpus:
            assert leaves_room(place.batch), "a completion's prompt comes into the same step as those of work"
            assert "--long-prefill-token-threshold" in engine.arguments
    assert bool(made.offers) == (made.engine("work") is None)


@given(st.sampled_from(sheets()), st.integers(4, 250), st.integers(1, 100), st.integers(1, 4))
@settings(deadline=None, max_examples=200)
def test_more_memory_never_gives_a_worse_model_for_work(sheet: object, size: int, more: int, count: int) -> None:
    name = getattr(sheet, "name", "")
    assert rank_of_work(plan(name, count, size + more)) >= rank_of_work(plan(name, count, size))


@given(st.sampled_from(sheets()), st.integers(4, 200), st.integers(1, 7))
@settings(deadline=None, max_examples=100)
def test_more_gpus_never_give_a_worse_model_for_work(sheet: object, size: int, count: int) -> None:
    name = getattr(sheet, "name", "")
    assert rank_of_work(plan(name, count + 1, size)) >= rank_of_work(plan(name, count, size))


def rank_of_work(made: Plan) -> int:
    engine = made.engine("work")
    return -candidates.WORK.index(engine.model.name) if engine else -len(candidates.WORK)


@pytest.mark.parametrize("gpu", ["L40S", "H100", "H200", "B200", "RTX PRO 6000", "A100 80GB", "RTX 5090"])
def test_qwen3_6_works_wherever_it_fits_beside_a_model_that_types(gpu: str) -> None:
    made = plan(gpu)
    typing, work = made.engine("typing"), made.engine("work")
    assert typing is not None
    assert work is not None
    assert typing != work
    assert work.model.name == "Qwen3.6-35B-A3B"
    assert work.checkpoint.precision == ("nvfp4" if gpu == "RTX 5090" else "fp8")
    assert work.placement.context >= AGENT_CONTEXT
    assert typing.placement.context == TYPING_CONTEXT


def test_typing_stays_fast_where_a_larger_model_would_fit() -> None:
    """An A100 has room for 7 billion parameters beside work, but not the bandwidth; an H100 has both."""
    fast, slow = plan("H100").engine("typing"), plan("A100 80GB").engine("typing")
    assert fast is not None
    assert slow is not None
    assert (fast.model.name, slow.model.name) == ("Qwen2.5-Coder-7B", "Qwen2.5-Coder-1.5B")
    refused = {each.model: each.why for each in plan("A100 80GB").refused}
    assert "ms for a line" in refused["Qwen2.5-Coder-7B"]
    for gpu in ("4060", "4070", "4080", "L40S", "H100", "H200"):
        engine = plan(gpu).engine("typing")
        assert engine is not None
        assert engine.estimate.line(LINE_TOKENS) <= LINE_SECONDS


def test_a_licence_that_forbids_work_is_never_chosen_but_said() -> None:
    made = plan("RTX 4080")
    assert all(engine.model.commercial for engine in made.engines)
    assert any(each.model == "Qwen2.5-Coder-3B" and "licence" in each.why for each in made.refused)


def test_two_gpus_each_have_an_engine_and_eight_leave_some_free() -> None:
    two, eight = plan("H100", 2), plan("H100", 8)
    assert [engine.placement.gpus for engine in two.engines] == [(0,), (1,)]
    assert any("left free" in warning for warning in eight.warnings)
    assert not any("left free" in warning for warning in two.warnings)
    assert "--device-ids" in two.engines[0].arguments
    assert "--device-ids" not in plan("H100").engines[0].arguments


def test_a_model_that_fits_no_single_gpu_is_spread() -> None:
    work = plan("RTX 4090", 2).engine("work")
    assert work is not None
    assert work.placement.gpus == (0, 1)
    index = work.arguments.index("--tensor-parallel-size")
    assert work.arguments[index + 1] == "2"


def test_gpus_of_two_kinds_are_not_mixed() -> None:
    gpus = (*described("RTX 3060", 1, None, 64).gpus, *described("H100", 1, None, 64).gpus)
    made = make_plan(Hardware(gpus, 64), catalogue())
    assert [engine.placement.gpus for engine in made.engines] in ([(0,), (1,)], [(1,), (1,)])


def test_four_bits_come_with_a_warning_and_the_reason_against_eight() -> None:
    made = plan("RTX 5090")
    assert any("4 bits" in warning for warning in made.warnings)
    assert any(each.model == "Qwen3.6-35B-A3B" and "fp8" in each.why for each in made.refused)
    assert not any("4 bits" in warning for warning in plan("H100").warnings)


def test_an_api_is_offered_with_its_price_only_where_nothing_here_works() -> None:
    offers = plan("none").offers
    assert {offer.model for offer in offers} == {"Qwen3.6-Plus"}
    first = offers[0]
    # 100,000 tokens at 0.50, 400,000 at 0.05 and 10,000 at 3 dollars for a million.
    assert first.task == pytest.approx(0.05 + 0.02 + 0.03)
    assert plan("H100").offers == ()


def test_a_machine_too_small_for_anything_gets_no_engine() -> None:
    assert plan("none", ram=4).engines == ()


def test_an_old_gpu_is_not_used_and_that_is_said() -> None:
    old = Gpu("GTX 1080", 8 * GIB, 0.32, 8.0, 0.0, 6.1)
    made = make_plan(Hardware((old,), 32), catalogue())
    assert [engine.placement.gpus for engine in made.engines] == [()]
    assert any("no longer supports GTX 1080" in warning for warning in made.warnings)
    assert any(each.why.startswith("needs a GPU") for each in made.refused)


def test_a_row_that_needs_a_newer_vllm_is_refused() -> None:
    rows = []
    for row in catalogue().models:
        checkpoints = tuple(
            each.model_copy(update={"minimum_vllm": "99.0"}) if row.name == "Qwen3.6-35B-A3B" else each
            for each in row.checkpoints
        )
        rows.append(row.model_copy(update={"checkpoints": checkpoints}))
    made = make_plan(described("H100", 1, None, 64), Catalogue(tuple(rows)))
    work = made.engine("work")
    assert work is not None
    assert work.model.name != "Qwen3.6-35B-A3B"
    assert any("needs vLLM 99.0" in each.why for each in made.refused)


def test_what_is_in_use_is_said() -> None:
    busy = described("H100", 1, None, 64).gpus[0]
    busy = Gpu(busy.name, busy.memory, busy.bandwidth, busy.bf16, busy.fp8, busy.capability, used=12.0)
    assert any("12.0 GB" in warning for warning in make_plan(Hardware((busy,), 64), catalogue()).warnings)


def test_an_option_stands_once() -> None:
    for made in (plan("RTX 5090"), plan("none"), plan("H100", 8)):
        for engine in made.engines:
            names = [argument for argument in engine.arguments if argument.startswith("--")]
            assert len(names) == len(set(names))
