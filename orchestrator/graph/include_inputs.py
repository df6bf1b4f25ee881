"""`inputs:` of an include that feed nothing."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.errors import Diagnostic
from orchestrator.graph.wiring import Wiring
from orchestrator.recipe.model import Recipe


def idle_inputs(recipe: Recipe, wiring: Wiring) -> Iterator[Diagnostic]:
    """E229 for each that no stage of the namespace takes; a stage that could not be read may be the one."""
    if wiring.unknown:
        return
    given = {(text.span, port): stage for stage in recipe.stages for port, text in stage.given.items()}
    taken = {text.span for text in wiring.taken_inputs}
    for (span, port), stage in given.items():
        if span not in taken:
            yield Diagnostic(
                code="E229",
                message=f"no stage of the include {stage.scope.partition('.')[0]!r} takes an input {port!r} "
                "from outside",
                span=span,
                why="`inputs:` of an include feed those inputs of its stages that nothing inside it feeds.",
                help="take the line out, or name another input",
            )
