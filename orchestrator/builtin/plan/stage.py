"""`plan`: every setting of a picture is chosen or pinned here, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.builtin.plan.drawn_noun import few_synonyms
from orchestrator.builtin.plan.pixel_cells import dividing_cells
from orchestrator.builtin.plan.wording import (
    background_in,
    colour_in,
    general_wording,
    in_wording_of,
    style_in,
    words_of,
)
from orchestrator.stage import (
    Card,
    CardRole,
    Context,
    Field,
    Lexicon,
    Painter,
    Params,
    PixelGrid,
    Prompt,
    RenderPlan,
    StageFailure,
    Style,
    StylePreset,
    stage,
)
from orchestrator.stage.vocabulary import nearest_drawable, nearest_nouns

_WIDEST = 4
"""How many times the card's size a side may be, or which part of it: beyond, models repeat the subject."""
_CAPTION = (
    "{style} style icon of a {colour} {noun}, {subject}, {material}, {lighting}, {view}, "
    "{background} background, {details}"
)
"""The wording of the embedded painters: what is drawn stands before the first comma."""
_USUAL_NEGATIVE = ("blurry", "low quality", "watermark", "text", "signature")
_HOW = {
    "synonym": "a synonym",
    "is-a": "a kind of it",
    "near": "near in meaning",
    "part": "part of the subject",
}
_PINNED = "pinned in the recipe"


class Plan(Params):
    """Choose style, size, steps, guidance, scheduler and negative prompt; each can be pinned here."""

    painter: CardRole[Painter] = Field(
        default=CardRole[Painter].called(), description="the painter to plan for"
    )
    style: Style | None = Field(default=None, description="a style preset (flat, pixel …)")
    width: int | None = Field(default=None, ge=16, le=8192, description="width of the picture, px")
    height: int | None = Field(default=None, ge=16, le=8192, description="height of the picture, px")
    steps: int | None = Field(default=None, ge=1, le=1000, description="denoising steps")
    guidance_scale: float | None = Field(default=None, ge=0, le=50, description="classifier-free guidance")
    scheduler: str | None = Field(
        default=None, description="a scheduler of the painter's card, also CLASS(use_karras_sigmas=true)"
    )
    negative_prompt: str | None = Field(default=None, max_length=2000, description="what must not be seen")
    things: Lexicon | None = Field(
        default=Lexicon.called("things"),
        description="kinds of nouns, and senses that go before the lexicon's",
    )
    lexicon: Lexicon | None = Field(
        default=Lexicon.called("drawable"),
        description="which noun a painter with a closed vocabulary draws for a word",
    )
    unknown: Literal["fail", "draw"] = Field(
        default="fail", description="what becomes of a subject for which a closed vocabulary has no noun"
    )


@dataclass(slots=True)
class _Desk:
    """What is decided, with one line of reason for each choice."""

    prompt: Prompt
    params: Plan
    card: Card
    preset: StylePreset | None
    tables: Sequence[Mapping[str, Any]]
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    overruled: dict[str, str] = field(default_factory=dict[str, str])
    warnings: list[str] = field(default_factory=list[str])

    @property
    def closed(self) -> bool:
        """Whether the painter knows a closed vocabulary."""
        return bool(self.card.nouns)


@stage("plan", version=3)
def plan(prompt: Prompt, params: Plan, ctx: Context) -> RenderPlan:
    """From the structured prompt and the painter's card to everything that a painter needs."""
    preset = ctx.style(params.style) if params.style is not None else None
    drawable = ctx.lexicon(params.lexicon) if params.lexicon is not None else few_synonyms()
    things = ctx.lexicon(params.things) if params.things is not None else dict[str, Any]()
    desk = _Desk(prompt, params, ctx.card(params.painter), preset, (things, drawable))
    style = _style(desk)
    width, height = _size(desk)
    text, noun = _text(desk, style)
    decided = RenderPlan(
        prompt=text,
        negative_prompt=_negative(desk),
        style=style,
        width=width,
        height=height,
        steps=_steps(desk),
        guidance_scale=_guidance(desk),
        scheduler=_scheduler(desk),
        post=_post(desk, style),
    )
    _note(desk, noun, ctx)
    return decided


def _note(desk: _Desk, noun: str, ctx: Context) -> None:
    ctx.note("reasons", desk.reasons)
    if noun:
        ctx.note("drawn_as", noun)
    if desk.overruled:
        ctx.note("overruled", desk.overruled)
    if desk.warnings:
        ctx.note("warnings", desk.warnings)


def _style(desk: _Desk) -> str:
    """The recipe's pin, then the idea's word, then the first of the card."""
    said, known = desk.prompt.style, desk.card.styles
    if desk.preset is not None:
        name = desk.preset.name
        desk.reasons["style"] = _PINNED
        if said and said != name:
            desk.overruled["style"] = f"the idea says {said}, the recipe pins {name}"
        return _drawable_style(desk, name, (name, *desk.preset.also, *desk.preset.words))
    if said:
        desk.reasons["style"] = f"the idea says {said}"
        return _drawable_style(desk, said, (said,))
    if known:
        desk.reasons["style"] = f"the first style that {desk.card.name} knows"
        return known[0]
    return ""


def _drawable_style(desk: _Desk, name: str, means: Sequence[str]) -> str:
    known = desk.card.styles
    if not known:
        return name
    found = next((style for word in means if (style := style_in(word, known))), None)
    if found is None:
        desk.warnings.append(f"{desk.card.name} cannot draw in the style {name}; it knows {', '.join(known)}")
        return known[0]
    return found


def _size(desk: _Desk) -> tuple[int, int]:
    width = _side(desk, "width", desk.params.width, desk.card.width)
    return width, _side(desk, "height", desk.params.height, desk.card.height)


def _side(desk: _Desk, name: str, pinned: int | None, own: int) -> int:
    if pinned is None:
        desk.reasons[name] = f"what {desk.card.name} was trained on"
        return own
    multiple = desk.card.size_multiple
    rounded = max(1, (pinned + multiple // 2) // multiple) * multiple
    if not own / _WIDEST <= rounded <= own * _WIDEST:
        raise StageFailure(
            f"{desk.card.name} cannot draw a {name} of {pinned} px: it was trained on {own} px",
            code="E523",
            help=f"pin a {name} from {-(-own // _WIDEST)} to {own * _WIDEST} px on `plan`",
        )
    desk.reasons[name] = _PINNED if rounded == pinned else f"{pinned}, rounded to a multiple of {multiple}"
    if desk.closed and rounded != own:
        desk.warnings.append(
            f"{desk.card.name} was trained on {own} px alone; a {name} of {rounded} may look odd"
        )
    return rounded


def _steps(desk: _Desk) -> int:
    pinned = desk.params.steps
    desk.reasons["steps"] = f"good for {desk.card.name}, by its card" if pinned is None else _PINNED
    return desk.card.steps if pinned is None else pinned


def _guidance(desk: _Desk) -> float:
    pinned = desk.params.guidance_scale
    desk.reasons["guidance_scale"] = f"good for {desk.card.name}, by its card" if pinned is None else _PINNED
    return desk.card.guidance_scale if pinned is None else pinned


def _scheduler(desk: _Desk) -> str:
    pinned, known = desk.params.scheduler, desk.card.schedulers
    if pinned is None:
        if known:
            desk.reasons["scheduler"] = f"the one that {desk.card.name} comes with"
        return known[0] if known else ""
    if known and pinned not in known and not _can_run(pinned, known):
        from orchestrator.stage.schedulers import advice

        _, instead = advice(pinned, known)
        raise StageFailure(
            f"{desk.card.name} has no scheduler {pinned!r}",
            code="E524",
            help=(f"did you mean {instead}? " if instead else "") + f"It can run on {', '.join(known)}",
        )
    desk.reasons["scheduler"] = _PINNED
    return pinned


def _can_run(scheduler: str, known: Sequence[str]) -> bool:
    from orchestrator.stage.schedulers import can_run  # only for one that is not the card's own to the letter

    return can_run(scheduler, known)


def _negative(desk: _Desk) -> str:
    """The pin; else what the idea and the style want away, as far as the painter knows the words."""
    said = [*desk.prompt.negative, *(desk.preset.negative if desk.preset else ())]
    pinned = desk.params.negative_prompt
    if not desk.card.takes_negative_prompt:
        return _unheeded(desk, pinned, said)
    if pinned is not None:
        desk.reasons["negative_prompt"] = _PINNED
        if desk.prompt.negative:
            desk.overruled["negative_prompt"] = f"{', '.join(desk.prompt.negative)}: the recipe pins another"
        return pinned
    if desk.closed:
        return _known_negatives(desk, said)
    desk.reasons["negative_prompt"] = "from the idea, the template and the style" if said else "the usual one"
    wanted = set(words_of(" ".join([desk.prompt.subject, desk.prompt.style, *desk.prompt.details])))
    return ", ".join(
        text for text in dict.fromkeys(said or _USUAL_NEGATIVE) if not set(words_of(text)) <= wanted
    )


def _unheeded(desk: _Desk, pinned: str | None, said: list[str]) -> str:
    desk.reasons["negative_prompt"] = f"{desk.card.name} takes none"
    if pinned or said:
        desk.overruled["negative_prompt"] = f"{pinned or ', '.join(said)}: {desk.card.name} takes none"
    return ""


def _known_negatives(desk: _Desk, said: list[str]) -> str:
    """A small painter knows its vocabulary alone; other words only blur its pictures."""
    card = desk.card
    known = {*card.nouns, *card.colours, *card.styles, *card.backgrounds}
    kept = [text for text in dict.fromkeys(said) if set(words_of(text)) <= known]
    left_out = [text for text in dict.fromkeys(said) if text not in kept]
    desk.reasons["negative_prompt"] = (
        f"left out, because {card.name} does not know them: {', '.join(left_out)}"
        if left_out
        else ("from the idea and the style" if kept else "nothing is unwanted")
    )
    return ", ".join(kept)


def _text(desk: _Desk, style: str) -> tuple[str, str]:
    """The final text, and the noun that the painter will draw ("" where its vocabulary is open)."""
    prompt = desk.prompt
    values = {
        "style": style,
        "colour": prompt.colour,
        "subject": prompt.subject,
        "material": prompt.material,
        "lighting": prompt.lighting,
        "view": prompt.view,
        "background": prompt.background,
        "details": ", ".join(prompt.details),
    }
    if not desk.closed:
        return general_wording(values, desk.preset.words if desk.preset else ()), ""
    noun = _noun(desk)
    values |= {
        "noun": noun or _without_article(prompt.subject),
        "colour": _colour(desk),
        "background": _background(desk),
    }
    return in_wording_of(desk.card.caption or _CAPTION, values), noun or ""


def _noun(desk: _Desk) -> str | None:
    """The noun that is drawn; None where there is none and the recipe wants the subject drawn."""
    drawn = nearest_drawable(desk.prompt.subject, desk.card.nouns, *desk.tables)
    if drawn.noun is None:
        if desk.params.unknown == "fail":
            raise StageFailure(_cannot_draw(desk), code="E526", help=_instead(desk))
        desk.warnings.append(f"{_cannot_draw(desk)}; what is drawn is chance")
    elif drawn.how != "known":
        word = drawn.word.replace("_", " ")
        desk.reasons["drawn_as"] = f"{drawn.noun} is what {desk.card.name} has for {word} ({_HOW[drawn.how]})"
        if drawn.how != "synonym":
            desk.warnings.append(f"'{drawn.noun}' is drawn for '{word}' ({_HOW[drawn.how]})")
    return drawn.noun


def _without_article(subject: str) -> str:
    first, _, rest = subject.partition(" ")
    return rest if rest and first.casefold() in {"a", "an", "the"} else subject


def _cannot_draw(desk: _Desk) -> str:
    count = len(desk.card.nouns)
    return f"{desk.card.name} cannot draw {desk.prompt.subject!r}: none of its {count} nouns comes near"


def _instead(desk: _Desk) -> str:
    near = nearest_nouns(desk.prompt.subject, desk.card.nouns, *desk.tables)
    named = f"name one that it knows ({', '.join(near)}), " if near else "name a thing that it knows, "
    return (
        f"{named}let `plan` draw it as chance has it (`unknown: draw`), or take a larger model, which draws "
        "anything: `--set models.painter=huggingface:OWNER/NAME@COMMIT`"
    )


def _colour(desk: _Desk) -> str:
    said = desk.prompt.colour
    found = colour_in(said, desk.card.colours) if said else None
    if said and found is None:
        desk.reasons["colour"] = (
            f"{said} is none of the colours that {desk.card.name} knows; the natural ones"
        )
    elif found and found != said:
        desk.reasons["colour"] = f"{found} is what {desk.card.name} has for {said}"
    return found or ""


def _background(desk: _Desk) -> str:
    said, known = desk.prompt.background, desk.card.backgrounds
    found = background_in(said, known) if said else None
    if said and found and found != said:
        desk.reasons["background"] = f"{found} is what {desk.card.name} has for {said}"
    elif found is None and known:
        desk.reasons["background"] = f"the first background that {desk.card.name} knows"
        if said:
            desk.overruled["background"] = f"{desk.card.name} cannot draw {said}"
    return found or (known[0] if known else said)


def _post(desk: _Desk, style: str) -> tuple[PixelGrid, ...]:
    """The grid of the pinned preset; a pixel style that the idea asks for has the usual one."""
    if desk.preset is not None and desk.preset.pixel_cells:
        grid = PixelGrid(cells=desk.preset.pixel_cells, colours=desk.preset.pixel_colours)
    elif desk.preset is None and "pixel" in words_of(style):
        grid = PixelGrid(cells=32, colours=24)
    else:
        return ()
    size = _size(desk)
    fitting = grid.model_copy(update={"cells": dividing_cells(grid.cells, size)})
    uneven = f"; {grid.cells} would not divide {size[0]}×{size[1]} into cells of one size"
    told = "" if fitting == grid else uneven
    desk.reasons["post"] = f"a pixel look has one colour in each of {fitting.cells} cells a side{told}"
    return (fitting,)
