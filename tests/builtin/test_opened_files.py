"""Every built-in stage is run under an audit hook: what it reads comes through its context, from no file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from orchestrator.backends.clip.doubles import PatternScorer
from orchestrator.backends.diffusion.pattern import PatternPainter
from orchestrator.backends.llm.scripted import ScriptedWriter
from orchestrator.stage import (
    Card,
    Context,
    Gathered,
    Idea,
    Image,
    Member,
    Prompt,
    RenderPlan,
    Score,
    batch_of,
)
from orchestrator.stage.registry import BUILTIN_MODULES, Registry
from tests.builtin.language_desk import shipped
from tests.builtin.opened import opened_by

DISC = Image.of(PillowImage.radial_gradient("L").resize((64, 64)).point(lambda value: 255 * (value > 90)))
PLAN = RenderPlan(prompt="a cat", width=64, height=64, steps=1, guidance_scale=2)
PROMPT = Prompt(subject="fire sword")
IMAGES = Gathered(Member({"idea": name}, DISC) for name in ("cat", "猫咪"))
SCORES = Gathered(Member({"idea": name}, Score(value=0.5)) for name in ("cat", "猫咪"))
INPUTS: dict[str, dict[str, object]] = {
    "amend": {"prompt": PROMPT},
    "animate": {"plan": PLAN, "image": DISC},
    "atlas": {"images": IMAGES},
    "best-of": {"images": IMAGES, "scores": SCORES},
    "brightness": {"image": DISC},
    "contact-sheet": {"images": IMAGES},
    "expand": {"ideas": batch_of([Idea(text="fire sword")])},
    "normal-map": {"image": DISC},
    "picture": {},
    "plan": {"prompt": PROMPT},
    "remove-background": {"image": DISC},
    "render": {"plan": batch_of([PLAN])},
    "repaint": {"plan": batch_of([PLAN]), "image": batch_of([DISC])},
    "review": {"image": DISC},
    "score": {"image": batch_of([DISC]), "prompt": batch_of([PROMPT])},
    "seamless": {"image": DISC},
}
PARAMS: dict[str, dict[str, object]] = {
    "amend": {"subject": "sword"},
    "brightness": {"factor": 0.5},
    "picture": {"file": "knight.png"},
    "plan": {"painter": "painter", "style": "pixel"},
    "score": {"clip": "judge", "painter": "painter"},
}
MODELS = {"": PatternPainter(), "judge": PatternScorer()}


def context(name: str) -> Context:
    from orchestrator.library import Library, shipped_folder

    library = Library([shipped_folder("prompts")])
    more = {key: library.find(*key) for key in (("lexicon", "drawable"), ("style", "pixel"))}
    return Context(
        models={**MODELS, "": ScriptedWriter()}.__getitem__ if name == "expand" else MODELS.__getitem__,
        cards={"painter": Card(name="small", kind="diffusion", nouns=("cat", "sword"), styles=("pixel",))},
        resources={
            **shipped(),
            **{key: found.value for key, found in more.items() if found is not None},
            ("file", "knight.png"): _png(),
        },
    )


def _png() -> bytes:
    buffer = io.BytesIO()
    DISC.pil.save(buffer, "PNG")
    return buffer.getvalue()


def call_of(name: str) -> Callable[[], object]:
    """A call of the stage on small inputs, in a context whose resources are read already."""
    spec = Registry().find(name)
    assert spec is not None
    ctx, params = context(name), spec.params.checked(PARAMS.get(name, {}))
    hints = {hint: argument for argument, hint in _plain_hints(spec.function).items()}
    given = dict(INPUTS[name])
    if Context in hints:
        given[hints[Context]] = ctx
    if spec.params in hints:
        given[hints[spec.params]] = params
    return lambda: spec.function(**given)


def _plain_hints(function: Callable[..., object]) -> dict[str, object]:
    from typing import get_type_hints

    return {name: hint for name, hint in get_type_hints(function).items() if isinstance(hint, type)}


@pytest.mark.parametrize("name", sorted(BUILTIN_MODULES))
def test_a_stage_opens_no_file(name: str) -> None:
    result, opened = opened_by(call_of(name))
    assert result is not None
    assert opened == []


def test_a_file_that_a_call_opens_is_seen(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    assert opened_by(secret.read_text) == ("hidden", [str(secret)])
