"""`orchestrator graph`: the wiring that resulted, drawn."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import examples, recipe_options
from orchestrator.cli.console import has_colour, say, say_findings
from orchestrator.cli.status import FINE

if TYPE_CHECKING:
    from orchestrator.report.wiring import Wiring

_EXAMPLES = examples(
    "orchestrator graph item-icons",
    "orchestrator graph icons.yaml --format mermaid",
    "orchestrator graph icons.yaml --out wiring.svg",
)
_FORMS = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid"}


@click.command("graph", epilog=_EXAMPLES, short_help="Draws how the stages are wired.")
@recipe_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "svg"]),
    help="How it is drawn.  [default: by FILE's suffix (.svg, .mmd), else text]",
)
@click.option("--out", metavar="FILE", type=click.Path(), help="Write it to FILE, not to the screen.")
def command(
    recipe: str,
    ideas: tuple[str, ...],
    overrides: tuple[str, ...],
    stages_files: tuple[str, ...],
    *,
    form: str | None,
    out: str | None,
) -> int:
    """Draws the wiring of RECIPE as it resulted: types on the wires, dimensions on the stages.

    Nothing is run. A recipe with errors has no wiring; exit code 2, and `validate`'s findings.
    """
    from orchestrator.api import write_text
    from orchestrator.cli.request import checked_recipe
    from orchestrator.report.wiring import wiring_of

    checked = checked_recipe(recipe, ideas, overrides, stages_files)
    say_findings(checked.findings, checked.sources)
    form = form or _FORMS.get(Path(out or "").suffix.lower(), "text")
    colour = out is None and form == "text" and has_colour(sys.stdout)
    drawn = _drawn(wiring_of(checked.graph), form, colour=colour)
    if out is None:
        say(drawn, colour=colour)
    else:
        say(f"Wrote {write_text(out, drawn).as_posix()}.", err=True)
    return FINE


def _drawn(wiring: Wiring, form: str, *, colour: bool) -> str:
    from orchestrator.report.wiring import as_mermaid, as_svg, as_text

    if form == "text":
        return as_text(wiring, colour=colour)
    return as_svg(wiring) if form == "svg" else as_mermaid(wiring)
