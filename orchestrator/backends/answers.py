"""A provider's model, whose answers are looked at before a stage takes them for what they are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import TypeAlias, cast

from orchestrator.backends.providers import Registered
from orchestrator.backends.unavailable import unavailable
from orchestrator.errors import ModelUnavailable, Span, StageFailure
from orchestrator.stage import KINDS, Failure, PaintReply, PaintRequest

_Painted: TypeAlias = Sequence[PaintReply | Failure]


def wrong(registered: Registered, said: str, span: Span | None) -> ModelUnavailable:
    """E355: a provider that does not keep to what providers promise."""
    return unavailable(
        "E355",
        f"the model provider '{registered.kind}.{registered.name}' of {registered.package} {said}",
        span,
        "An installed package offers it in the entry-point group 'orchestrator.models'.",
        "mend the package, or remove it",
        registered.removal,
    )


class Provided:
    """A model that is asked as any other; each answer is of the type that its kind gives, one to a question.

    Pictures have the size that was asked for, and the post steps of the plan are done here for all providers.
    """

    def __init__(self, registered: Registered, model: object) -> None:
        self._registered, self._model = registered, model
        facts: Mapping[str, object] = getattr(model, "environment", {})
        self.environment = {registered.name: registered.package, **{k: str(v) for k, v in facts.items()}}

    def __getattr__(self, name: str) -> object:
        found: object = getattr(self._model, name)
        answers = KINDS[self._registered.kind].answers
        return self._looked_at(name, cast("Callable[..., object]", found)) if name in answers else found

    def _looked_at(self, name: str, method: Callable[..., object]) -> Callable[..., object]:
        def call(asked: Sequence[object], *further: object) -> object:
            answers = method(asked, *further)
            self._refuse_wrong(name, answers, len(asked))
            if name != "paint":
                return answers
            pairs = zip(cast("Sequence[PaintRequest]", asked), cast("_Painted", answers), strict=True)
            return [self._finished(request, reply) for request, reply in pairs]

        return call

    def _finished(self, request: PaintRequest, reply: PaintReply | Failure) -> PaintReply | Failure:
        if isinstance(reply, Failure):
            return reply
        from PIL.Image import Image

        from orchestrator.backends.diffusion.post import finished

        picture = cast("object", reply.image)
        if not isinstance(picture, Image):
            raise self._failure(f"`paint` gave a {type(picture).__name__} in place of a picture of Pillow")
        wanted = (request.plan.width, request.plan.height)
        if picture.size != wanted:
            raise self._failure(f"`paint` gave {_size(picture.size)} pixels where {_size(wanted)} were asked")
        return finished(picture.convert("RGB"), request.plan, reply.notes)

    def _refuse_wrong(self, name: str, answers: object, asked: int) -> None:
        kind = KINDS[self._registered.kind].answers[name]
        wanted = resolve_name(kind) if isinstance(kind, str) else kind
        if not isinstance(answers, Sequence):
            raise self._failure(f"`{name}` gave a {type(answers).__name__}, not a list of answers")
        given = cast("Sequence[object]", answers)
        if len(given) != asked:
            raise self._failure(f"`{name}` gave {len(given)} answers to {asked} questions")
        stranger = next((each for each in given if not isinstance(each, (wanted, Failure))), None)
        if stranger is not None:
            said = f"`{name}` gave a {type(stranger).__name__}, not a {wanted.__name__}"
            raise self._failure(said)

    def _failure(self, said: str) -> StageFailure:
        finding = wrong(self._registered, f"answered wrongly: {said}", None).finding
        help_ = f"{finding.help}: `{finding.fix}`" if finding.fix else finding.help
        return StageFailure(finding.message, code=finding.code, help=help_)


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"
