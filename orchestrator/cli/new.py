"""`orchestrator new`: a ready recipe as a file of one's own."""

from __future__ import annotations

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import say
from orchestrator.cli.status import FINE

_EXAMPLES = examples(
    "orchestrator new item-icons",
    "orchestrator new item-icons props.yaml",
)


@click.command("new", epilog=_EXAMPLES, short_help="Copies a ready recipe, to be changed.")
@click.argument("name")
@click.argument("file", required=False, type=click.Path())
def command(name: str, file: str | None) -> int:
    """Copies the ready recipe NAME to FILE (NAME.yaml unless given), to be changed there."""
    from orchestrator.api import new

    path = new(name, file).as_posix()
    say(f"Wrote {path}. Change its ideas, then: orchestrator run {_quoted(path)}")
    return FINE


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
