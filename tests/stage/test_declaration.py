import pytest

from orchestrator.errors import StageDeclarationError
from orchestrator.stage import (
    Batch,
    Context,
    Failure,
    Field,
    Gathered,
    Idea,
    Image,
    Params,
    Prompt,
    Sheet,
    stage,
)
from orchestrator.stage.declaration import spec_of


class Outline(Params):
    """Draw an outline."""

    width: int = Field(default=2, ge=1, le=16)


def test_nothing_is_stated_twice():
    @stage("studio.outline", version=3, seeded=True)
    def outline(image: Image, mask: Image | None, params: Outline, ctx: Context) -> Image:
        return mask or image

    spec = spec_of(outline)
    assert spec is not None
    assert [(port.name, port.type_name, port.optional) for port in spec.inputs] == [
        ("image", "Image", False),
        ("mask", "Image", True),
    ]
    assert (spec.params, spec.output, spec.version, spec.seeded) == (Outline, Image, 3, True)
    assert spec.summary == "Draw an outline."


def test_the_function_itself_is_given_back():
    def plain(idea: Idea) -> Prompt:
        return Prompt(subject=idea.text)

    assert stage("studio.plain", version=1)(plain) is plain
    assert plain(Idea(text="sword")).subject == "sword"


def test_gathered_and_batched_ports():
    @stage("studio.sheet", version=1)
    def sheet(images: Gathered[Image]) -> Sheet:
        raise NotImplementedError

    @stage("studio.many", version=1, batch=True)
    def many(ideas: Batch[Idea]) -> Batch[Prompt | Failure]:
        raise NotImplementedError

    assert spec_of(sheet).inputs[0].type_name == "Gathered[Image]"
    assert (spec_of(many).inputs[0].type, spec_of(many).output) == (Idea, Prompt)


def unannotated(image) -> Image:
    return image


def wrong_port(image: Image, strength: float) -> Image:
    return image


def wrong_output(image: Image) -> int:
    return 1


def no_batch(image: Image) -> Batch[Image]:
    return Batch([image])


@pytest.mark.parametrize(
    ("function", "batch", "problem"),
    [
        (unannotated, False, "the argument 'image' has no annotation"),
        (wrong_port, False, "the port 'strength' must be an artifact type"),
        (wrong_output, False, "the return type must be an artifact type"),
        (no_batch, True, "with batch=True the port 'image' must be Batch"),
    ],
)
def test_a_wrong_annotation_names_function_and_port(function, batch, problem):
    with pytest.raises(StageDeclarationError, match=problem) as raised:
        stage("studio.wrong", version=1, batch=batch)(function)
    assert function.__name__ in str(raised.value)
    assert raised.value.lineno == function.__code__.co_firstlineno
