"""`orchestrator library`: the styles, templates, glossaries and lexicons that every recipe may name."""

from __future__ import annotations

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import say, say_findings, say_json
from orchestrator.cli.listing import as_document, table
from orchestrator.cli.status import FINE

_SHELVES = ("glossary", "lexicon", "style", "template")
_EXAMPLES = examples("orchestrator library", "orchestrator library style", "orchestrator library --json")


@click.command("library", epilog=_EXAMPLES, short_help="Lists styles, templates, glossaries and lexicons.")
@click.argument("shelf", required=False, type=click.Choice(_SHELVES))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(shelf: str | None, *, as_json: bool) -> int:
    """Lists what ships and what installed packages offer; a recipe's own `prompts/` comes before both."""
    from orchestrator.api import listed_resources

    found, findings = listed_resources()
    chosen = [each for each in found if shelf in {None, each.shelf}]
    if as_json:
        say_json(as_document("resources", chosen, findings))
        return FINE
    say(table((each.name, each.shelf, each.package, each.release) for each in chosen))
    say_findings(findings, {})
    return FINE
