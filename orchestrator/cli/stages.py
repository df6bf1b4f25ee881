"""`orchestrator stages`: what may stand behind `use:`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import examples, stages_option
from orchestrator.cli.console import say, say_findings, say_json
from orchestrator.cli.listing import as_document, param_lines, table
from orchestrator.cli.status import FINE

if TYPE_CHECKING:
    from orchestrator.api import StageFacts

_EXAMPLES = examples(
    "orchestrator stages",
    "orchestrator stages plan",
    "orchestrator stages --stages outline.py",
)


@click.command("stages", epilog=_EXAMPLES, short_help="Lists the stages, or shows one.")
@click.argument("name", required=False)
@stages_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(name: str | None, stages_files: tuple[str, ...], *, as_json: bool) -> int:
    """Lists the stages, those of installed packages too; with NAME, its inputs, output and params."""
    from orchestrator.api import listed_stages, stage_facts

    one = name is not None
    found, findings = (
        ((stage_facts(name, stages_files=stages_files),), ())
        if one
        else listed_stages(stages_files=stages_files)
    )
    if as_json:
        say_json(as_document("stages", found, findings))
        return FINE
    rows = ((each.name, each.summary, each.package, each.release) for each in found)
    say(_one(found[0]) if one else table(rows))
    say_findings(findings, {})
    return FINE


def _one(stage: StageFacts) -> str:
    inputs = ", ".join(f"{name}: {type_name}" for name, type_name in stage.inputs)
    traits = [
        word for word, holds in (("one item a variant", stage.variants), ("seeded", stage.seeded)) if holds
    ]
    traits += [f"{stage.package} {stage.release}"] if stage.package else []
    head = f"{stage.name} (version {stage.version}{''.join(f', {trait}' for trait in traits)})"
    lines = [head, f"  {stage.summary}", "", f"  {inputs or 'no input'} → {stage.output}"]
    if stage.params:
        lines += ["", "  with:", *(line for param in stage.params for line in param_lines(param))]
    return "\n".join(lines)
