"""Prints the table of the embedded models from the committed weights: `python -m training.evaluate`."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from training import judge as judging
from training import measure, whole_path
from training.curve import prompts
from training.pack import weights_bytes
from training.painter import Painter
from training.render import Easel
from training.settings import CLIP, PAINTER, ROOT
from training.sources import MissingSourceError

RESULTS = ROOT / "benchmarks" / "RESULTS-painter.md"
PROMPTS = 400


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    prototype: str
    bar: str
    aim: str
    found: str

    def line(self) -> str:
        """The line in Markdown."""
        return f"| {self.what} | {self.prototype} | {self.bar} | {self.aim} | {self.found} |"


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{100 * share:.1f} %"


def painter_rows(drawn: measure.Drawn) -> list[Row]:
    """What the judge reads from the drawn pictures."""
    found = measure.attributes(drawn)
    return [
        Row("noun, top-1", "91 %", "93 %", "98 %", percent(found["noun"])),
        Row("colour named in the prompt", "95 %", "97 %", "99 %", percent(found["colour"])),
        Row("background", "99.6 %", "99.5 %", "100 %", percent(found["background"])),
        Row("style, judged at full resolution", "55 % (pixel: 0 %)", "90 %", "97 %", percent(found["style"])),
        Row("pixel pictures exactly on their grid after the post step", "–", "100 %", "100 %",
            percent(measure.pixel_grids(drawn))),
    ]  # fmt: skip


def render_rows(painter: Painter, eyes: measure.Eyes) -> list[Row]:
    """What needs the drawings themselves; left open where they cannot be fetched."""
    try:
        easel = Easel()
        psnr = f"{measure.autoencoder_psnr(painter, easel):.1f} dB"
        seen = percent(measure.clip_zero_shot(eyes, easel))
    except MissingSourceError as error:
        print(error)
        psnr = seen = "not measured: no drawings"
    return [
        Row("autoencoder, PSNR on held-out renders", "28.4 dB at 64 px", "28 dB", "32 dB", psnr),
        Row("CLIP, zero-shot noun on held-out renders", "24.5 %", "85 %", "97 %", seen),
    ]


def path_row(missed: list[whole_path.Miss]) -> Row:
    """The share of typed ideas whose picture shows their noun."""
    total = len(whole_path.ideas())
    right = percent(1 - len(missed) / total)
    return Row(f"noun through idea → expand → plan → render, {total} ideas", "–", "85 %", "95 %", right)


def best_row(found: dict[str, float]) -> Row:
    """How many flaws the best of four by the CLIP's cosine removes."""
    shares = f"{percent(found['single'])} → {percent(found['cosine'])}"
    if found["single"] <= found["luck"]:
        text = f"none to remove: a flaw is in all four ({shares})"
    else:
        text = f"{percent(1 - found['cosine'] / found['single'])} ({shares})"
    return Row("best of 4 by CLIP score: flawed pictures removed", "–", "a third", "two thirds", text)


def size_rows(painter: Painter) -> list[Row]:
    """Time and bytes."""
    size = weights_bytes(PAINTER, CLIP) / 1e6
    return [
        Row("one picture, two threads", "0.6 s at 64 px", "0.8 s", "0.3 s", f"{painter.seconds():.2f} s"),
        Row("weights", "25.6 MB", "60 MB", "40 MB", f"{size:.1f} MB"),
    ]


def notes(
    drawn: measure.Drawn, best: dict[str, float], missed: list[whole_path.Miss]
) -> list[str]:
    """Lines below the table."""
    styles = ", ".join(f"{s} {percent(v)}" for s, v in drawn.by_style().items())
    flaws = (
        f"Flawed (noun, named colour, background or style): single pictures {percent(best['single'])}; "
        f"best of four by the noun alone {percent(best['noun'])}, by luck {percent(best['luck'])}."
    )
    worst = ", ".join(f"{n} {percent(v)}" for n, v in drawn.worst(8) if v < 1) or "none"
    lines = [
        f"Noun by style: {styles}.",
        f"Nouns read worst: {worst}.",
        flaws,
        f"Missed on the whole path: {'; '.join(miss.line() for miss in missed) or 'nothing'}.",
    ]
    try:
        near = measure.nearest(drawn, Easel())
    except MissingSourceError:
        return lines
    text = (
        "Nearest training picture (RMS of 0–255 at 64 px, median): from a drawn picture to the nearest of 48 "
        f"training renders of its subject {near['made']:.1f}; between such renders "
        f"{near['trained']:.1f}; to a render of another subject {near['apart']:.1f}. "
        "The model knows a small set of icons and redraws them."
    )
    return [*lines, text]


def report(rows: list[Row], below: list[str]) -> str:
    """The whole page."""
    head = (
        "# Embedded painter and CLIP\n\nPrinted by `make evaluate` from the committed weights. "
        "The judge is a small convolutional network that the painter never saw, trained on the same "
        "drawings; "
        f"{PROMPTS} prompts with wording that no training caption has and distractor words, over all nouns, "
        "colours, styles and backgrounds; the settings of the card.\n"
    )
    table = [
        "| | prototype (64 px) | bar | aim | measured |",
        "|---|---|---|---|---|",
        *(row.line() for row in rows),
    ]
    return "\n".join([head, *table, "", *(f"{line}\n" for line in below)])


def main(results: Path = RESULTS, threads: int = 2) -> None:
    """Measures everything, writes and prints the page."""
    start = time.monotonic()
    torch.set_num_threads(threads)
    painter, eyes, judge = Painter(), measure.Eyes(), judging.load()
    drawn = measure.draw(painter, judge, prompts(PROMPTS, 75), 1)
    best = measure.best_of_four(painter, judge, eyes, 80)
    missed = whole_path.misses(judge, threads, whole_path.ideas())
    rows = [
        *painter_rows(drawn), path_row(missed), *render_rows(painter, eyes), best_row(best),
        *size_rows(painter),
    ]  # fmt: skip
    spent = f"Measured in {(time.monotonic() - start) / 60:.1f} minutes."
    text = report(rows, [*notes(drawn, best, missed), spent])
    results.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2, help="for all but the timing, which takes two")
    main(threads=parser.parse_args().threads)
