import pytest
from pydantic import ValidationError

from orchestrator.stage import CardRole, Field, Painter, Params, Role, Style, Template, Writer
from orchestrator.stage.params import resource_class, role_class


class Some(Params):
    """Settings of every kind."""

    steps: int = Field(default=3, ge=1)
    names: tuple[str, ...] = ()
    style: Style | None = None
    template: Template = Template(name="game-icon")
    writer: Role[Writer] = Role[Writer]()
    painter: CardRole[Painter] = CardRole[Painter]()


def test_names_are_written_plainly():
    some = Some.checked({"style": "pixel", "writer": "poet", "names": ["a", "b"]})
    assert (some.style.name, some.writer.name, some.template.name) == ("pixel", "poet", "game-icon")
    assert some.names == ("a", "b")


@pytest.mark.parametrize("values", [{"steps": "3"}, {"steps": 0}, {"step": 3}, {"style": 5}, {"names": "ab"}])
def test_unknown_and_mistyped_values_are_refused(values):
    with pytest.raises(ValidationError):
        Some.checked(values)


def test_params_do_not_change():
    with pytest.raises(AttributeError):
        Some().steps = 4


def test_kinds_come_from_the_protocol():
    assert Some.model_fields["writer"].annotation.kinds() == ("llm",)
    assert role_class(Some.model_fields["painter"].annotation).kinds() == ("diffusion", "gan")
    assert resource_class(Some.model_fields["style"].annotation) is Style
