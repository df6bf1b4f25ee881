"""`amend`: a person's word on a structured prompt, before it is planned."""

from __future__ import annotations

from orchestrator.stage import Context, Field, Params, Prompt, stage


class Amend(Params):
    """Overwrite fields of a structured prompt, or add to its lists.

    A param left out (or null) leaves its field as it is; `""` empties a text field and `[]` a list.
    `details` and `negative` replace the list; `add_details` and `add_negative` append what it lacks.
    """

    subject: str | None = Field(default=None, min_length=1, description="what is drawn")
    style: str | None = Field(default=None, description="the look, as the prompt's own words")
    colour: str | None = Field(default=None, description="main colour")
    material: str | None = Field(default=None, description="main material")
    lighting: str | None = Field(default=None, description="light")
    view: str | None = Field(default=None, description="camera and composition")
    background: str | None = Field(default=None, description="what is behind")
    details: tuple[str, ...] | None = Field(default=None, description="replaces the details")
    negative: tuple[str, ...] | None = Field(default=None, description="replaces what must not be seen")
    add_details: tuple[str, ...] = Field(default=(), description="details to append")
    add_negative: tuple[str, ...] = Field(default=(), description="further things that must not be seen")


_PLAIN = ("subject", "style", "colour", "material", "lighting", "view", "background", "details", "negative")


@stage("amend", version=1)
def amend(prompt: Prompt, params: Amend, ctx: Context) -> Prompt:
    """The prompt with the params' words in it."""
    given = {name: getattr(params, name) for name in _PLAIN if getattr(params, name) is not None}
    amended = prompt.model_copy(update=given)
    lists = {
        "details": _with(amended.details, params.add_details),
        "negative": _with(amended.negative, params.add_negative),
    }
    amended = amended.model_copy(update=lists)
    changed = [name for name in _PLAIN if getattr(amended, name) != getattr(prompt, name)]
    ctx.note("reasons", dict.fromkeys(changed, "set by amend"))
    return amended


def _with(held: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*held, *added)))
