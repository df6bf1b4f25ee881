"""What is legal, but surely unmeant. Said of a recipe without errors, but for the order of its stages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from orchestrator.errors import COMMAND_LINE, Diagnostic, Label, Span, unknown
from orchestrator.graph.idea_warnings import idea_warnings
from orchestrator.graph.item_reference import ItemReference
from orchestrator.graph.model import Graph
from orchestrator.graph.stage_node import StageNode
from orchestrator.recipe.model import VARIABLE, Recipe, Record
from orchestrator.stage import Description, Lexicon, RenderPlan, Style
from orchestrator.stage.params import resource_class
from orchestrator.text import Entry, Node

_MOST_IDEAS: Final = 200
_MOST_SHOWN: Final = 5
_FEWEST_SORTED: Final = 4
_NAMED: Final = re.compile(re.escape(VARIABLE) + r"(\w+)")
_ENGLISH: Final = re.compile(r"[A-Za-z][A-Za-z ,'-]*")


def warnings(graph: Graph) -> Iterator[Diagnostic]:
    """All warnings of a graph that stands."""
    yield from dict.fromkeys(graph.recipe.remarks)
    yield from idea_warnings(graph)
    yield from _idle_dimensions(graph)
    yield from _unused_outputs(graph)
    yield from _unused_variables(graph.recipe)
    for node in graph.nodes.values():
        if node.spec.output is RenderPlan:
            yield from _unknown_to_painter(graph, node)


def sorted_stages(recipe: Recipe) -> Diagnostic | None:
    """W606 for names in alphabetical order; said beside an error that another order would mend."""
    names = [entry.name for entry in recipe.stages if not entry.scope]
    if len(names) < _FEWEST_SORTED or names != sorted(names):
        return None
    return Diagnostic(
        code="W606",
        message="the stages stand in alphabetical order",
        span=next(entry.name_span for entry in recipe.stages if not entry.scope),
        why="The order of `stages:` counts: a stage sees only the stages above it.",
        help="did a tool sort them? Put them back into the order of the work",
        severity="warning",
    )


def _idle_dimensions(graph: Graph) -> Iterator[Diagnostic]:
    used = {name for node in graph.nodes.values() for name in (*node.dimensions, *node.gather)}
    for dimension in graph.recipe.dimensions:
        if dimension.name not in used:
            yield _idle(dimension.name, dimension.span)


def _idle(name: str, span: Span) -> Diagnostic:
    helps = {
        "variant": "take `variant:` out, or add a stage that draws variants (`render`)",
        "idea": "add a stage that takes the idea (`expand`)",
    }
    return Diagnostic(
        code="W601",
        message=f"the dimension {name!r} changes nothing",
        span=span,
        why="No stage runs over it: no param names it, and no input has it.",
        help=helps.get(name, f"name it in a param (`$item.{name}`), or take it out of `items:`"),
        severity="warning",
    )


def _unused_outputs(graph: Graph) -> Iterator[Diagnostic]:
    """An open end of a file type is written; without any, the last open end is handed over."""
    taken = {source for node in graph.nodes.values() for source in node.sources}
    exported = {stage.value for entry in graph.recipe.exports for stage in entry.sources.values()}
    used = taken | exported | set(graph.handed_over)
    for name, node in graph.nodes.items():
        if name not in used:
            yield Diagnostic(
                code="W602",
                message=f"nobody uses what {name!r} gives",
                span=node.span,
                why=f"No stage takes the {node.spec.output.__name__}; it is neither written nor exported.",
                help="take the stage out, or name it where it is wanted: in `inputs:` or `export:`",
                severity="warning",
            )


def _unused_variables(recipe: Recipe) -> Iterator[Diagnostic]:
    used: set[tuple[str, str]] = set()
    for entry in recipe.stages:
        texts = [text for given in entry.params.values() for text in _texts(given.node)]
        texts += [entry.when.value] if entry.when is not None else []
        used |= {(entry.scope, name) for text in texts for name in _NAMED.findall(text)}
    for variable in recipe.variables:
        around = variable.scope.rpartition(".")[0]
        if variable.scope:
            named = (name for text in _texts(variable.node) for name in _NAMED.findall(text))
            used |= {(around, name) for name in named}
    pinned = {entry.scope for entry in recipe.stages if any(map(_is_overridden, entry.params.values()))}
    for variable in recipe.variables:
        if (variable.scope, variable.name) not in used and variable.scope not in pinned:
            yield Diagnostic(
                code="W603",
                message=f"nothing names the variable {variable.name!r}",
                span=variable.span,
                why=f"It changes nothing until a value is `{VARIABLE}{variable.name}`.",
                help="take it out, or name it",
                severity="warning",
            )


def _is_overridden(param: Entry) -> bool:
    """Whether `--set` gave a param, in whose place in the recipe a variable may have stood."""
    return param.node.span.file == COMMAND_LINE


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node.value, str):
        yield node.value
    elif isinstance(node.value, tuple):
        for member in node.value:
            yield from _texts(member)
    elif isinstance(node.value, Mapping):
        for entry in node.value.values():
            yield from _texts(entry.node)


def _unknown_to_painter(graph: Graph, node: StageNode) -> Iterator[Diagnostic]:
    painters = [graph.models[role] for _, role in node.all_roles if role in graph.models]
    for painter in painters:
        if painter.card.styles:
            yield from _unknown_styles(graph, node, painter)
        if painter.card.nouns and "idea" in node.dimensions:
            yield from _unknown_nouns(graph, node, painter)


def _unknown_styles(graph: Graph, node: StageNode, painter: Description) -> Iterator[Diagnostic]:
    known = painter.card.styles
    for param, declared in node.spec.params.model_fields.items():
        if resource_class(declared.annotation) is not Style or param not in node.values:
            continue
        for style, span in _styles(graph, node, param):
            if style and style not in known:
                yield unknown(
                    "W604",
                    f"the painter {painter.role!r} was never shown the style {style!r}",
                    style,
                    span,
                    known,
                    why=f"The styles of {painter.card.name}: {', '.join(known)}.",
                    otherwise="name one of them, or choose another painter",
                    labels=(Label(node.span, "it plans for this painter"),),
                    severity="warning",
                )


def _styles(graph: Graph, node: StageNode, param: str) -> Iterator[tuple[str, Span]]:
    """The styles that a param names, each with its place."""
    value = node.values[param]
    entry = next((entry for entry in graph.recipe.stages if entry.name == node.name), None)
    if isinstance(value, ItemReference):
        dimension = graph.recipe.dimension(value.dimension)
        for record in dimension.records if dimension is not None else ():
            yield str(record.fields.get(value.field) or ""), record.span
    elif isinstance(value, str) and entry is not None and param in entry.params:
        yield value, entry.params[param].node.span


def _unknown_nouns(graph: Graph, node: StageNode, painter: Description) -> Iterator[Diagnostic]:
    """Ideas for which a closed vocabulary has no noun; what is no plain English is left to `expand`."""
    dimension = graph.recipe.dimension("idea")
    nouns = set(painter.card.nouns)
    unknown: list[tuple[str, Record]] = []
    for record in dimension.records[:_MOST_IDEAS] if dimension is not None else ():
        text = str(record.fields.get("value", "")).strip()
        if text.split(" ")[-1].lower() in nouns or not _ENGLISH.fullmatch(text):
            continue
        if not _is_drawable(graph, node, text, painter):
            unknown.append((text, record))
    if unknown:
        yield _unknown_noun(unknown, painter)


def _is_drawable(graph: Graph, node: StageNode, text: str, painter: Description) -> bool:
    from orchestrator.stage.vocabulary import nearest_drawable

    tables = [
        graph.resources[Lexicon.shelf, name].value
        for param, declared in node.spec.params.model_fields.items()
        if resource_class(declared.annotation) is Lexicon
        and (name := _resource_name(node, param, declared.get_default(call_default_factory=True)))
        and (Lexicon.shelf, name) in graph.resources
    ]
    if not tables:
        return True
    held = (cast("Mapping[str, Any]", table) for table in tables)
    return nearest_drawable(text, painter.card.nouns, *held).noun is not None


def _resource_name(node: StageNode, param: str, default: object) -> str:
    value = node.values.get(param, getattr(default, "name", ""))
    return value if isinstance(value, str) else ""


def _unknown_noun(unknown: Sequence[tuple[str, Record]], painter: Description) -> Diagnostic:
    (first, record), *others = unknown
    places = dict.fromkeys(other.span for _, other in others if other.span != record.span)
    more = f" and {len(others)} other ideas" if len(others) > 1 else ""
    more = f" and {others[0][0]!r}" if len(others) == 1 else more
    return Diagnostic(
        code="W605",
        message=f"the painter {painter.role!r} knows no noun for {first!r}{more}",
        span=record.span,
        why=f"{painter.card.name} draws {len(painter.card.nouns)} nouns, and none of them comes near.",
        help="name a thing that it knows, choose a painter with an open vocabulary, or let it be drawn as "
        "chance has it (`unknown: draw` on the planning stage): else the item fails",
        labels=tuple(Label(span, "nor for this") for span in list(places)[:_MOST_SHOWN]),
        severity="warning",
    )
