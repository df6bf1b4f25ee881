"""The page of 96 pictures, nouns × styles × colours, for people to look at: `python -m training.page`."""

from __future__ import annotations

from pathlib import Path

import torch
from PIL import Image, ImageDraw

from training.clip import subject_text
from training.curve import finished
from training.painter import Painter
from training.render import Subject
from training.settings import ROOT
from training.vocabulary import BACKGROUNDS, COLOURS, NOUNS, STYLES

COLUMNS, ROWS, SIDE, LABEL = 12, 8, 128, 16


def subjects() -> list[Subject]:
    """96 subjects: all nouns in turn, styles, colours and backgrounds in different rhythms."""
    nouns, colours, grounds = list(NOUNS), ["", *COLOURS], list(BACKGROUNDS)
    return [
        Subject(
            nouns[k * 7 % len(nouns)] if k < len(nouns) else nouns[k * 11 % len(nouns)],
            STYLES[(k + k // 12) % 4],
            colours[k * 3 % len(colours)] if k % 3 else "",
            grounds[(k + k // 5) % 5],
        )
        for k in range(COLUMNS * ROWS)
    ]


def page(pictures: torch.Tensor, labels: list[str]) -> Image.Image:
    """Pictures in rows, each above its label."""
    out = Image.new("RGB", (COLUMNS * SIDE, ROWS * (SIDE + LABEL)), "white")
    pen = ImageDraw.Draw(out)
    for k, (picture, label) in enumerate(zip(pictures.numpy(), labels, strict=True)):
        x, y = k % COLUMNS * SIDE, k // COLUMNS * (SIDE + LABEL)
        small = Image.fromarray(picture).resize((SIDE - 4, SIDE - 4), Image.Resampling.LANCZOS)
        out.paste(small, (x + 2, y + 2))
        pen.text((x + 4, y + SIDE + 1), label, fill="black")
    return out


def main(file: Path = ROOT / "docs" / "images" / "painter-96.png") -> None:
    """Draws the page with the packed painter."""
    torch.set_num_threads(2)
    asked = subjects()
    prompts = [subject_text(s.noun, s.colour, s.background, s.style) for s in asked]
    pictures = finished(Painter().draw_all(prompts, list(range(len(asked)))), asked)
    file.parent.mkdir(parents=True, exist_ok=True)
    page(pictures, [f"{s.style} {s.colour} {s.noun}".replace("  ", " ") for s in asked]).save(
        file, optimize=True
    )


if __name__ == "__main__":
    main()
