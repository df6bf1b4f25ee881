"""What an ink pad is: which ink, and what the painter says about itself. Draws nothing."""

from __future__ import annotations

import json

from PIL import ImageColor

from orchestrator.provider import Wanted
from orchestrator.stage import Card

MARKER = "inkpad.json"


def describe(wanted: Wanted) -> Card:
    """The card; the model that an endpoint asks for is the name of a colour."""
    name = ink(wanted)
    return Card(
        name=f"inkpad-{name}",
        kind="diffusion",
        family="inkpad",
        width=64,
        height=64,
        steps=1,
        guidance_scale=1.0,
        takes_negative_prompt=False,
    )


def ink(wanted: Wanted) -> str:
    """The colour; ValueError where there is none of this name."""
    name = wanted.model
    if wanted.folder is not None:
        name = str(json.loads((wanted.folder / MARKER).read_text("utf-8"))["ink"])
    ImageColor.getrgb(name)
    return name
