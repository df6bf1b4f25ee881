"""`with:` of an include: the variables of the recipe that it takes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf

from orchestrator.errors import Findings, unknown
from orchestrator.errors.phrases import listed, shown
from orchestrator.errors.unknown import NAME
from orchestrator.recipe.model import VARIABLE, Recipe, Variable
from orchestrator.recipe.stages import Include
from orchestrator.recipe.variables import mistyped, references_in, same_type
from orchestrator.text import Caps, Entry, Node, capped


def with_parameters(inner: Recipe, part: Include, outer: Recipe, findings: Findings) -> Recipe:
    """The included recipe with its variables as `with:` says; they may name variables of the outer one."""
    declared = {each.name: each for each in inner.variables if not each.scope}
    given: dict[str, Node] = {}
    for name, entry in part.params.items():
        if f"with.{name}" in part.unknown or inner.is_unknown("vars", name):
            continue
        if name not in declared:
            _unknown(name, entry, part, list(declared), findings)
        elif _fits(declared[name], entry.node, outer, findings):
            given[name] = entry.node
    variables = (
        replace(each, node=given[each.name]) if not each.scope and each.name in given else each
        for each in inner.variables
    )
    return replace(inner, variables=tuple(variables))


def refuse_expanded(recipe: Recipe, findings: Findings, caps: Caps) -> None:
    """E106 where variables, put in wherever they are named, make more values than a recipe may have."""
    sizes: dict[tuple[str, str], float] = {}
    for variable in sorted(recipe.variables, key=lambda each: each.scope.count(".") + bool(each.scope)):
        scope = variable.scope.rpartition(".")[0]
        sizes[variable.scope, variable.name] = _size(variable.node, scope, sizes)
    total = 0.0
    for stage in recipe.stages:
        for entry in stage.params.values():
            total += _size(entry.node, stage.scope, sizes)
            if total > caps.nodes:
                what = "the recipe has too many values, variables put in where they are named"
                findings.add(capped("nodes", caps.nodes, what, entry.node.span))
                return


def _size(node: Node, scope: str, sizes: dict[tuple[str, str], float]) -> float:
    size, waiting = 0.0, [node]
    while waiting and size < inf:
        each = waiting.pop()
        size += 1
        if isinstance(each.value, tuple):
            waiting += each.value
        elif isinstance(each.value, str):
            size += sizes.get((scope, each.value.removeprefix(VARIABLE)), 0) if "$" in each.value else 0
        elif isinstance(each.value, Mapping):
            waiting += [entry.node for entry in each.value.values()]
    return size


def _fits(declared: Variable, given: Node, outer: Recipe, findings: Findings) -> bool:
    sound = True
    for reference in references_in(given):
        name = str(reference.value)
        if name.startswith(VARIABLE) and outer.variable("", name.removeprefix(VARIABLE)) is None:
            if not outer.is_unknown("vars", name.removeprefix(VARIABLE)):
                unknown_variable(outer, reference, findings)
            sound = False
    if not sound:
        return False
    value = given
    if isinstance(given.value, str) and given.value.startswith("$") and not given.value.startswith("$$"):
        named = outer.variable("", given.value.removeprefix(VARIABLE))
        if named is None:  # `$item.…`: what it is differs by item, and is checked where it is used
            return True
        value = Node(named.node.value, given.span)
    if same_type(declared.node.value, value.value):
        return True
    mistyped(findings, declared, value)
    return False


def unknown_variable(recipe: Recipe, reference: Node, findings: Findings) -> None:
    """E166: `$vars.x` where there is no such variable."""
    names = [each.name for each in recipe.variables if not each.scope]
    word = str(reference.value).removeprefix(VARIABLE)
    found = unknown(
        "E166",
        f"the recipe has no variable `{shown(word)}`",
        word,
        reference.span,
        names,
        why=f"Its variables: {listed(names)}." if names else "It has no `vars:`.",
        form=f"{VARIABLE}{NAME}",
        otherwise="add it to `vars:` at the top of the recipe",
        otherwise_fix=f"vars: {{{shown(word)}: 1}}",
    )
    findings.add(found)


def _unknown(name: str, entry: Entry, part: Include, known: list[str], findings: Findings) -> None:
    found = unknown(
        "E164",
        f"`{shown(part.source.value, 80)}` has no parameter `{shown(name)}`",
        name,
        entry.key_span,
        known,
        why=f"Its `vars:` are its parameters: {listed(known)}."
        if known
        else "Its `vars:` would be its parameters, and it has none.",
        pasted=f"{NAME}:",
        otherwise="a param of one of its stages is set by `--set`",
    )
    findings.add(found)
