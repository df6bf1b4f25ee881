"""A review file checked against the graph of its recipe."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from orchestrator.errors import Diagnostic, Findings, InvalidInput, in_order_of_place
from orchestrator.graph.item_reference import references_in
from orchestrator.graph.model import Graph, ResolvedResource
from orchestrator.graph.renamed import as_named_now
from orchestrator.graph.review import findings as told
from orchestrator.graph.review_plan import AtItem, Judged, ReviewPlan, rerolls
from orchestrator.graph.stage_node import StageNode
from orchestrator.graph.surroundings import Surroundings
from orchestrator.graph.values import read_values, resource_names
from orchestrator.graph.walk import reached
from orchestrator.recipe.changes.overrides import with_variable
from orchestrator.recipe.model import VARIABLE, Recipe, StageEntry
from orchestrator.recipe.review import Review, ReviewEntry, Setting

VARIABLES = "vars"


def with_review(
    graph: Graph,
    review: Review,
    surroundings: Surroundings,
    replaced: Collection[str] = (),
    approved: Path | None = None,
    unresolved: Collection[str] = (),
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The graph on which the review file counts, and what is wrong with the file.

    `replaced` are dimensions whose members the caller gave in place of the recipe's (`--idea`): entries
    about other members are passed over there. `approved` is the folder of approved pictures,
    `unresolved` the roles whose models are not on this machine.
    """
    reading = _Reading(graph, surroundings, frozenset(replaced))
    known = [entry for entry in review.entries if reading.read(entry)]
    for entry in known:
        reading.read_decision(entry)
    plan = ReviewPlan(tuple(reading.entries), tuple(reading.decisions), approved, frozenset(unresolved))
    resources = {**graph.resources, **reading.resources}
    return replace(graph, review=plan, resources=resources), in_order_of_place(reading.findings.all())


@dataclass(slots=True)
class _Reading:
    graph: Graph
    surroundings: Surroundings
    replaced: frozenset[str]
    findings: Findings = field(default_factory=Findings)
    entries: list[AtItem] = field(default_factory=list[AtItem])
    decisions: list[Judged] = field(default_factory=list[Judged])
    resources: dict[tuple[str, str], ResolvedResource] = field(
        default_factory=dict[tuple[str, str], ResolvedResource]
    )

    def read(self, entry: ReviewEntry) -> bool:
        """Adds what one entry changes, with its findings; whether there is such an item."""
        if not self._item_is_known(entry):
            return False
        values: dict[str, dict[str, object]] = {}
        apart = set[str]()
        for setting in entry.settings:
            if setting.stage == VARIABLES:
                found = self._variable(setting)
            else:
                plain = self._plain(entry, setting)
                found = {} if plain is None else {setting.stage: plain}
            for stage, changed in found.items():
                values[stage] = {**values.get(stage, {}), **changed}
                apart |= self._apart(entry, setting, stage)
        if entry.attempt:
            self._attempt(entry)
        if values or entry.attempt or entry.dropped:
            at = entry.coordinates
            self.entries.append(AtItem(at, values, entry.attempt, entry.dropped, frozenset(apart)))
        return True

    def _item_is_known(self, entry: ReviewEntry) -> bool:
        """Whether every dimension and id is there; run-time ids are known only once they are made."""
        known = True
        for name, given in entry.item.items():
            dimension = self.graph.recipe.dimension(name)
            if dimension is None and name not in self.graph.run_time:
                names = (*(each.name for each in self.graph.recipe.dimensions), *self.graph.run_time)
                self.findings.add(told.unknown_dimension(name, entry.names.get(name, given.span), names))
                known = False
            elif dimension is not None and dimension.record(given.value) is None:
                if name not in self.replaced:
                    self.findings.add(told.unknown_id(dimension, given))
                known = False
        return known and self._is_an_item(entry)

    def _is_an_item(self, entry: ReviewEntry) -> bool:
        """Whether some item has all these ids: members may be zipped, and items excluded."""
        lattice = self.graph.lattice
        ids = {name: id_ for name, id_ in entry.coordinates.items() if name in lattice.names}
        if not self.replaced and next(lattice.members(tuple(ids), ids), None) is None:
            self.findings.add(told.no_item(entry))
            return False
        return True

    def _plain(self, entry: ReviewEntry, setting: Setting) -> dict[str, object] | None:
        """The value of a setting by the param's name of today; None with findings."""
        node = self.graph.nodes.get(setting.stage)
        stage = next((each for each in self.graph.recipe.stages if each.name == setting.stage), None)
        if node is None or stage is None:
            self.findings.add(told.unknown_stage(setting, tuple(self.graph.nodes)))
            return None
        before = self.findings.told
        own = replace(stage, params={**stage.params, setting.param: setting.value})
        # what is said of the recipe's own params was said before
        own = as_named_now(own, node.spec, self.findings.only_at(setting.value.key_span))
        (name,) = (name for name, given in own.params.items() if given is setting.value)
        if name in dict(node.all_roles):
            self.findings.add(told.a_role(setting))
            return None
        plain = self._checked(entry, own, node, name, setting)
        return {name: plain} if self.findings.told == before else None

    def _variable(self, setting: Setting) -> dict[str, dict[str, object]]:
        """What another value of a variable changes, as values by param, by stage."""
        findings = Findings()
        recipe = with_variable(self.graph.recipe, setting.param, setting.value, findings)
        self.findings.add_all(findings.all())
        changed: dict[str, dict[str, object]] = {}
        for stage in recipe.stages if not len(findings) else ():
            node = self.graph.nodes.get(stage.name)
            written = str([given.node.plain() for given in stage.params.values()])
            if node is not None and VARIABLE in written:
                found = self._changed(stage, node, recipe, setting)
                if found:
                    changed[stage.name] = found
            condition = stage.when if not stage.scope else None
            if condition is not None and f"{VARIABLE}{setting.param}" in condition.value:
                self.findings.add(told.in_a_condition(setting, condition))
        return changed

    def _changed(
        self, stage: StageEntry, node: StageNode, recipe: Recipe, setting: Setting
    ) -> dict[str, object]:
        """The params of a stage that come out otherwise by the recipe with the other value."""
        before = read_values(stage, node.spec.params, self.graph.recipe, Findings.muted()).plain
        here = self.findings.changed(partial(told.at_the_setting, setting))
        after = read_values(stage, node.spec.params, recipe, here)
        changed = {name: value for name, value in after.plain.items() if before.get(name) != value}
        for name in changed:
            self._resolve(after.plain, node, name, setting)
        return changed

    def _checked(
        self, entry: ReviewEntry, own: StageEntry, node: StageNode, name: str, setting: Setting
    ) -> object:
        values = read_values(
            own, node.spec.params, self.graph.recipe, self.findings, self.surroundings.resource_names
        )
        if not values.sound:
            return None
        plain = values.plain[name]
        here = {*node.dimensions, *entry.item}
        strange = {each.dimension for each in references_in(plain)} - here
        self.findings.add_all(told.elsewhere(setting, dimension) for dimension in sorted(strange))
        if not strange:
            self._resolve(values.plain, node, name, setting)
        return plain

    def _resolve(
        self, values: Mapping[str, object], node: StageNode, name: str, setting: Setting
    ) -> None:
        for param, shelf, resource in resource_names(values, node.spec.params, self.graph.recipe):
            place = shelf, resource
            if param != name or place in self.graph.resources or place in self.resources:
                continue
            try:
                found = self.surroundings.find_resource(shelf, resource)
            except InvalidInput as broken:
                self.findings.add_all(broken.findings)
                continue
            if found is None:
                valid = self.surroundings.resource_names(shelf)
                self.findings.add(told.unknown_resource(setting, shelf, resource, valid))
            else:
                self.resources[place] = found

    def _apart(self, entry: ReviewEntry, setting: Setting, stage: str) -> set[str]:
        """The stages that run once more for the entry's item alone.

        They are the one that is set, and those below it that lack a dimension of the entry.
        """
        wanted, own = set(entry.item), self.graph.nodes[stage].dimensions
        if wanted <= set(own):
            return set()
        if any(name in self.graph.run_time for name in wanted - set(own)):
            self.findings.add(told.no_such_item(entry, setting, own))
            return set()

        def has_them(name: str) -> bool:
            return wanted <= set(self.graph.nodes[name].dimensions)

        below = list(reached([stage], lambda name: () if has_them(name) else self._consumers(name)))
        apart = {name for name in below if not has_them(name)}
        if len(apart) == len(below):
            self.findings.add(told.no_such_item(entry, setting, own))
        return apart

    def _consumers(self, name: str) -> Iterator[str]:
        """Stages that take a stage's output at an item, not gathered."""
        for node in self.graph.nodes.values():
            if any(wire.source == name for port, wire in node.wires.items() if port not in node.gathered):
                yield node.name

    def _attempt(self, entry: ReviewEntry) -> None:
        """It must reach a seeded stage that gives a file type and has all dimensions of the entry."""
        seeded = [node for node in self.graph.nodes.values() if rerolls(node)]
        if not any(set(entry.item) <= set(node.dimensions) for node in seeded):
            self.findings.add(told.no_reroll(entry, [node.dimensions for node in seeded]))

    def read_decision(self, entry: ReviewEntry) -> None:
        """Adds what one entry decides; all that changes items must have been read."""
        decision = entry.decision
        if decision is None:
            return
        node = self.graph.nodes.get(decision.review.value)
        if node is None or not node.spec.gate:
            gates = tuple(each.name for each in self.graph.nodes.values() if each.spec.gate)
            self.findings.add(told.no_review(decision.review, known=node is not None, gates=gates))
            return
        apart = {
            name for each in self.entries if node.name in each.apart and each.covers(entry.coordinates)
            for name in each.item
        }  # fmt: skip
        if not set(entry.item) <= {*node.dimensions, *apart}:
            self.findings.add(told.not_of_the_review(entry, node.name, node.dimensions))
            return
        self.decisions.append(
            Judged(
                node.name, entry.coordinates, decision.approved, decision.artifact, decision.made_from,
                decision.span, decision.reason,
            )
        )  # fmt: skip
