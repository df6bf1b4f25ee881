"""Recipe and registry to graph: every stage read in turn, all findings returned at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from orchestrator.errors import (
    Diagnostic,
    InvalidInput,
    Label,
    did_you_mean,
    has_errors,
    in_order_of_place,
)
from orchestrator.frozen import Frozen
from orchestrator.graph.dimensions import Above, Extent, foreign_dimensions, place_of, seed_dimensions
from orchestrator.graph.item_reference import references_in
from orchestrator.graph.lattice import Lattice
from orchestrator.graph.model import Graph, ResolvedResource
from orchestrator.graph.renamed import as_named_now
from orchestrator.graph.roles import Describe, Roles
from orchestrator.graph.stage_node import Condition, StageNode, Wire, with_all_above
from orchestrator.graph.values import read_values, resource_names
from orchestrator.graph.wires.include_inputs import idle_inputs
from orchestrator.graph.wires.open_ends import OpenEnds
from orchestrator.graph.wires.take import Wiring
from orchestrator.recipe import check_product
from orchestrator.recipe.model import Recipe, StageEntry
from orchestrator.stage import File, StageSpec
from orchestrator.stage.params import resource_class
from orchestrator.stage.registry import Registry

Report = Callable[[Diagnostic], None]
FindResource = Callable[[str, str], ResolvedResource | None]
"""(shelf, name) to the resource; None where there is none; InvalidInput where it is broken."""
ResourceNames = Callable[[str], tuple[str, ...]]
"""The names in a shelf of the library."""
_MOST_SHOWN = 20


class Surroundings(Frozen):
    """What the graph is told of the world outside the recipe."""

    registry: Registry
    describe: Describe
    find_resource: FindResource
    resource_names: ResourceNames


def build(recipe: Recipe, surroundings: Surroundings) -> tuple[Graph | None, tuple[Diagnostic, ...]]:
    """The graph, or None where a finding is an error; and all findings in order of place."""
    builder = _Builder(recipe, surroundings)
    for entry in recipe.stages:
        builder.read(entry)
    builder.findings += check_product(recipe)
    builder.refuse_nothing_left()
    builder.findings += idle_inputs(recipe, builder.wiring)
    builder.warn()
    findings = in_order_of_place(builder.findings)
    return (None if has_errors(findings) else builder.graph()), findings


@dataclass(slots=True)
class _Builder:
    recipe: Recipe
    surroundings: Surroundings
    findings: list[Diagnostic] = field(default_factory=list[Diagnostic])
    nodes: dict[str, StageNode] = field(default_factory=dict[str, StageNode])
    resources: dict[tuple[str, str], ResolvedResource] = field(
        default_factory=dict[tuple[str, str], ResolvedResource]
    )
    told_resources: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    uncertain: set[str] = field(default_factory=set[str])
    files: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    lattice: Lattice = field(init=False)
    wiring: Wiring = field(init=False)
    roles: Roles = field(init=False)

    def __post_init__(self) -> None:
        self.lattice = Lattice(self.recipe)
        self.wiring = Wiring(OpenEnds.above(self.recipe, self.surroundings.registry))
        self.roles = Roles(self.recipe, self.surroundings.describe, self.findings.append)

    def read(self, entry: StageEntry) -> None:
        """Adds one stage, with its findings."""
        spec = self._spec(entry)
        if spec is None:
            self.wiring.give_up(entry)
            return
        entry = as_named_now(entry, spec, self.findings.append)
        values = read_values(
            entry, spec.params, self.recipe, self.findings.append, self.surroundings.resource_names,
            self.lattice,
        )  # fmt: skip
        wires = self.wiring.take(entry, spec, self.findings.append)
        roles = self.roles.of(entry, spec.params, values.plain, wires, self.nodes)
        followed = {param: reference for param, (reference, _) in roles.by_item.items()}
        run_time, told = self.wiring.ends.run_time, self.findings.append
        if self._is_uncertain(entry, spec, wires, complete=values.complete):
            told = _untold
            foreign_dimensions(entry, self.recipe, self.findings.append)
        above = Above(self.nodes, run_time)
        place = place_of(entry, spec, wires, values.dimensions, self.recipe, above, told)
        files = self._file_dimensions(entry, spec, values.plain, wires)
        self._resolve_resources(entry, spec, values.plain)
        self.nodes[entry.name] = StageNode(
            name=entry.name,
            spec=spec,
            values={**values.plain, **roles.fixed, **followed},
            wires=wires,
            dimensions=place.dimensions,
            gather=place.gather,
            roles=roles.fixed,
            item_roles={param: names for param, (_, names) in roles.by_item.items()},
            rank=self._rank(spec, wires),
            seed_dimensions=seed_dimensions(entry, place, files, run_time, told),
            span=entry.name_span,
            when=self._condition(entry, spec, wires, place, told),
        )

    def graph(self) -> Graph:
        """The finished graph."""
        return Graph(
            recipe=self.recipe,
            nodes=self.nodes,
            models=self.roles.models,
            resources=self.resources,
            open_ends=tuple(end.source for end in self.wiring.ends.open if end.source in self.nodes),
            run_time=self.wiring.ends.run_time,
        )

    def refuse_nothing_left(self) -> None:
        """E234 where `exclude:` leaves no item."""
        if has_errors(self.findings) or not self.recipe.exclude:
            return
        if next(self.lattice.points({}), None) is None:
            self.findings.append(_nothing_left(self.recipe))

    def warn(self) -> None:
        """What is surely unmeant; of a recipe with errors only what may have caused them."""
        from orchestrator.graph.warnings import sorted_stages, warnings

        if not has_errors(self.findings):
            self.findings += warnings(self.graph())
        elif self.wiring.ends.misplaced and (finding := sorted_stages(self.recipe)) is not None:
            self.findings.append(finding)

    def _spec(self, entry: StageEntry) -> StageSpec | None:
        try:
            spec = self.surroundings.registry.find(entry.use.value)
        except InvalidInput as broken:
            at = entry.use.span
            self.findings += [each if each.span else replace(each, span=at) for each in broken.findings]
            return None
        if spec is None:
            self.findings.append(_unknown_stage(entry, self.surroundings.registry.names()))
        return spec

    def _file_dimensions(
        self, entry: StageEntry, spec: StageSpec, values: Mapping[str, object], wires: Mapping[str, Wire]
    ) -> set[str]:
        """Dimensions that a File param of the stage, or of one up its wires, names."""
        own = {
            reference.dimension
            for name, value in values.items()
            if resource_class(spec.params.model_fields[name].annotation) is File
            for reference in references_in(value)
        }
        above = (self.files.get(wire.source, set[str]()) for wire in wires.values())
        self.files[entry.name] = own.union(*above)
        return self.files[entry.name]

    def _condition(
        self,
        entry: StageEntry,
        spec: StageSpec,
        wires: Mapping[str, Wire],
        place: Extent,
        told_place: Report,
    ) -> Condition | None:
        if entry.when is None:
            return None
        from orchestrator.graph.when.check import checked_condition

        uncertain = told_place is _untold
        over = [each.name for each in self.recipe.dimensions] if uncertain else place.dimensions
        return checked_condition(entry, spec, wires, over, self.recipe, self.findings.append)

    def _is_uncertain(
        self, entry: StageEntry, spec: StageSpec, wires: Mapping[str, Wire], *, complete: bool
    ) -> bool:
        """Whether the dimensions of a stage are not known, because of a finding of its own or above it."""
        wired = all(port.name in wires or port.optional for port in spec.inputs)
        if complete and wired and not any(wire.source in self.uncertain for wire in wires.values()):
            return False
        self.uncertain.add(entry.name)
        return True

    def _rank(self, spec: StageSpec, wires: Mapping[str, Wire]) -> int:
        upstream = with_all_above(self.nodes, (wire.source for wire in wires.values()))
        return sum(self.nodes[name].spec.first_name == spec.first_name for name in upstream)

    def _resolve_resources(self, entry: StageEntry, spec: StageSpec, values: Mapping[str, object]) -> None:
        for param, shelf, name in resource_names(values, spec.params, self.recipe, self.lattice):
            if (shelf, name) in self.resources or self._is_told(entry, param, shelf, name):
                continue
            try:
                found = self.surroundings.find_resource(shelf, name)
            except InvalidInput as broken:
                given = entry.params.get(param)
                at = given.node.span if given is not None else entry.use.span
                self.findings += [each if each.span else replace(each, span=at) for each in broken.findings]
                continue
            if found is None:
                self.findings.append(self._unknown_resource(entry, param, shelf, name, values))
            else:
                self.resources[shelf, name] = found

    def _is_told(self, entry: StageEntry, param: str, shelf: str, name: str) -> bool:
        """Whether a resource that items or variables name had its finding at another stage."""
        given = entry.params.get(param)
        literal = given is None or given.node.value == name
        told = (shelf, name) in self.told_resources and not literal
        self.told_resources.add((shelf, name))
        return told

    def _unknown_resource(
        self, entry: StageEntry, param: str, shelf: str, name: str, values: Mapping[str, object]
    ) -> Diagnostic:
        valid = self.surroundings.resource_names(shelf)
        near = did_you_mean(name, valid)
        given = entry.params.get(param)
        members = tuple(
            Label(record.span, f"{record.id!r} says so")
            for reference in references_in(values.get(param))
            if (dimension := self.recipe.dimension(reference.dimension)) is not None
            for record in dimension.records
            if record.fields.get(reference.field) == name
        )
        where = "The recipe's folder" if shelf == File.shelf else "The library"
        return Diagnostic(
            code="E220",
            message=f"there is no {shelf} {name!r}",
            span=given.node.span if given is not None else entry.use.span,
            why=(f"The param {param!r} names it through the item. " if members else "")
            + (f"There are: {_some(valid)}." if valid else f"{where} has no {shelf}."),
            help=f"did you mean `{near}`?" if near else f"name one of them, or add a {shelf} of that name",
            fix="" if members or not near else near,
            labels=members[:1],
        )


def _untold(finding: Diagnostic) -> None:
    """A consequence of a finding that is told."""
    del finding


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    return shown if len(names) <= _MOST_SHOWN else f"{shown} … ({len(names)} in all)"


def _unknown_stage(entry: StageEntry, names: tuple[str, ...]) -> Diagnostic:
    near = did_you_mean(entry.use.value, names)
    return Diagnostic(
        code="E201",
        message=f"there is no stage {entry.use.value!r}",
        span=entry.use.span,
        why=f"The registered stages are: {', '.join(names)}.",
        help=f"did you mean `{near}`?" if near else "for a stage of your own, name its file: `--stages FILE`",
        fix=near or "",
    )


def _nothing_left(recipe: Recipe) -> Diagnostic:
    return Diagnostic(
        code="E234",
        message="`exclude:` leaves no item",
        span=recipe.exclude[-1].span,
        why="Every combination of the members is excluded, so there is nothing to do.",
        help="take a line out, or name fewer members in it",
    )
