"""What is taken without a validator is what the validator takes."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError, field_validator

from orchestrator.stage import CardRole, Field, Lexicon, Painter, Params, Role, Style, Template, Writer
from orchestrator.stage.plain_check import plainly_sound
from orchestrator.stage.registry import Registry


class Many(Params):
    """One param of each kind."""

    writer: Role[Writer] = Field(default=Role[Writer].called())
    painter: CardRole[Painter] = Field(default=CardRole[Painter].called())
    template: Template = Field(default=Template.called("game-icon"))
    lexicon: Lexicon | None = None
    style: Style | None = Field(default=None, description="a style")
    width: int | None = Field(default=None, ge=16, le=8192)
    steps: int = Field(default=4, gt=0, lt=100)
    scale: float | None = Field(default=None, ge=0, le=50)
    share: float = 0.5
    name: str = Field(default="a", min_length=1, max_length=5)
    colour: str = Field(default="#000000", pattern="^#[0-9a-f]{6}$")
    kind: Literal["one", "two"] = "one"
    labels: bool = True
    either: int | str = 1
    parts: tuple[str, ...] = ()


class Needed(Params):
    """A param without a default."""

    width: int


class Ruled(Params):
    """A rule of its own."""

    width: int = 1

    @field_validator("width")
    @classmethod
    def _odd(cls, width: int) -> int:
        if width % 2 == 0:
            raise ValueError("even")
        return width


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 120),
    st.integers(),
    st.floats(),
    st.text(max_size=7),
    st.sampled_from(["one", "two", "#00ff00", "pixel", "1", "true"]),
    st.lists(st.text(max_size=2), max_size=2),
    st.dictionaries(st.sampled_from(["name", "digest"]), st.text(max_size=2), max_size=2),
)


def taken(params: type[Params], values: dict[str, Any]) -> bool:
    try:
        params.checked(values)
    except (ValidationError, ValueError):
        return False
    return True


@given(st.dictionaries(st.sampled_from([*Many.model_fields, "other"]), VALUES, max_size=3))
def test_what_is_plainly_sound_is_taken(values: dict[str, Any]) -> None:
    if plainly_sound(Many, values):
        assert taken(Many, values)


@pytest.mark.parametrize("name", Registry().names())
@given(data=st.data())
def test_so_with_every_stage_that_ships(name: str, data: st.DataObject) -> None:
    spec = Registry().find(name)
    assert spec is not None
    keys = st.sampled_from([*spec.params.model_fields, "other"])
    values = data.draw(st.dictionaries(keys, VALUES, max_size=3))
    if plainly_sound(spec.params, values):
        assert taken(spec.params, values)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"template": "tarot", "writer": "writer", "style": "pixel", "lexicon": None},
        {"width": 16, "steps": 99, "scale": 0, "share": 2, "name": "abcde"},
        {"kind": "two", "labels": False, "scale": 0.5},
    ],
)
def test_the_usual_values_are_plainly_sound(values: dict[str, Any]) -> None:
    assert plainly_sound(Many, values)


def test_what_has_rules_of_its_own_is_left_to_them() -> None:
    assert not plainly_sound(Ruled, {"width": 1})
    assert not plainly_sound(Needed, {})
    assert plainly_sound(Needed, {"width": 1})


def test_a_default_by_name_is_what_the_class_makes() -> None:
    assert Template.called("game-icon") == Template(name="game-icon")
    assert Role[Writer].called() == Role[Writer]()
    assert Role[Writer] is Role[Writer]
    assert CardRole[Painter].kinds() == ("diffusion", "gan")
