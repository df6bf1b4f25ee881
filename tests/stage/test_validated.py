"""What is declared below `Validated` behaves as the same pydantic model does; pydantic waits for its use."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Annotated, Any, Literal

import pydantic
import pytest
from annotated_types import Ge
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from orchestrator.stage import (
    CardRole,
    Document,
    Field,
    Painter,
    Params,
    PixelGrid,
    Prompt,
    RenderPlan,
    Role,
    Style,
    Template,
    Writer,
)
from orchestrator.stage.plain_check import plainly_sound
from orchestrator.stage.validated import problems_in


class Ours(Params):
    """Settings."""

    steps: int = Field(default=4, ge=1, le=9, description="how many")
    scale: float | None = Field(default=None, gt=0)
    kind: Literal["one", "two"] = "one"
    names: tuple[str, ...] = ()
    shares: dict[str, float] = Field(default_factory=dict)
    word: str = Field(pattern="^[a-z]+$", max_length=3)
    grid: PixelGrid | None = None


class Theirs(BaseModel):
    """Settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    steps: int = pydantic.Field(default=4, ge=1, le=9, description="how many")
    scale: float | None = pydantic.Field(default=None, gt=0)
    kind: Literal["one", "two"] = "one"
    names: tuple[str, ...] = ()
    shares: dict[str, float] = pydantic.Field(default_factory=dict)
    word: str = pydantic.Field(pattern="^[a-z]+$", max_length=3)
    grid: Grid | None = None


class Grid(BaseModel):
    """A pixel grid as pydantic has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    step: Literal["pixel-grid"] = "pixel-grid"
    cells: int = pydantic.Field(ge=8, le=512)
    colours: int = pydantic.Field(default=24, ge=2, le=256)


VALUES = st.one_of(
    st.none(),
    st.integers(-1, 20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["one", "abc", "ABC", "abcd"]),
    st.lists(st.text(max_size=2), max_size=2),
    st.dictionaries(st.sampled_from(["cells", "colours", "a"]), st.integers(0, 40), max_size=2),
)
NAMES = st.sampled_from([*Theirs.model_fields, "other"])


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_values_are_taken_and_refused_as_pydantic_does(values: dict[str, Any]) -> None:
    assert outcome(lambda: Ours.checked(values)) == outcome(
        lambda: Theirs.model_validate_json(pydantic.TypeAdapter(dict).dump_json(values))
    )


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_construction_checks_as_pydantic_does(values: dict[str, Any]) -> None:
    assert outcome(lambda: Ours(**values)) == outcome(lambda: Theirs(**values))


def outcome(make: Any) -> object:
    try:
        made = make()
    except ValidationError as error:
        return [(path, said.replace("of PixelGrid", "of Grid")) for path, said in problems_in(error)]
    return made.model_dump(mode="json"), made.model_dump_json(), made.model_dump()


def test_members_of_other_classes_are_instances_of_them() -> None:
    ours = Ours.checked({"word": "a", "grid": {"cells": 9}})
    assert ours.grid == PixelGrid(cells=9)
    assert Ours(word="a", grid=PixelGrid(cells=9)) == ours
    assert pickle.loads(pickle.dumps(ours)) == ours  # noqa: S301 - our own bytes


def test_the_fields_are_known_without_pydantic() -> None:
    fields = Ours.model_fields
    assert list(fields) == list(Theirs.model_fields)
    for name, theirs in Theirs.model_fields.items():
        assert fields[name].is_required() == theirs.is_required()
        assert fields[name].description == theirs.description
        if name != "grid":
            assert fields[name].annotation == theirs.annotation
            if not theirs.is_required():
                assert fields[name].get_default() == theirs.get_default(call_default_factory=True)


class Ruled(Params):
    """Rules of its own, one on a field and one over all."""

    low: Annotated[int, Ge(0)] = 0
    high: int = pydantic.Field(default=9, le=20)

    @field_validator("low")
    @classmethod
    def _even(cls, low: int) -> int:
        if low % 2:
            raise ValueError("odd")
        return low

    @model_validator(mode="after")
    def _in_order(self) -> Ruled:
        if self.low > self.high:
            raise ValueError("upside down")
        return self


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"low": 1}, ("low", "odd")),
        ({"low": 10}, ("", "upside down")),
        ({"low": -2}, ("low", "Input should be greater than or equal to 0")),
        ({"high": 21}, ("high", "Input should be less than or equal to 20")),
    ],
)
def test_decorators_and_fields_of_pydantic_count(values: dict[str, Any], problem: tuple[str, str]) -> None:
    assert not plainly_sound(Ruled, values)
    with pytest.raises(ValidationError) as raised:
        Ruled.checked(values)
    assert problems_in(raised.value) == [problem]
    assert Ruled.checked({"low": 2}) == Ruled(low=2, high=9)


def test_a_class_may_be_declared_in_a_function() -> None:
    class Part(Document):
        size: int

    class Whole(Part):
        parts: tuple[Part, ...] = ()

    whole = Whole.model_validate({"size": 1, "parts": [{"size": 2}]})
    assert whole.parts == (Part(size=2),)
    assert Whole.decode(whole.encode()) == whole
    assert whole.model_copy(update={"size": 3}).size == 3
    assert "parts" not in whole.model_dump(exclude={"parts"})


def test_a_resource_is_named_and_claims_no_digest() -> None:
    class Looks(Params):
        style: Style | None = None
        template: Template = Template.called("game-icon")

    assert Looks.checked({"style": "pixel"}).style == Style(name="pixel")
    with pytest.raises(ValidationError, match="a name is a text"):
        Looks.checked({"style": {"name": "pixel", "digest": "sha256:0"}})
    assert Looks.model_json_schema()["properties"].keys() == {"style", "template"}


def test_roles_travel() -> None:
    for role in (Role[Writer](name="poet"), CardRole[Painter].called(), Role.called("any")):
        assert pickle.loads(pickle.dumps(role)) == role  # noqa: S301 - our own bytes


def test_a_word_that_means_nothing_is_refused() -> None:
    with pytest.raises(TypeError, match="defualt"):
        Field(defualt=3)


def test_documents_encode_as_before() -> None:
    plan = RenderPlan(
        prompt="猫", width=16, height=16, steps=1, guidance_scale=3, post=(PixelGrid(cells=8, colours=2),)
    )
    assert plan.encode() == (
        '{"guidance_scale":3.0,"height":16,"negative_prompt":"","post":[{"cells":8,"colours":2,'
        '"step":"pixel-grid"}],"prompt":"猫","scheduler":"","steps":1,"style":"","width":16}'
    ).encode()
    assert RenderPlan.decode(plan.encode()) == plan
    assert Prompt(subject="a", details=["b"]).details == ("b",)


def test_a_check_of_plain_values_imports_no_pydantic() -> None:
    code = (
        "import sys; from orchestrator.api import check; check('item-icons');"
        "late = ('pydantic', 'jinja2', 'torch', 'numpy', 'PIL');"
        "sys.exit(any(name.startswith(late) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
