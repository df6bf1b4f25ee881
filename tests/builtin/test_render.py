from __future__ import annotations

import pytest

from orchestrator.builtin.render import Render, render
from orchestrator.errors import Cancelled
from orchestrator.stage import Context, Failure, Image, RenderPlan, batch_of
from orchestrator.stage.declaration import spec_of
from orchestrator.testing import PatternPainter, context


def desk(**more: object) -> Context:
    return context(Render(), models={"painter": PatternPainter()}, **more)


def plan(prompt: str) -> RenderPlan:
    return RenderPlan(prompt=prompt, width=64, height=32, steps=3, guidance_scale=2)


def test_each_plan_is_drawn_with_its_own_seed_and_has_its_own_notes() -> None:
    ctx = desk(seeds=(1, 2, 1))
    first, second, third = render(batch_of([plan("a cat"), plan("a cat"), plan("a big cat")]), Render(), ctx)
    assert isinstance(first, Image)
    assert first.size == (64, 32)
    assert first != second
    assert first != third
    assert [note["tokens"]["count"] for note in ctx.notes] == [2, 2, 3]
    assert ctx.notes[0]["tokens"]["limit"] == 77
    (alone,) = render(batch_of([plan("a cat")]), Render(), desk(seed=1))
    assert alone == first


def test_one_failure_leaves_the_others() -> None:
    ctx = desk(seeds=(1, 2))
    bad, good = render(batch_of([plan("refuse"), plan("a cat")]), Render(), ctx)
    assert isinstance(bad, Failure)
    assert bad.code == "E522"
    assert isinstance(good, Image)


def test_progress_and_cancellation_reach_the_painter() -> None:
    seen: list[tuple[int, int]] = []
    ctx = desk(on_step=lambda done, total: seen.append((done, total)), cancelled=lambda: len(seen) >= 2)
    with pytest.raises(Cancelled):
        render(batch_of([plan("a cat")]), Render(), ctx)
    assert seen == [(1, 3), (2, 3)]


def test_the_declaration() -> None:
    spec = spec_of(render)
    assert spec is not None
    assert (spec.batch, spec.variants, spec.seeded) == (True, True, True)
