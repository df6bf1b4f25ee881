"""Limits on what a recipe may be, so that a hostile file ends in a finding within milliseconds."""

from __future__ import annotations

from orchestrator.frozen import Frozen


class Caps(Frozen):
    """The operator's limits; a recipe cannot raise them.

    Attributes:
        bytes: size of the file.
        depth: lists and mappings inside one another, aliases followed.
        nodes: values and keys altogether, each alias counted as all that it stands for.
        aliases: `*name` in the file.
        scalar: characters of one text.
        idea: characters of one idea.
        variants: pictures of each item (`variant: N`).
        items: product of the dimensions.
    """

    bytes: int = 4 * 1024 * 1024
    depth: int = 32
    nodes: int = 50_000
    aliases: int = 200
    scalar: int = 200_000
    idea: int = 2_000
    variants: int = 1_000
    items: int = 1_000_000


DEFAULT_CAPS = Caps()
