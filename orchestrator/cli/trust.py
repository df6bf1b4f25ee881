"""`orchestrator trust`: the operator's word for a stage file or a project's settings."""

from __future__ import annotations

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import say
from orchestrator.cli.status import FINE

_EXAMPLES = examples(
    "orchestrator trust stages.py",
    "orchestrator trust                   lists what is trusted",
    "orchestrator trust --remove stages.py",
)


@click.command("trust", epilog=_EXAMPLES, short_help="Trusts a stage file or project settings of a clone.")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path())
@click.option("--remove", is_flag=True, help="No longer trust them.")
def command(files: tuple[str, ...], *, remove: bool) -> int:
    """Trusts each FILE as it is now: a stage file, or an orchestrator.toml.

    A file that changes is no longer trusted. Read it first: a stage file is a program, and it runs with all
    that you may do.
    """
    from orchestrator.api import distrust, trust, trusted

    for file in files:
        if remove:
            say(f"{file} is no longer trusted." if distrust(file) else f"{file} was not trusted.")
        else:
            say(f"Trusted {file} as it is now ({trust(file)[:19]}).")
    if not files:
        listed = [f"{digest[:19]}  {name}" for name, digest in trusted().items()]
        say("\n".join(listed) or "Nothing is trusted.")
    return FINE
