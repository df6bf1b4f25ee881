"""Where a stage runs, and what its gathered ports take whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orchestrator.errors import Diagnostic, Findings, Label, unknown
from orchestrator.frozen import Frozen
from orchestrator.graph.stage_node import IDEA_SOURCE, StageNode, Wire
from orchestrator.recipe.model import VARIANT, Recipe, StageEntry
from orchestrator.stage import StageSpec
from orchestrator.stage.many import is_many
from orchestrator.text import Text


class Extent(Frozen):
    """Where a stage runs, in declared order, run-time dimensions last.

    `gather` has the dimensions that its gathered ports take whole; `own` those of `per:` alone, which tell
    its items apart though nothing that it is given does.
    """

    dimensions: tuple[str, ...]
    gather: tuple[str, ...]
    own: frozenset[str] = frozenset()


class Above(Frozen):
    """What is known of the stages above: their nodes, and the stage that each run-time dimension numbers."""

    nodes: Mapping[str, StageNode]
    run_time: Mapping[str, str]

    def dimensions_of(self, wire: Wire) -> set[str]:
        """The dimensions that a wire brings."""
        parted = {wire.each} if wire.each else set[str]()
        if wire.source == IDEA_SOURCE:
            return {"idea"}
        return parted | (set(self.nodes[wire.source].dimensions) if wire.source in self.nodes else set())


def place_of(
    entry: StageEntry,
    spec: StageSpec,
    wires: Mapping[str, Wire],
    named: set[str],
    recipe: Recipe,
    above: Above,
    findings: Findings,
) -> Extent:
    """Over the dimensions of its inputs, those that its params name, and `per:`, less the gathered ones."""
    gathered_ports = spec.gathered
    plain = _union(above.dimensions_of(wire) for name, wire in wires.items() if name not in gathered_ports)
    gathered = _union(above.dimensions_of(wire) for name, wire in wires.items() if name in gathered_ports)
    per = _per(entry, recipe, above, findings)
    whole = any(is_many(wire.type) for name, wire in wires.items() if name in gathered_ports)
    order = (*(dimension.name for dimension in recipe.dimensions), *above.run_time)
    if entry.gather is None:
        taken = set[str]() if whole else gathered - named - per
    else:
        complete = all(port.name in wires for port in spec.inputs if port.gathered and not port.optional)
        told = findings if complete else Findings.muted()
        taken = _gather(entry, spec, gathered, order, recipe, told) - per
        _refuse_per_beside_gather(entry, per, findings)
    _refuse_gathered_beside_plain(entry, plain & taken, _ordered(order, taken - plain), findings)
    runs = plain | (gathered - taken) | named | per
    if spec.variants and recipe.dimension(VARIANT) is not None and VARIANT not in plain | gathered:
        runs.add(VARIANT)
    _refuse_uncounted(entry, runs, taken, above, findings)
    own = frozenset(per - plain - gathered - named)
    return Extent(_ordered(order, runs), _ordered(order, taken), own)


def seed_dimensions(
    entry: StageEntry, place: Extent, files: set[str], run_time: Mapping[str, str], findings: Findings
) -> tuple[str, ...]:
    """Dimensions whose ids enter the seed: the idea, input files, run-time indexes, `per:`; or `seed_by:`."""
    if entry.seed_by is None:
        source = {"idea"} | files | set(run_time) | place.own
        return tuple(name for name in place.dimensions if name in source)
    for name in entry.seed_by:
        if name.value not in place.dimensions:
            findings.add(_not_run_over(entry, name, place))
    wanted = {name.value for name in entry.seed_by}
    return tuple(name for name in place.dimensions if name in wanted)


def _union(sets: Iterable[set[str]]) -> set[str]:
    return set[str]().union(*sets)


def _ordered(order: Iterable[str], names: set[str]) -> tuple[str, ...]:
    return tuple(name for name in order if name in names)


def _gather(
    entry: StageEntry,
    spec: StageSpec,
    available: set[str],
    order: tuple[str, ...],
    recipe: Recipe,
    findings: Findings,
) -> set[str]:
    given = entry.gather or ()
    if not any(port.gathered for port in spec.inputs):
        findings.add(_nothing_gathers(entry, spec))
        return set()
    for dimension in given:
        if dimension.value not in available and not recipe.is_unknown("items", dimension.value):
            findings.add(_not_gathered(dimension, _ordered(order, available), known=dimension.value in order))
    return {dimension.value for dimension in given} & available


def _per(entry: StageEntry, recipe: Recipe, above: Above, findings: Findings) -> set[str]:
    valid = [dimension.name for dimension in recipe.dimensions]
    for name in entry.per:
        if name.value not in valid and not recipe.is_unknown("items", name.value):
            findings.add(_no_dimension(name, valid, counted=name.value in above.run_time))
    return {name.value for name in entry.per} & set(valid)


def foreign_dimensions(entry: StageEntry, recipe: Recipe, findings: Findings) -> None:
    """Names that are no dimension whatever stands above the stage."""
    counted = [name for stage in recipe.stages for name in stage.each]
    valid = list(dict.fromkeys((*(dimension.name for dimension in recipe.dimensions), *counted)))
    for name in entry.per:
        if name.value not in valid and not recipe.is_unknown("items", name.value):
            findings.add(_no_dimension(name, valid, counted=False))
    for name in entry.gather or ():
        if name.value not in valid and not recipe.is_unknown("items", name.value):
            findings.add(_not_gathered(name, tuple(valid), known=False))


def _no_dimension(name: Text, valid: list[str], *, counted: bool) -> Diagnostic:
    why = f"`items:` has: {', '.join(valid)}." if valid else "`items:` has no dimension."
    return unknown(
        "E224",
        f"`per:` names {name.value!r}, which is no dimension of `items:`",
        name.value,
        name.span,
        valid,
        why="It numbers what a stage gives, and a stage has it only through its inputs." if counted else why,
        otherwise="take it out, or add it under `items:`",
    )


def _refuse_per_beside_gather(entry: StageEntry, per: set[str], findings: Findings) -> None:
    for name in entry.gather or ():
        if name.value in per:
            findings.add(
                Diagnostic(
                    code="E225",
                    message=f"{name.value!r} stands in `per:` and in `gather:`",
                    span=name.span,
                    why="`per:` makes an item for each member; `gather:` takes them all into one.",
                    help="take it out of one of them",
                    labels=tuple(
                        Label(each.span, "also here") for each in entry.per if each.value == name.value
                    ),
                )
            )


def _refuse_uncounted(
    entry: StageEntry, runs: set[str], taken: set[str], above: Above, findings: Findings
) -> None:
    """The length of a `Many[T]` is that of one item, so it cannot be gathered across items index by index."""
    for name in above.run_time:
        source = above.nodes.get(above.run_time[name])
        across = sorted(taken & set(source.dimensions)) if source and name in runs else []
        if across:
            findings.add(
                Diagnostic(
                    code="E226",
                    message=f"{entry.name!r} gathers {', '.join(across)} and leaves {name!r} ungathered",
                    span=entry.gather[0].span if entry.gather else entry.name_span,
                    why=f"{above.run_time[name]!r} may give another number for each of {', '.join(across)}.",
                    help=f"gather `{name}` too",
                    fix=f"gather: [{', '.join([*(sorted(taken)), name])}]",
                )
            )


def _not_run_over(entry: StageEntry, name: Text, place: Extent) -> Diagnostic:
    valid = place.dimensions
    return unknown(
        "E227",
        f"`seed_by:` names {name.value!r}, over which {entry.name!r} does not run",
        name.value,
        name.span,
        valid,
        why=f"It runs over: {', '.join(valid)}." if valid else "It runs once.",
        otherwise="name a dimension over which it runs, or take it out",
    )


def _refuse_gathered_beside_plain(
    entry: StageEntry, both: set[str], rest: tuple[str, ...], findings: Findings
) -> None:
    for name in sorted(both):
        findings.add(
            Diagnostic(
                code="E216",
                message=f"{entry.name!r} gathers {name!r}, and a plain input of it runs over {name!r} too",
                span=entry.name_span,
                why="A plain input has one artifact for the whole gather, so it cannot differ within it.",
                help=f"leave `{name}` out of `gather:`, or take the plain input from a stage without it",
                fix=f"gather: [{', '.join(rest)}]",
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


def _not_gathered(dimension: Text, valid: tuple[str, ...], *, known: bool) -> Diagnostic:
    otherwise, fix = "gather what they run over", f"gather: [{', '.join(valid)}]"
    asks_for_variants = dimension.value == VARIANT and not known
    if asks_for_variants:
        otherwise, fix = "add it under `items:`: so many pictures of each, to choose from", "variant: 4"
    return unknown(
        "E215",
        f"{dimension.value!r} cannot be gathered here",
        dimension.value,
        dimension.span,
        () if asks_for_variants else valid,
        why=("The gathered inputs do not run over it. " if known else "The recipe has no such dimension. ")
        + (f"They run over: {', '.join(valid)}." if valid else "They run over no dimension."),
        otherwise=otherwise,
        otherwise_fix=fix,
    )
