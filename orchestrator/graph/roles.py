"""Which model stands behind each Role param: it follows the wire, then the recipe's declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TypeAlias, cast

from orchestrator.errors import Diagnostic, Findings, Label, ModelUnavailable, Span, unknown
from orchestrator.frozen import Frozen, Slotted
from orchestrator.graph.item_reference import ItemReference
from orchestrator.graph.stage_node import IDEA_SOURCE, StageNode, Wire
from orchestrator.graph.surroundings import Describe
from orchestrator.graph.walk import reached
from orchestrator.recipe.model import ModelChoice, Recipe, StageEntry
from orchestrator.recipe.source import EMBEDDED
from orchestrator.stage import KINDS, Description, Params, RenderPlan
from orchestrator.stage.params import role_class

_BROKEN = "?"
"""In place of a role that has a finding: what follows it has none of its own."""
Upstream: TypeAlias = tuple[str | ItemReference, StageNode]
"""A role, or the reference that names it, and the stage that has it."""


class Chosen(Frozen):
    """The roles of a stage by Role param: one for all items, or a reference and all that it can name."""

    fixed: Mapping[str, str]
    by_item: Mapping[str, tuple[ItemReference, tuple[str, ...]]]


class Roles(Slotted):
    """The models of a recipe, described on first use; an undeclared kind is embedded."""

    recipe: Recipe
    describe: Describe
    findings: Findings
    models: dict[str, Description] = field(default_factory=dict[str, Description])
    certain: bool = True
    _failed: set[str] = field(default_factory=set[str])
    _broken: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def of(
        self,
        entry: StageEntry,
        params: type[Params],
        values: Mapping[str, object],
        wires: Mapping[str, Wire],
        nodes: Mapping[str, StageNode],
        *,
        certain: bool = True,
    ) -> Chosen:
        """Role by Role param of a stage; a param with a finding is left out.

        `certain` says whether all that stands above it along the wires is known.
        """
        self.certain = certain
        fixed: dict[str, str] = {}
        by_item: dict[str, tuple[ItemReference, tuple[str, ...]]] = {}
        for param, declared in params.model_fields.items():
            role = role_class(declared.annotation)
            if role is None or not (
                param in entry.params or declared.get_default(call_default_factory=True) is not None
            ):
                continue
            upstream = self._upstream(role.kinds(), wires, nodes)
            if upstream is not None and upstream[0] == _BROKEN:
                self._broken.setdefault(entry.name, set()).update(role.kinds())
                continue
            reference = values.get(param) if param in entry.params else upstream and upstream[0]
            if isinstance(reference, ItemReference):
                names = self._of_members(entry, param, reference, role.kinds(), upstream)
                by_item[param] = (reference, names)
            else:
                choice = self._choice(entry, param, role.kinds(), values, upstream)
                if choice is not None:
                    fixed[param] = choice.role
                    self._describe(choice)
                else:
                    self._broken.setdefault(entry.name, set()).update(role.kinds())
        return Chosen(fixed, by_item)

    def _of_members(
        self,
        entry: StageEntry,
        param: str,
        reference: ItemReference,
        kinds: tuple[str, ...],
        upstream: Upstream | None,
    ) -> tuple[str, ...]:
        """The roles that the members of a dimension name; each is checked, once where it is written."""
        dimension = self.recipe.dimension(reference.dimension)
        found: list[str] = []
        for record in dimension.records if dimension is not None else ():
            name = str(record.fields.get(reference.field))
            choice = self._declared(name)
            if choice is None or choice.kind not in kinds:
                if param in entry.params and not self.recipe.is_unknown("models", name):
                    self.findings.add(self._no_such_role(name, record.span, kinds))
            elif name not in found:
                found.append(name)
                self._describe(choice)
        given = entry.params.get(param)
        if given is not None and upstream is not None and not _same(upstream[0], reference):
            self._refuse_another(str(given.node.value), given.node.span, upstream)
        return tuple(found)

    def _choice(
        self,
        entry: StageEntry,
        param: str,
        kinds: tuple[str, ...],
        values: Mapping[str, object],
        upstream: Upstream | None,
    ) -> ModelChoice | None:
        given = entry.params.get(param)
        if given is not None:
            name = values.get(param)
            return None if name is None else self._given(str(name), given.node.span, kinds, upstream)
        if upstream is not None:
            role = str(upstream[0])
            return self._declared(role) or _embedded(kinds, entry.use.span, role)
        return self._only(entry, param, kinds)

    def _given(
        self, name: str, span: Span, kinds: tuple[str, ...], upstream: Upstream | None
    ) -> ModelChoice | None:
        choice = self._declared(name)
        if choice is None or choice.kind not in kinds:
            if not self.recipe.is_unknown("models", name):
                self.findings.add(self._no_such_role(name, span, kinds))
            return None
        if upstream is not None and upstream[0] != name and self._refuse_another(name, span, upstream):
            return None
        return choice

    def _refuse_another(self, name: str, span: Span, upstream: Upstream) -> bool:
        """E218 where a plan was made for another painter."""
        planned, node = upstream
        if node.spec.output is not RenderPlan:
            return False
        shown = planned if isinstance(planned, str) else f"$item.{planned.dimension}"
        self.findings.add(_another_painter(name, span, shown, node))
        return True

    def _only(self, entry: StageEntry, param: str, kinds: tuple[str, ...]) -> ModelChoice | None:
        fitting = [choice for choice in self.recipe.models if choice.kind in kinds]
        if len(fitting) > 1:
            if self.certain:
                self.findings.add(_several_roles(entry, param, kinds, fitting))
            return None
        if not fitting and any(path.partition(".")[0] == "models" for path in self.recipe.unknown):
            return None
        return fitting[0] if fitting else _embedded(kinds, entry.use.span, self._free_name(kinds))

    def _free_name(self, kinds: tuple[str, ...]) -> str:
        usual = KINDS[kinds[0]].usual_role if kinds[0] in KINDS else kinds[0]
        return usual if self._declared(usual) is None else f"embedded_{kinds[0]}"

    def _declared(self, role: str) -> ModelChoice | None:
        return next((choice for choice in self.recipe.models if choice.role == role), None)

    def _upstream(
        self, kinds: tuple[str, ...], wires: Mapping[str, Wire], nodes: Mapping[str, StageNode]
    ) -> Upstream | None:
        """The role of this kind at the nearest stage up the wires, with that stage; plans first."""
        for node in _nearest_first(wires, nodes):
            if self._broken.get(node.name, set()) & set(kinds):
                return _BROKEN, node
            by_item = {name: cast("ItemReference", node.values[name]) for name in node.item_roles}
            for param, role in {**node.roles, **by_item}.items():
                declared = role_class(node.spec.params.model_fields[param].annotation)
                if declared is not None and set(declared.kinds()) & set(kinds):
                    return role, node
        return None

    def _describe(self, choice: ModelChoice) -> None:
        if choice.role in self.models or choice.role in self._failed:
            return
        try:
            self.models[choice.role] = self.describe(choice)
        except ModelUnavailable as error:
            self._failed.add(choice.role)
            self.findings.add(error.finding)

    def _no_such_role(self, name: str, span: Span, kinds: tuple[str, ...]) -> Diagnostic:
        fitting = [choice.role for choice in self.recipe.models if choice.kind in kinds]
        other = self._declared(name)
        return unknown(
            "E217",
            f"the role {name!r} is of kind {other.kind}, not {' or '.join(kinds)}"
            if other
            else f"`models:` declares no role {name!r}",
            name,
            span,
            fitting,
            why=f"Declared roles of kind {' or '.join(kinds)}: {', '.join(fitting) or 'none'}.",
            otherwise=f"declare it: `models: {{{name}: {{{kinds[0]}: embedded}}}}`",
            otherwise_fix="" if other else f"models:\n  {name}: {{{kinds[0]}: embedded}}",
        )


def _nearest_first(wires: Mapping[str, Wire], nodes: Mapping[str, StageNode]) -> Iterator[StageNode]:
    """Stages up the wires of RenderPlans, then all up the wires, breadth first, plans before the others."""
    plan = next((wire.source for wire in wires.values() if wire.type is RenderPlan), "")
    while plan in nodes:
        yield nodes[plan]
        plan = next((w.source for w in nodes[plan].wires.values() if w.type is RenderPlan), "")
    above = reached(_sources(wires), lambda name: _sources(nodes[name].wires) if name in nodes else ())
    yield from (nodes[name] for name in above if name in nodes)


def _sources(wires: Mapping[str, Wire]) -> list[str]:
    ordered = sorted(wires.values(), key=lambda wire: wire.type is not RenderPlan)
    return [wire.source for wire in ordered if wire.source != IDEA_SOURCE]


def _same(one: str | ItemReference, other: ItemReference) -> bool:
    return isinstance(one, ItemReference) and (one.dimension, one.field) == (other.dimension, other.field)


def _embedded(kinds: tuple[str, ...], span: Span, role: str) -> ModelChoice:
    return ModelChoice(role=role, kind=kinds[0], source=EMBEDDED, span=span)


def _another_painter(name: str, span: Span, planned: str, node: StageNode) -> Diagnostic:
    return Diagnostic(
        code="E218",
        message=f"{node.name!r} planned for {planned!r}, and this stage asks for {name!r}",
        span=span,
        why="A plan holds settings and wording for one model; another one would draw something else.",
        help=f"take the param out: the role follows the wire; or set it on `{node.name}:`",
        fix=planned,
        labels=(Label(node.span, f"plans for {planned}"),),
    )


def _several_roles(
    entry: StageEntry, param: str, kinds: tuple[str, ...], fitting: list[ModelChoice]
) -> Diagnostic:
    kind = " or ".join(kinds)
    return Diagnostic(
        code="E219",
        message=f"{entry.name!r} needs a model of kind {kind}, and the recipe declares several",
        span=entry.use.span,
        why=f"Declared: {', '.join(choice.role for choice in fitting)}.",
        help=f"add one of these lines to `{entry.name}:`",
        fix="\n".join(f"with: {{{param}: {choice.role}}}" for choice in fitting),
        labels=tuple(Label(choice.span, f"of kind {choice.kind}") for choice in fitting),
    )
