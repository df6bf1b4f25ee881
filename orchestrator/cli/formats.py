"""`orchestrator formats`: what may stand behind `format:` of an `export:` entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import say, say_findings, say_json
from orchestrator.cli.listing import as_document, param_lines, table
from orchestrator.cli.status import FINE

if TYPE_CHECKING:
    from orchestrator.api import FormatFacts

_EXAMPLES = examples("orchestrator formats", "orchestrator formats files", "orchestrator formats --json")


@click.command("formats", epilog=_EXAMPLES, short_help="Lists the export formats, or shows one.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(name: str | None, *, as_json: bool) -> int:
    """Lists the export formats, those of installed packages too; with NAME, its files and keys."""
    from orchestrator.api import format_facts, listed_formats

    found, findings = ((format_facts(name),), ()) if name is not None else listed_formats()
    if as_json:
        say_json(as_document("formats", found, findings))
        return FINE
    say(table((each.name, each.summary, each.package, each.release) for each in found) if name is None
        else _one(found[0]))  # fmt: skip
    say_findings(findings, {})
    return FINE


def _one(found: FormatFacts) -> str:
    package = f" ({found.package} {found.release})" if found.package else ""
    writes = [f"  {kind}: {', '.join(endings)}" for kind, endings in found.endings.items()]
    lines = [f"{found.name}{package}", f"  {found.summary}".rstrip(), "", *writes]
    if found.options:
        lines += ["", "  keys:", *(line for option in found.options for line in param_lines(option))]
    return "\n".join(lines)
