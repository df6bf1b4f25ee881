"""A run as a notebook shows it: its pictures, inside the HTML."""

from __future__ import annotations

import base64
from html import escape

from orchestrator.errors.printable import printable
from orchestrator.report.model import FailureReport, PictureReport, RunReport, named
from orchestrator.report.page import is_pixel_art
from orchestrator.report.summary import prompts_text

_MOST_PICTURES = 48
_MOST_BYTES = 8 * 2**20
"""A notebook is saved with what it shows; beyond this the page in the output folder serves better."""


def notebook(report: RunReport) -> str:
    """HTML with the first pictures as data, what failed, and what was warned of."""
    figures, size = list[str](), 0
    for picture in (*report.pictures, *report.sheets)[:_MOST_PICTURES]:
        figure = _figure(picture)
        size += len(figure)
        if size > _MOST_BYTES:
            break
        figures.append(figure)
    left = len(report.pictures) + len(report.sheets) - len(figures)
    more = f"<p>… and {left} more in {escape(report.out or 'run.pictures')}</p>" if left else ""
    prompts = f"<pre>{escape(prompts_text(report.prompts))}</pre>" if report.prompts else ""
    shown = f'<div style="display:flex;flex-wrap:wrap;gap:12px">{"".join(figures)}</div>'
    warned = _warnings((*report.findings, *report.warnings))
    return printable(shown + prompts + more + _failures(report.failures) + warned)


def _figure(picture: PictureReport) -> str:
    data = base64.b64encode(picture.png()).decode()
    label = picture.made.idea if picture.made else picture.name
    rendering = ";image-rendering:pixelated" if is_pixel_art(picture) else ""
    width = min(max(picture.width, 128), 256) if picture.made else picture.width
    return (
        '<figure style="margin:0;max-width:100%">'
        f'<img src="data:image/png;base64,{data}" alt="{escape(label)}" '
        f'style="width:{width}px;max-width:100%{rendering}">'
        f"<figcaption>{escape(label)}<br><small>{escape(named(picture.coordinates))}</small></figcaption></figure>"
    )


def _failures(failures: tuple[FailureReport, ...]) -> str:
    lines = "".join(
        f"<li>{escape(named(failure.coordinates))} at {escape(failure.stage)}: {escape(failure.message)}</li>"
        for failure in failures
    )
    return f"<p>Failed:</p><ul>{lines}</ul>" if lines else ""


def _warnings(warnings: tuple[str, ...]) -> str:
    lines = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
    return f"<p>Warnings:</p><ul>{lines}</ul>" if lines else ""
