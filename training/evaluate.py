"""Prints the table of the embedded models from the committed weights: `python -m training.evaluate`."""

from __future__ import annotations

import argparse
import io
import subprocess
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from training import judge, measure, render, whole_path
from training.pack import weights_bytes
from training.painter import Painter, pairs
from training.settings import CLIP, JUDGE, PAINTER, ROOT, RUN
from training.vocabulary import MATERIALS, SURFACES

RESULTS = ROOT / "benchmarks" / "RESULTS-painter.md"
EARLIER = "0f3488d"
"""The commit with the painter of 80 nouns."""


@dataclass(frozen=True)
class Row:
    """A line of the table; `met` says whether the bar is, "" where there is nothing to measure."""

    what: str
    before: str
    bar: str
    aim: str
    found: str
    met: str

    def line(self) -> str:
        """The line in Markdown."""
        return f"| {self.what} | {self.before} | {self.bar} | {self.aim} | {self.found} | {self.met} |"


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{100 * share:.1f} %"


def judged(good: bool) -> str:
    """One word for the last column."""
    return "met" if good else "missed"


def unmeasured(what: str, bar: str, aim: str, why: str) -> Row:
    """A line for what these weights do not do."""
    return Row(what, "–", bar, aim, f"not measured: {why}", "not measured")


def painter_rows(painter: Painter, drawn: measure.Drawn) -> list[Row]:
    """What the frozen judge reads from the drawn pictures."""
    found, many = drawn.shares(), len(painter.card["nouns"])
    mottled = drawn.mottled()
    return [
        Row("nouns drawn", "80; 718", "700", "1,000", str(many), judged(many >= 700)),
        Row(
            "noun, top-1, unseen wording",
            "100; 98.8 %",
            "98.5 %",
            "99 %",
            percent(found["noun"]),
            judged(found["noun"] >= 0.985),
        ),
        Row(
            "colour named in the prompt",
            "98.7; 98.8 %",
            "98.5 %",
            "99.5 %",
            percent(found["colour"]),
            judged(found["colour"] >= 0.985),
        ),
        Row("ground", "100; 100 %", "100 %", "100 %", percent(found["ground"]), judged(found["ground"] >= 1)),
        Row(
            "style",
            "97; 99.2 %",
            "98.5 %",
            "99.5 %",
            percent(found["style"]),
            judged(found["style"] >= 0.985),
        ),
        Row("flat alone", "–; 89 %", "96 %", "99 %", percent(found["flat"]), judged(found["flat"] >= 0.96)),
        Row(
            "ground: deviation of its pixels, flat style",
            "2.2; 1.6/255",
            "≤ 1.8/255",
            "≤ 1/255",
            f"{mottled:.2f}/255",
            judged(mottled <= 1.8),
        ),
    ]


def material_rows(painter: Painter, easel: measure.Easel, count: int) -> list[Row]:
    """Materials, by a judge of their own, and surfaces."""
    what, why = "material named in the prompt, read among ten", "its judge has not been trained"
    row = unmeasured(what, "80 %", "95 %", why)
    if (JUDGE / "material-judge.safetensors").exists():
        reader = judge.load_material()
        share = measure.material_share(painter, reader, count, 81)
        held = measure.held_out_materials(reader, easel, 200, 82)
        found = f"{percent(share)} of drawn pictures ({percent(held)} of held-out renders)"
        row = Row(what, "none but gold", "80 %", "95 %", found, judged(share >= 0.8))
    knows = set(SURFACES) <= set(painter.card["nouns"])
    why = "nothing here measures it yet" if knows else "these weights know none"
    return [row, unmeasured("surfaces, by the seam", "0.9 to 1.1", "", why)]


def render_rows(painter: Painter, eyes: measure.Eyes, easel: measure.Easel) -> list[Row]:
    """What needs renders that no training saw."""
    psnr, sharp = measure.coded(painter, easel)
    seen = measure.clip_zero_shot(eyes, easel, tuple(painter.card["nouns"]))
    return [
        Row(
            "autoencoder, PSNR on held-out renders",
            "28.9; 28.8 dB",
            "29.8 dB",
            "32 dB",
            f"{psnr:.1f} dB",
            judged(psnr >= 29.8),
        ),
        Row(
            "sharpness: gradient energy at edges, decoded against render",
            "–",
            "≥ 0.9",
            "≥ 0.95",
            f"{sharp:.2f}",
            judged(sharp >= 0.9),
        ),
        Row(
            "CLIP, zero-shot noun over all nouns",
            "96 % of 80; 99.9 %",
            "98 %",
            "keep",
            percent(seen),
            judged(seen >= 0.98),
        ),
    ]


def path_row(missed: list[whole_path.Miss]) -> Row:
    """The share of typed ideas whose picture shows their noun."""
    total = len(whole_path.ideas())
    share = 1 - len(missed) / total
    return Row(f"noun through idea → expand → plan → render, {total} ideas", "99.2; 99.2 %", "97 %", "99 %",
               percent(share), judged(share >= 0.97))  # fmt: skip


def earlier(folder: Path) -> Painter | None:
    """The painter of EARLIER out of the history; None where this is no checkout that has it."""
    command = ["git", "archive", EARLIER, str(PAINTER.relative_to(ROOT))]
    try:
        archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603 - git itself
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    return Painter(folder / PAINTER.relative_to(ROOT))


def size_rows(painter: Painter) -> list[Row]:
    """Time in pairs with the earlier painter, and bytes."""
    size = weights_bytes(PAINTER, CLIP, JUDGE) / 1e6
    what = "weights in the repository, judges counted"
    rows = [Row(what, "38.5; 61.7 MB", "≤ 95 MB", "≤ 80 MB", f"{size:.1f} MB", judged(size <= 95))]
    with tempfile.TemporaryDirectory() as folder:
        before = earlier(Path(folder))
        if before is None:
            return [
                unmeasured("one picture, against the painter of 80", "≤ 1", "≤ 0.85", f"no {EARLIER} here"),
                *rows,
            ]
        mine, theirs, quotient = pairs(painter, before)
        found = f"{quotient:.2f} ({mine:.2f} s against {theirs:.2f} s)"
        what = "one picture, two threads, pairs with the painter of 80"
        rows.insert(0, Row(what, "1; 0.92", "≤ 1", "≤ 0.85", found, judged(quotient <= 1)))
    return rows


def notes(drawn: measure.Drawn, missed: list[whole_path.Miss], easel: measure.Easel) -> list[str]:
    """Lines below the table."""
    styles = ", ".join(f"{style} {percent(share)}" for style, share in drawn.by_style().items())
    near = measure.nearest(drawn, easel)
    untrained = (
        "Not trained yet, and so not measured: a student of few steps, a GAN. "
        f"The code of `training/` knows {len(MATERIALS) - 1} materials and {len(SURFACES)} surfaces; "
        "these weights were trained before it did."
    )
    nearness = (
        "Nearest training picture (RMS of 0–255 at 64 px, median): from a drawn picture to the nearest of "
        f"32 training renders of its subject {near['made']:.1f}; between such renders {near['trained']:.1f}; "
        f"to a render of another noun {near['apart']:.1f}. The model knows a set of icons and redraws them."
    )
    return [
        f"Noun by style: {styles}. Flawless: {percent(drawn.shares()['flawless'])}.",
        f"Misread: {'; '.join(drawn.misread()) or 'nothing'}.",
        f"Missed on the whole path: {'; '.join(miss.line() for miss in missed) or 'nothing'}.",
        untrained,
        nearness,
    ]


def report(rows: list[Row], below: list[str], count: int) -> str:
    """The whole page."""
    head = (
        "# Embedded painter and CLIP\n\nPrinted by `make evaluate` from the committed weights. "
        "The judge of noun, colour, ground and style is a small convolutional network that came with the "
        "weights and stays frozen; the painter never saw it. "
        f"{count} prompts with wording that no training caption has and distractor words, over all nouns, "
        "colours, styles and grounds; the settings of the card.\n"
    )
    table = [
        "| | painter of 80; as handed over | bar | aim | measured | |",
        "|---|---|---|---|---|---|",
        *(row.line() for row in rows),
    ]
    return "\n".join([head, *table, "", *(f"{line}\n" for line in below)])


def main(results: Path = RESULTS, threads: int = 2, count: int = 240) -> None:
    """Measures everything, writes and prints the page."""
    start = time.monotonic()
    torch.set_num_threads(threads)
    painter, eyes, reader = Painter(), measure.Eyes(), judge.load()
    render.make(RUN, threads)
    easel = render.easel(RUN)
    drawn = measure.draw(painter, reader, measure.prompts(count, 75, len(painter.card["nouns"])), 1)
    missed = whole_path.misses(reader, threads, whole_path.ideas())
    rows = [
        *painter_rows(painter, drawn), path_row(missed), *material_rows(painter, easel, 120),
        *render_rows(painter, eyes, easel), *size_rows(painter),
    ]  # fmt: skip
    spent = f"Measured in {(time.monotonic() - start) / 60:.1f} minutes, {threads} threads."
    text = report(rows, [*notes(drawn, missed, easel), spent], count)
    results.write_text(text, encoding="utf-8", newline="\n")
    print(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2, help="for all but the timing, which takes two")
    parser.add_argument("--prompts", type=int, default=240, help="how many pictures the judge reads")
    given = parser.parse_args()
    main(threads=given.threads, count=given.prompts)
