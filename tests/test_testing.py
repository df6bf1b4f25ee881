"""`orchestrator.testing`: what a studio tests its own code with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from orchestrator import testing
from orchestrator.builtin.expand.stage import Expand
from orchestrator.builtin.render import Render, render
from orchestrator.stage import (
    Card,
    CardRole,
    Context,
    File,
    Image,
    Painter,
    Params,
    RenderPlan,
    Role,
    Style,
    StylePreset,
    batch_of,
    stage,
)
from orchestrator.testing import PatternPainter, ScriptedWriter, context, throwaway_session, throwaway_store


class Drawn(Params):
    """Params of every sort."""

    painter: Role[Painter] = Role.called()
    other: Role[Painter] = Role.called("other")
    judge: CardRole[Painter] = CardRole.called("judge")
    file: File = File.called("refs/a.png")
    style: Style = Style.called("flat")


def test_every_name_is_there():
    assert [name for name in testing.__all__ if not hasattr(testing, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        testing.nothing  # noqa: B018 - looks it up


def test_a_stage_is_called_as_a_run_would():
    plan = RenderPlan(prompt="a cat", width=64, height=64, steps=3, guidance_scale=2)
    ctx = context(Render(), seeds=[1, 2], models={"painter": PatternPainter()})
    one, two = render(batch_of([plan, plan]), Render(), ctx)
    assert one != two
    assert len(ctx.notes) == 2


def test_models_cards_and_files_are_given_by_param():
    first, second = PatternPainter(), ScriptedWriter()
    ctx = context(
        Drawn(), seed=7, models={"painter": first, "other": second, "judge": Card(name="j", kind="clip")},
        resources={"file": b"bytes"},
    )  # fmt: skip
    params = Drawn()
    assert ctx.seed == 7
    assert ctx.model(params.painter) is first
    assert ctx.model(params.other) is second
    assert ctx.card(params.painter) is first.card
    assert ctx.card(params.judge).name == "j"
    assert ctx.file(params.file) == b"bytes"


def test_what_ships_is_there_unless_another_is_given():
    assert context(Drawn()).style(Drawn().style).name == "flat"
    mine = StylePreset(name="flat", words=("mine",))
    assert context(Drawn(), resources={"style": mine}).style(Drawn().style) is mine
    ctx = context(Expand())
    assert "sword" in ctx.glossary(Expand().glossary).values()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"models": {"nothing": 1}}, "'nothing' is no Role among the params Drawn"),
        ({"models": {"file": 1}}, "'file' is no Role"),
        ({"resources": {"painter": b""}}, "'painter' is no Resource"),
    ],
)
def test_a_name_that_is_no_such_param_is_told(given, said):
    with pytest.raises(ValueError, match=said):
        context(Drawn(), **given)


def test_two_models_cannot_stand_for_one_role():
    class Two(Params):
        one: Role[Painter] = Role.called()
        two: Role[Painter] = Role.called()

    with pytest.raises(ValueError, match="name the role of 'two'"):
        context(
            Two(), models={"one": PatternPainter(), "two": PatternPainter(card=Card(name="x", kind="clip"))}
        )


def test_a_stage_without_anything_needs_no_params():
    @stage("t.plain", version=1)
    def plain(image: Image, ctx: Context) -> Image:
        ctx.note("seen", value=True)
        return image

    ctx = context()
    plain(Image.of(PillowImage.new("L", (1, 1))), ctx)
    assert ctx.notes[0] == {"seen": True}


def test_a_throwaway_store_keeps_results_while_it_lasts():
    with throwaway_store() as store:
        folder = store.folder
        assert folder.is_dir()
    assert not folder.exists()


def test_a_throwaway_session_runs_a_recipe(tmp_path):
    recipe = tmp_path / "r.yaml"
    recipe.write_text("recipe: 1\nstages: {p: {use: picture, with: {file: a.png}}}\n", "utf-8")
    PillowImage.new("RGB", (2, 2), "red").save(tmp_path / "a.png")
    with throwaway_session() as session:
        assert session.run(recipe).counts["done"] == 1
        assert session.run(recipe).counts["stored"] == 1


def test_nothing_heavy_is_imported_with_it():
    said = "import sys, orchestrator.testing; print(sorted({'torch', 'numpy', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert Path(testing.__file__).name == "testing.py"
