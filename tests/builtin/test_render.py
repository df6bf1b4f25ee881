from __future__ import annotations

import pytest

from orchestrator.backends.diffusion.pattern import PatternPainter
from orchestrator.builtin.render import Render, render
from orchestrator.errors import Cancelled
from orchestrator.stage import Context, Failure, Image, RenderPlan, batch_of
from orchestrator.stage.declaration import spec_of


def _double(_: str) -> PatternPainter:
    return PatternPainter()


def plan(prompt: str) -> RenderPlan:
    return RenderPlan(prompt=prompt, width=64, height=32, steps=3, guidance_scale=2)


def test_each_plan_is_drawn_with_its_own_seed_and_has_its_own_notes() -> None:
    notes: tuple[dict[str, object], ...] = ({}, {}, {})
    ctx = Context(seeds=(1, 2, 1), models=_double, notes=notes)
    first, second, third = render(batch_of([plan("a cat"), plan("a cat"), plan("a big cat")]), Render(), ctx)
    assert isinstance(first, Image)
    assert first.size == (64, 32)
    assert first != second
    assert first != third
    assert [note["tokens"] for note in notes] == [{"count": 2, "limit": 77}] * 2 + [{"count": 3, "limit": 77}]
    (alone,) = render(batch_of([plan("a cat")]), Render(), Context(seeds=(1,), models=_double))
    assert alone == first


def test_one_failure_leaves_the_others() -> None:
    ctx = Context(seeds=(1, 2), models=_double, notes=({}, {}))
    bad, good = render(batch_of([plan("refuse"), plan("a cat")]), Render(), ctx)
    assert isinstance(bad, Failure)
    assert bad.code == "E522"
    assert isinstance(good, Image)


def test_progress_and_cancellation_reach_the_painter() -> None:
    seen: list[tuple[int, int]] = []
    ctx = Context(
        models=_double,
        on_step=lambda done, total: seen.append((done, total)),
        cancelled=lambda: len(seen) >= 2,
    )
    with pytest.raises(Cancelled):
        render(batch_of([plan("a cat")]), Render(), ctx)
    assert seen == [(1, 3), (2, 3)]


def test_the_declaration() -> None:
    spec = spec_of(render)
    assert spec is not None
    assert (spec.batch, spec.variants, spec.seeded) == (True, True, True)
