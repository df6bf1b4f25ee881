"""`orchestrator stages`: what may stand behind `use:`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestrator.cli.arguments import examples, stages_option
from orchestrator.cli.console import say, say_findings
from orchestrator.cli.status import FINE

if TYPE_CHECKING:
    from orchestrator.api import ParamFacts, StageFacts

_EXAMPLES = examples(
    "orchestrator stages",
    "orchestrator stages plan",
    "orchestrator stages --stages outline.py",
)


@click.command("stages", epilog=_EXAMPLES, short_help="Lists the stages, or shows one.")
@click.argument("name", required=False)
@stages_option
def command(name: str | None, stages_files: tuple[str, ...]) -> int:
    """Lists the stages; with NAME, its inputs, output and params."""
    from orchestrator.api import stage_facts
    from orchestrator.api.stage_list import listed_stages

    if name is not None:
        say(_one(stage_facts(name, stages_files=stages_files)))
        return FINE
    found, findings = listed_stages(stages_files=stages_files)
    width = max(len(stage.name) for stage in found)
    say("\n".join(f"{stage.name:<{width}}  {stage.summary}".rstrip() for stage in found))
    say_findings(findings, {})
    return FINE


def _one(stage: StageFacts) -> str:
    inputs = ", ".join(f"{name}: {type_name}" for name, type_name in stage.inputs)
    traits = [
        word for word, holds in (("one item a variant", stage.variants), ("seeded", stage.seeded)) if holds
    ]
    head = f"{stage.name} (version {stage.version}{''.join(f', {trait}' for trait in traits)})"
    lines = [head, f"  {stage.summary}", "", f"  {inputs or 'no input'} → {stage.output}"]
    if stage.params:
        lines += ["", "  with:", *(line for param in stage.params for line in _param(param))]
    return "\n".join(lines)


def _param(param: ParamFacts) -> list[str]:
    kind = f"{param.type} {param.limits}".strip()
    default = f", default {param.default}" if param.default else ", must be given"
    lines = [f"    {param.name}: {kind}{default}"]
    return [*lines, f"        {param.description}"] if param.description else lines
