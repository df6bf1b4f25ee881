"""Which model stands behind each Role param: it follows the wire, then the recipe's declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from orchestrator.errors import Diagnostic, Label, ModelUnavailable, Span, did_you_mean
from orchestrator.graph.model import IDEA_SOURCE, StageNode, Wire
from orchestrator.recipe.model import ModelChoice, Recipe, StageEntry
from orchestrator.stage import Description, Params, RenderPlan
from orchestrator.stage.params import role_class

Report = Callable[[Diagnostic], None]
Describe = Callable[[ModelChoice], Description]

_USUAL_NAMES = {
    "llm": "writer",
    "diffusion": "painter",
    "clip": "judge",
    "segmenter": "segmenter",
    "gan": "gan",
}


@dataclass(slots=True)
class Roles:
    """The models of a recipe, described on first use; an undeclared kind is embedded."""

    recipe: Recipe
    describe: Describe
    report: Report
    models: dict[str, Description] = field(default_factory=dict[str, Description])
    _failed: set[str] = field(default_factory=set[str])

    def of(
        self,
        entry: StageEntry,
        params: type[Params],
        wires: Mapping[str, Wire],
        nodes: Mapping[str, StageNode],
    ) -> dict[str, str]:
        """Role by Role param of a stage; a param with a finding is left out."""
        chosen: dict[str, str] = {}
        for param, declared in params.model_fields.items():
            role = role_class(declared.annotation)
            if role is not None and (
                param in entry.params or declared.get_default(call_default_factory=True) is not None
            ):
                choice = self._choice(entry, param, role.kinds(), wires, nodes)
                if choice is not None:
                    chosen[param] = choice.role
                    self._describe(choice)
        return chosen

    def _choice(
        self,
        entry: StageEntry,
        param: str,
        kinds: tuple[str, ...],
        wires: Mapping[str, Wire],
        nodes: Mapping[str, StageNode],
    ) -> ModelChoice | None:
        upstream = self._upstream(kinds, wires, nodes)
        given = entry.params.get(param)
        if given is not None:
            return self._given(str(given.node.value), given.node.span, kinds, upstream)
        if upstream is not None:
            return self._declared(upstream[0]) or _embedded(kinds, entry.use.span, upstream[0])
        return self._only(entry, param, kinds)

    def _given(
        self, name: str, span: Span, kinds: tuple[str, ...], upstream: tuple[str, StageNode] | None
    ) -> ModelChoice | None:
        choice = self._declared(name)
        if choice is None or choice.kind not in kinds:
            self.report(self._no_such_role(name, span, kinds))
            return None
        if upstream is not None and upstream[0] != name and upstream[1].spec.output is RenderPlan:
            self.report(_another_painter(name, span, *upstream))
            return None
        return choice

    def _only(self, entry: StageEntry, param: str, kinds: tuple[str, ...]) -> ModelChoice | None:
        fitting = [choice for choice in self.recipe.models if choice.kind in kinds]
        if len(fitting) > 1:
            self.report(_several_roles(entry, param, kinds, fitting))
            return None
        return fitting[0] if fitting else _embedded(kinds, entry.use.span, self._free_name(kinds))

    def _free_name(self, kinds: tuple[str, ...]) -> str:
        usual = _USUAL_NAMES.get(kinds[0], kinds[0])
        return usual if self._declared(usual) is None else f"embedded_{kinds[0]}"

    def _declared(self, role: str) -> ModelChoice | None:
        return next((choice for choice in self.recipe.models if choice.role == role), None)

    def _upstream(
        self, kinds: tuple[str, ...], wires: Mapping[str, Wire], nodes: Mapping[str, StageNode]
    ) -> tuple[str, StageNode] | None:
        """The role of this kind at the nearest stage up the wires, with that stage; plans first."""
        for node in _nearest_first(wires, nodes):
            for param, role in node.roles.items():
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
            self.report(error.finding)

    def _no_such_role(self, name: str, span: Span, kinds: tuple[str, ...]) -> Diagnostic:
        fitting = [choice.role for choice in self.recipe.models if choice.kind in kinds]
        other = self._declared(name)
        near = did_you_mean(name, fitting)
        return Diagnostic(
            code="E217",
            message=f"the role {name!r} is a {other.kind}, not a {' or '.join(kinds)}"
            if other
            else f"`models:` declares no role {name!r}",
            span=span,
            why=f"Declared roles of kind {' or '.join(kinds)}: {', '.join(fitting) or 'none'}.",
            help=f"did you mean `{near}`?"
            if near
            else f"declare it: `models: {{{name}: {{{kinds[0]}: embedded}}}}`",
            fix=near or ("" if other else f"models:\n  {name}: {{{kinds[0]}: embedded}}"),
        )


def _nearest_first(wires: Mapping[str, Wire], nodes: Mapping[str, StageNode]) -> Iterator[StageNode]:
    """Stages up the wires, breadth first; at each stage the wire of a RenderPlan before the others."""
    queue, seen = list(_sources(wires)), set[str]()
    while queue:
        source = queue.pop(0)
        if source not in seen and source in nodes:
            seen.add(source)
            yield nodes[source]
            queue += _sources(nodes[source].wires)


def _sources(wires: Mapping[str, Wire]) -> list[str]:
    ordered = sorted(wires.values(), key=lambda wire: wire.type is not RenderPlan)
    return [wire.source for wire in ordered if wire.source != IDEA_SOURCE]


def _embedded(kinds: tuple[str, ...], span: Span, role: str) -> ModelChoice:
    return ModelChoice(role=role, kind=kinds[0], source="embedded", span=span)


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
        message=f"{entry.name!r} needs a {kind}, and the recipe declares several",
        span=entry.use.span,
        why=f"Declared: {', '.join(choice.role for choice in fitting)}.",
        help=f"add one of these lines to `{entry.name}:`",
        fix="\n".join(f"with: {{{param}: {choice.role}}}" for choice in fitting),
        labels=tuple(Label(choice.span, f"a {choice.kind}") for choice in fitting),
    )
