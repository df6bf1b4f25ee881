"""`score`: how well a picture shows what its prompt asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import TYPE_CHECKING

from orchestrator.stage import (
    Batch,
    CardRole,
    Context,
    Failure,
    Field,
    Image,
    Lexicon,
    Painter,
    Params,
    Prompt,
    Role,
    Score,
    Scorer,
    StageFailure,
    nearest_drawable,
    stage,
)

if TYPE_CHECKING:
    from PIL import Image as PillowImage

_CLOSED = "a {noun} icon"
_OPEN = "a picture of {subject}"


class ScoreParams(Params):
    """Score how well each picture shows the subject of its prompt, by a CLIP model."""

    clip: Role[Scorer] = Field(default=Role[Scorer].called(), description="the model that compares them")
    painter: CardRole[Painter] = Field(
        default=CardRole[Painter].called(), description="the painter whose nouns the subject was drawn as"
    )
    text: str | None = Field(
        default=None,
        max_length=500,
        description="what the picture is compared with; may hold {noun}, {subject}, {colour}, {style}, "
        "{material} and {background}",
    )
    lexicon: Lexicon = Field(
        default=Lexicon.called("drawable"), description="which noun a painter with a closed vocabulary draws"
    )


@stage("score", version=1, batch=True)
def score(
    image: Batch[Image], prompt: Batch[Prompt], params: ScoreParams, ctx: Context
) -> Batch[Score | Failure]:
    """The cosine of picture and text; for a painter with a vocabulary also the share of its noun in it."""
    nouns = ctx.card(params.painter).nouns
    named = [_noun(one, nouns, params, ctx) for one in prompt]
    pairs = zip(prompt, named, strict=True)
    texts = [_text(params.text, one, noun, closed=bool(nouns)) for one, noun in pairs]
    pictures = [one.pil for one in image]
    model = ctx.model(params.clip)
    cosines = model.score(pictures, texts, ctx.cancelled)
    shares = _shares(model, pictures, nouns, ctx)
    results: list[Score | Failure] = []
    for at, (cosine, text, noun, share) in enumerate(zip(cosines, texts, named, shares, strict=True)):
        results.append(_result(cosine, text, noun, share))
        _note(results[at], share, ctx, at)
    return Batch(results)


def _shares(
    model: Scorer, pictures: Sequence[PillowImage.Image], nouns: Sequence[str], ctx: Context
) -> Sequence[Mapping[str, float] | Failure]:
    """Each noun's share in each picture; nothing for a painter with an open vocabulary."""
    if not nouns:
        return [{} for _ in pictures]
    return model.classify(pictures, [_of_noun(noun) for noun in nouns], ctx.cancelled)


def _noun(prompt: Prompt, nouns: Sequence[str], params: ScoreParams, ctx: Context) -> str:
    """The noun as it was drawn; the subject itself where the vocabulary is open or knows nothing near."""
    if not nouns:
        return prompt.subject
    return nearest_drawable(prompt.subject, nouns, ctx.lexicon(params.lexicon)).noun or prompt.subject


def _text(template: str | None, prompt: Prompt, noun: str, *, closed: bool) -> str:
    template = template if template is not None else (_CLOSED if closed else _OPEN)
    values = {
        "noun": noun,
        "subject": prompt.subject,
        "colour": prompt.colour,
        "style": prompt.style,
        "material": prompt.material,
        "background": prompt.background,
    }
    unknown = [name for name in _names(template) if name not in values]
    if unknown:
        raise StageFailure(
            f"the text of `score` has no field {unknown[0]!r}", help=f"its fields are {', '.join(values)}"
        )
    return " ".join(template.format_map(values).split())


def _names(template: str) -> list[str]:
    """The fields of a template; one that formats, converts or looks into a value comes out as unknown."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise StageFailure(
            f"the text of `score` cannot be read: {error}", help="write {{ for a brace"
        ) from error
    return [f"{name}{turn or ''}{form or ''}" for _, name, form, turn in parts if name is not None]


def _of_noun(noun: str) -> str:
    return _CLOSED.format(noun=noun)


def _result(
    cosine: float | Failure, text: str, noun: str, shares: Mapping[str, float] | Failure
) -> Score | Failure:
    if isinstance(cosine, Failure):
        return cosine
    if isinstance(shares, Failure):
        return shares
    aspects = {"noun": shares[_of_noun(noun)]} if _of_noun(noun) in shares else {}
    return Score(value=cosine, texts=(text,), aspects=aspects)


def _note(result: Score | Failure, shares: Mapping[str, float] | Failure, ctx: Context, at: int) -> None:
    if isinstance(result, Failure) or isinstance(shares, Failure):
        return
    ctx.note("score", {"value": result.value, "text": result.texts[0], **result.aspects}, at)
    if shares:
        ctx.note("looks_like", max(shares, key=lambda text: shares[text]), at)
