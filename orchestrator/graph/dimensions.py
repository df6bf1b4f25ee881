"""Where a stage runs, and what its gathered ports take whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from orchestrator.errors import Diagnostic, did_you_mean
from orchestrator.frozen import Frozen
from orchestrator.graph.model import IDEA_SOURCE, StageNode, Wire
from orchestrator.recipe.model import Recipe, StageEntry, Text
from orchestrator.stage import StageSpec

Report = Callable[[Diagnostic], None]
VARIANT = "variant"


class Place(Frozen):
    """Dimensions over which a stage runs, and those that its gathered ports take whole; in declared order."""

    dimensions: tuple[str, ...]
    gather: tuple[str, ...]


def place_of(
    entry: StageEntry,
    spec: StageSpec,
    wires: Mapping[str, Wire],
    named: set[str],
    recipe: Recipe,
    nodes: Mapping[str, StageNode],
    report: Report,
) -> Place:
    """Over the dimensions of its inputs and those that its params name, less the gathered ones."""
    gathered_ports = {port.name for port in spec.inputs if port.gathered}
    plain = _union(dimensions_of(wire, nodes) for name, wire in wires.items() if name not in gathered_ports)
    gathered = _union(dimensions_of(wire, nodes) for name, wire in wires.items() if name in gathered_ports)
    taken = _gather(entry, spec, gathered, named, recipe, report)
    _refuse_gathered_beside_plain(entry, plain & taken, report)
    runs = plain | (gathered - taken) | named
    if spec.variants and recipe.dimension(VARIANT) is not None and VARIANT not in plain | gathered:
        runs.add(VARIANT)
    return Place(_ordered(recipe, runs), _ordered(recipe, taken))


def dimensions_of(wire: Wire, nodes: Mapping[str, StageNode]) -> set[str]:
    """The dimensions over which the source of a wire runs."""
    if wire.source == IDEA_SOURCE:
        return {"idea"}
    return set(nodes[wire.source].dimensions) if wire.source in nodes else set()


def _union(sets: Iterable[set[str]]) -> set[str]:
    return set[str]().union(*sets)


def _ordered(recipe: Recipe, names: set[str]) -> tuple[str, ...]:
    return tuple(dimension.name for dimension in recipe.dimensions if dimension.name in names)


def _gather(
    entry: StageEntry, spec: StageSpec, available: set[str], named: set[str], recipe: Recipe, report: Report
) -> set[str]:
    if entry.gather is None:
        return available - named
    if not any(port.gathered for port in spec.inputs):
        report(_nothing_gathers(entry, spec))
        return set()
    for dimension in entry.gather:
        if dimension.value not in available:
            report(_not_gathered(dimension, available, recipe))
    return {dimension.value for dimension in entry.gather} & available


def _refuse_gathered_beside_plain(entry: StageEntry, both: set[str], report: Report) -> None:
    for name in sorted(both):
        report(
            Diagnostic(
                code="E216",
                message=f"{entry.name!r} gathers {name!r}, and a plain input of it runs over {name!r} too",
                span=entry.name_span,
                why="A plain input has one artifact for the whole gather, so it cannot differ within it.",
                help=f"leave `{name}` out of `gather:`, or take the plain input from a stage without it",
            )
        )


def _nothing_gathers(entry: StageEntry, spec: StageSpec) -> Diagnostic:
    span = entry.gather[0].span if entry.gather else entry.use.span
    return Diagnostic(
        code="E214",
        message=f"the stage {entry.use.value!r} has no input that gathers",
        span=span,
        why=f"Its inputs are: {', '.join(f'{port.name} ({port.type_name})' for port in spec.inputs)}."
        if spec.inputs
        else "It takes no input.",
        help="take `gather:` out",
    )


def _not_gathered(dimension: Text, available: set[str], recipe: Recipe) -> Diagnostic:
    valid = _ordered(recipe, available)
    near = did_you_mean(dimension.value, valid)
    known = recipe.dimension(dimension.value) is not None
    return Diagnostic(
        code="E215",
        message=f"{dimension.value!r} cannot be gathered here",
        span=dimension.span,
        why=("The gathered inputs do not run over it. " if known else "The recipe has no such dimension. ")
        + (f"They run over: {', '.join(valid)}." if valid else "They run over no dimension."),
        help=f"did you mean `{near}`?" if near else f"gather: [{', '.join(valid)}]",
        fix=near or "",
    )
