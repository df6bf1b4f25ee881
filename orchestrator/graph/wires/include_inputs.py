"""`inputs:` of an include that feed nothing."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.errors import Diagnostic
from orchestrator.graph.wires.take import Wiring
from orchestrator.recipe.model import Recipe


def idle_inputs(recipe: Recipe, wiring: Wiring) -> Iterator[Diagnostic]:
    """E229 for each that no stage of the namespace takes; a stage that could not be read may be the one."""
    given = {place: text for stage in recipe.stages for place, text in stage.given.items()}
    for place, text in given.items():
        namespace, _, port = place.partition("/")
        unknown = any(name.startswith(f"{namespace}.") for name in wiring.ends.unknown)
        if text not in wiring.taken_inputs and not unknown:
            yield Diagnostic(
                code="E229",
                message=f"no stage of the include {namespace!r} takes an input {port!r} from outside",
                span=text.span,
                why="`inputs:` of an include feed those inputs of its stages that nothing inside it feeds.",
                help="take the line out, or name another input",
            )
