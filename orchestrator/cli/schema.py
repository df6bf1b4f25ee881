"""`orchestrator schema`: the recipe language as a JSON Schema, for an editor."""

from __future__ import annotations

import json

import click

from orchestrator.cli.arguments import examples, stages_option
from orchestrator.cli.console import say, say_json
from orchestrator.cli.status import FINE

_EXAMPLES = examples(
    "orchestrator schema --out recipe.schema.json",
    "orchestrator schema --out recipe.schema.json --stages outline.py",
    "",
    "then, as the first line of a recipe:",
    "# yaml-language-server: $schema=recipe.schema.json",
)


@click.command("schema", epilog=_EXAMPLES, short_help="Prints a JSON Schema of recipes, for editors.")
@stages_option
@click.option("--out", metavar="FILE", type=click.Path(), help="Write it to FILE, not to the screen.")
def command(stages_files: tuple[str, ...], out: str | None) -> int:
    """Prints a JSON Schema of the recipe language, with every stage and its params.

    An editor that has a YAML language server completes and checks recipes by it. Make it anew when stages
    change.
    """
    from orchestrator.api import schema, write_text

    text = json.dumps(schema(stages_files=stages_files), ensure_ascii=False, indent=2)
    if out is None:
        say_json(text)
    else:
        say(f"Wrote {write_text(out, text).as_posix()}.", err=True)
    return FINE
