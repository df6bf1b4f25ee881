"""Recipe and registry to graph: every stage read in turn, all findings returned at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from orchestrator.errors import (
    Diagnostic,
    Findings,
    InvalidInput,
    Label,
    Topic,
    has_errors,
    in_order_of_place,
    unknown,
)
from orchestrator.errors.phrases import some
from orchestrator.errors.unknown import near_to
from orchestrator.frozen import Slotted
from orchestrator.graph.dimensions import Above, Extent, foreign_dimensions, place_of, seed_dimensions
from orchestrator.graph.item_reference import references_in
from orchestrator.graph.lattice import Lattice
from orchestrator.graph.model import Graph, ResolvedResource
from orchestrator.graph.renamed import as_named_now
from orchestrator.graph.roles import Roles
from orchestrator.graph.stage_node import Condition, StageNode, Wire, with_all_above
from orchestrator.graph.surroundings import Surroundings
from orchestrator.graph.values import read_values, resource_names
from orchestrator.graph.wires.include_inputs import idle_inputs
from orchestrator.graph.wires.open_ends import OpenEnds
from orchestrator.graph.wires.take import Wiring
from orchestrator.recipe import check_product
from orchestrator.recipe.model import Recipe, StageEntry
from orchestrator.stage import File, StageSpec
from orchestrator.stage.params import resource_class
from orchestrator.text import Text

_MOST_SHOWN = 20
_WHERE_IT_RUNS = frozenset({"gather", "per", "each"})
"""Keys of a stage without which it is not known over what it runs."""


def build(
    recipe: Recipe, surroundings: Surroundings, earlier: Sequence[Diagnostic] = ()
) -> tuple[Graph | None, tuple[Diagnostic, ...]]:
    """The graph, or None where a finding is an error; and all findings in order of place.

    `earlier` are the findings of the recipe's text, what they make unknown being set aside in it.
    """
    builder = _Builder(recipe, surroundings, Findings(earlier))
    for entry in recipe.stages:
        builder.read(entry)
    builder.findings.add_all(check_product(recipe))
    builder.refuse_nothing_left()
    builder.findings.add_all(idle_inputs(recipe, builder.wiring))
    builder.warn()
    findings = in_order_of_place(builder.findings.all())
    return (None if has_errors(findings) else builder.graph()), findings


class _Builder(Slotted):
    recipe: Recipe
    surroundings: Surroundings
    findings: Findings = field(default_factory=Findings)
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
        self.lattice = Lattice(_known_part(self.recipe))
        self.wiring = Wiring(OpenEnds.above(self.recipe, self.surroundings.registry))
        self.roles = Roles(self.recipe, self.surroundings.describe, self.findings)

    def read(self, entry: StageEntry) -> None:
        """Adds one stage, with its findings."""
        spec = self._spec(entry) if entry.use.value else None
        if spec is None:
            self.wiring.give_up(entry)
            return
        if entry.use.value not in (spec.name, *spec.was):  # misspelt: read on as what its finding proposes
            entry = replace(entry, use=Text(spec.name, entry.use.span))
        entry = as_named_now(entry, spec, self.findings)
        values = read_values(
            entry, spec.params, self.recipe, self.findings, self.surroundings.resource_names,
            self.lattice,
        )  # fmt: skip
        wires = self.wiring.take(entry, spec, self.findings)
        uncertain = self._is_uncertain(entry, wires, complete=values.complete)
        certain = not self._wires_are_unsure(entry, wires)
        roles = self.roles.of(entry, spec.params, values.plain, wires, self.nodes, certain=certain)
        followed = {param: reference for param, (reference, _) in roles.by_item.items()}
        run_time, told = self.wiring.ends.run_time, self.findings
        if uncertain:
            told = Findings.muted()
            foreign_dimensions(entry, self.recipe, self.findings)
        above, before = Above(self.nodes, run_time), told.told
        place = place_of(entry, spec, wires, values.dimensions, self.recipe, above, told)
        if told.told > before:
            self.uncertain.add(entry.name)
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
        if self.findings.has_errors or not self.recipe.exclude:
            return
        if next(self.lattice.points({}), None) is None:
            self.findings.add(_nothing_left(self.recipe))

    def warn(self) -> None:
        """What a painter cannot do, and what is unmeant; of that, beside errors, only what may cause them."""
        from orchestrator.graph.warnings import sorted_stages, warnings

        self._fit_settings()
        if not self.findings.has_errors:
            self.findings.add_all(warnings(self.graph()))
        elif self.wiring.ends.misplaced and (finding := sorted_stages(self.recipe)) is not None:
            self.findings.add(finding)

    def _fit_settings(self) -> None:
        """What the painters cannot do of what is pinned."""
        if any({"scheduler", "steps"} & node.values.keys() for node in self.nodes.values()):
            from orchestrator.graph.schedulers import unfit_settings

            self.findings.add_all(unfit_settings(self.nodes, self.roles.models, self.recipe))

    def _spec(self, entry: StageEntry) -> StageSpec | None:
        registry = self.surroundings.registry
        try:
            spec = registry.find(entry.use.value)
        except InvalidInput as broken:
            at = entry.use.span
            self.findings.add_all(each if each.span else replace(each, span=at) for each in broken.findings)
            return None
        if spec is None:
            self.findings.add(_unknown_stage(entry, registry.names()))
            near = near_to(entry.use.value, registry.names())
            return registry.find(near.name) if near is not None and near.clear else None
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
        told_place: Findings,
    ) -> Condition | None:
        if entry.when is None:
            return None
        from orchestrator.graph.when.check import checked_condition

        uncertain = told_place is not self.findings
        over = [each.name for each in self.recipe.dimensions] if uncertain else place.dimensions
        return checked_condition(entry, spec, wires, over, self.recipe, self.findings)

    def _is_uncertain(self, entry: StageEntry, wires: Mapping[str, Wire], *, complete: bool) -> bool:
        """Whether the dimensions of a stage are not known, because of a finding of its own or above it."""
        known = complete and entry.name not in self.wiring.unsure and not entry.unknown & _WHERE_IT_RUNS
        if known and not any(wire.source in self.uncertain for wire in wires.values()):
            return False
        self.uncertain.add(entry.name)
        return True

    def _wires_are_unsure(self, entry: StageEntry, wires: Mapping[str, Wire]) -> bool:
        """Whether other stages may stand above a stage once what is told is mended."""
        above = with_all_above(self.nodes, (wire.source for wire in wires.values()))
        return bool({entry.name, *above} & self.wiring.unsure)

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
                self.findings.add_all(broken.placed(given.node.span if given else entry.use.span))
                continue
            if found is None:
                self.findings.add(self._unknown_resource(entry, param, shelf, name, values))
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
        given = entry.params.get(param)
        members = tuple(
            Label(record.span, f"{record.id!r} says so")
            for reference in references_in(values.get(param))
            if (dimension := self.recipe.dimension(reference.dimension)) is not None
            for record in dimension.records
            if record.fields.get(reference.field) == name
        )
        where = "The recipe's folder" if shelf == File.shelf else "The library"
        found = unknown(
            "E220",
            f"there is no {shelf} {name!r}",
            name,
            given.node.span if given is not None else entry.use.span,
            valid,
            why=(f"The param {param!r} names it through the item. " if members else "")
            + (f"There are: {some(valid, _MOST_SHOWN)}." if valid else f"{where} has no {shelf}."),
            otherwise=f"name one of them, or add a {shelf} of that name",
            labels=members[:1],
        )
        return replace(found, fix="", edits=()) if members else found


def _known_part(recipe: Recipe) -> Recipe:
    """The recipe with the dimensions alone whose members are known, for checks of values at members."""
    if all(dimension.whole for dimension in recipe.dimensions):
        return recipe
    known = {dimension.name for dimension in recipe.dimensions if dimension.records}
    whole = {dimension.name for dimension in recipe.dimensions if dimension.whole}
    return replace(
        recipe,
        dimensions=tuple(each for each in recipe.dimensions if each.name in known),
        zip=tuple(group for group in recipe.zip if {name.value for name in group} <= whole),
        exclude=tuple(each for each in recipe.exclude if each.ids.keys() <= known),
    )


def _unknown_stage(entry: StageEntry, names: tuple[str, ...]) -> Diagnostic:
    return unknown(
        "E201",
        f"there is no stage {entry.use.value!r}",
        entry.use.value,
        entry.use.span,
        names,
        why=f"The registered stages are: {', '.join(names)}.",
        otherwise="for a stage of your own, name its file: `--stages FILE`",
        topic=Topic.UNKNOWN_STAGE,
    )


def _nothing_left(recipe: Recipe) -> Diagnostic:
    return Diagnostic(
        code="E234",
        message="`exclude:` leaves no item",
        span=recipe.exclude[-1].span,
        why="Every combination of the members is excluded, so there is nothing to do.",
        help="take a line out, or name fewer members in it",
    )
