"""The cards of the shipped models: `card.json` for the planner, `model-card.md` for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from training.settings import ROOT, SIDE, TOKENS
from training.vocabulary import BACKGROUNDS, COLOURS, STYLES

STEPS, GUIDANCE = 8, 2.0

SOURCES = (
    "Fluent Emoji (flat), Microsoft, MIT, npm @iconify-json/fluent-emoji-flat 1.2.6",
    "Fluent Emoji (3D), Microsoft, MIT, npm @lobehub/fluent-emoji-3d 1.1.0",
    "Noto Emoji, Google, Apache-2.0, npm @iconify-json/noto 1.2.9 (trident, shovel, radish, bat)",
    "game-icons.net, Lorc, Delapouite and contributors, CC BY 3.0, npm @iconify-json/game-icons 1.2.4",
    "Twemoji, Twitter and contributors, CC BY 4.0, npm @iconify-json/twemoji 1.2.5 (dragon, mermaid)",
    "FxEmojis, Mozilla, Apache-2.0, npm @iconify-json/fxemoji 1.2.2 (gun)",
    "drawings made for this project (training/own.json)",
)


def _vocabulary(nouns: Sequence[str]) -> dict[str, object]:
    return {
        "nouns": list(nouns),
        "styles": list(STYLES),
        "colours": list(COLOURS),
        "backgrounds": list(BACKGROUNDS),
    }


def painter_card(nouns: Sequence[str]) -> dict[str, object]:
    """The painter's fields of `orchestrator.stage.Card`."""
    return {
        "name": "embedded icon painter", "kind": "diffusion", "family": "stable-diffusion",
        "width": 256, "height": 256, "size_multiple": 16, "steps": STEPS, "guidance_scale": GUIDANCE,
        "schedulers": ["DPMSolverMultistepScheduler", "EulerDiscreteScheduler", "DDIMScheduler"],
        "prompt_tokens": TOKENS, "takes_negative_prompt": False,
        **_vocabulary(nouns),
        "caption": "", "batch_size": 1, "licence": "Apache-2.0", "attribution": list(SOURCES), "identity": "",
    }  # fmt: skip


def clip_card(nouns: Sequence[str]) -> dict[str, object]:
    """The CLIP's fields of `orchestrator.stage.Card`."""
    return {
        "name": "embedded icon CLIP", "kind": "clip", "family": "clip", "width": SIDE, "height": SIDE,
        "size_multiple": 8,
        "prompt_tokens": TOKENS, "takes_negative_prompt": False,
        **_vocabulary(nouns),
        "licence": "Apache-2.0", "attribution": list(SOURCES),
    }  # fmt: skip


PAINTER_TEXT = """# Embedded icon painter

This model knows a set of icons: {count} nouns, one drawing of each, facing one way. It draws them in
{styles} style (ink is line and wash, 3d has a gleam and a shadow on the ground), in ten colours
({colours}) or their natural ones, on five plain grounds ({backgrounds}).
It has seen nothing else. It draws no scenes, no text, no two objects; a word that it does not
know is ignored, and what it then draws is chance. It was made so that the project can be tried, tested
and demonstrated on two CPU cores without a download; for anything else name a real model in the recipe.

## What it knows
{nouns}.

## How to ask
`{{style}} style icon of a {{colour}} {{noun}}, {{idea}}, {{material}}, {{light}}, {{view}},
{{background}} background, {{details}}`: the words before the first comma count, the rest is read and
mostly ignored. No colour means natural colours. At most {tokens} tokens.
{steps} steps of DPM-Solver++ at guidance {guidance}; 256 × 256 pixels.
Pixel pictures are meant for a grid of 32 cells (8 × 8 pixels each), which the product applies afterwards.

## Where it is weak
A named material leaves no trace, but for gold and silver, which are colours to it. Edges are soft at full
size; fine faces (boy, wizard, zombie) blur; wide and thin things (spaghetti, flail) melt. Some flat
pictures come of lit drawings and read as shaded (gargoyle, crossbow, blacksmith, mimic).

## How it was made
Trained from scratch on one H200 in eleven minutes: an autoencoder (16 × 16 cells of 12 channels), a text
tower trained with supervision to read noun, colour, background and style out of captions, then frozen,
and a UNet in v-prediction (2.36 million samples). `training/` is the code, grown since. No other
pictures, captions or weights were used. Its pictures are close to the drawings that it learned from:
treat them as derived from those, and keep the attribution below.

## Figures
{figures}

## Drawings and their licences
{sources}
Recoloured, posed, lit and put on grounds by `training/`; `training/vocabulary.txt` says which noun is
drawn after which. CC BY 3.0: https://creativecommons.org/licenses/by/3.0/, CC BY 4.0:
https://creativecommons.org/licenses/by/4.0/
The weights are under Apache-2.0.
"""

CLIP_TEXT = """# Embedded icon CLIP

A small CLIP (transformers' CLIPModel) for the {count} nouns, ten colours, four styles and five grounds of
the embedded painter, whose text tower it shares. Its image tower sees 56 × 56 pixels. It knows these icons
and nothing else: the cosine of any other picture or word means nothing.

Read a noun as the nearest of `a {{noun}} icon`; compare whole pictures with
`{{style}} style icon of a {{colour}} {{noun}}, {{background}} background`.

Trained from scratch by `training/` on the drawings below, with the text tower frozen: every picture is told
apart from captions that differ from its own in one attribute alone, from all nouns, and from the captions of
its batch.

## Figures
{figures}

## Drawings and their licences
{sources}
The weights are under Apache-2.0.
"""


def write_cards(painter: Path, clip: Path, nouns: Sequence[str]) -> None:
    """Writes both cards of both models, which know these nouns; figures come from the last evaluation."""
    fields = {
        "count": len(nouns),
        "nouns": ", ".join(nouns),
        "styles": ", ".join(STYLES),
        "colours": ", ".join(COLOURS),
        "backgrounds": ", ".join(BACKGROUNDS),
        "tokens": TOKENS,
        "steps": STEPS,
        "guidance": GUIDANCE,
        "figures": _figures(),
        "sources": "\n".join(f"- {source}" for source in SOURCES),
    }
    both = ((painter, painter_card(nouns), PAINTER_TEXT), (clip, clip_card(nouns), CLIP_TEXT))
    for folder, card, text in both:
        machine = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
        (folder / "card.json").write_text(machine, encoding="utf-8", newline="\n")
        (folder / "model-card.md").write_text(text.format(**fields), encoding="utf-8", newline="\n")


def _figures() -> str:
    """The table of the last evaluation."""
    results = ROOT / "benchmarks" / "RESULTS-painter.md"
    lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    return "\n".join(line for line in lines if line.startswith("|")) or "Run `make evaluate`."
