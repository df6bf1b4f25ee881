"""`orchestrator explain`: what a finding means, with an example."""

from __future__ import annotations

import shutil
import sys

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import has_colour, say
from orchestrator.cli.status import FINE

_EXAMPLES = examples(
    "orchestrator explain E104",
    "orchestrator explain             all findings, a line each",
)
_WIDEST = 100


@click.command("explain", epilog=_EXAMPLES, short_help="Explains a finding, with an example.")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Prints the page of the finding CODE: what it means, a recipe that has it, and what is said then.

    Without CODE, lists all findings.
    """
    from orchestrator.api import explain, explained
    from orchestrator.errors.page import as_terminal

    if code is None:
        say("\n".join(f"{known}  {title}" for known, title in explained().items()))
        return FINE
    colour = has_colour(sys.stdout)
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    say(as_terminal(explain(code), width=width, colour=colour), colour=colour)
    return FINE
