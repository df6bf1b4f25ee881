"""`--set PATH=VALUE`: what the command line says over the recipe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from orchestrator.errors import COMMAND_LINE, Findings, Span, unknown
from orchestrator.errors.phrases import listed, near, shown
from orchestrator.errors.unknown import NAME
from orchestrator.frozen import Frozen
from orchestrator.recipe.model import ModelChoice, Recipe, StageEntry
from orchestrator.recipe.models import check_kind, kind_and_source
from orchestrator.recipe.names import is_name
from orchestrator.recipe.source import source_of
from orchestrator.recipe.variables import mistyped, no_reference, reference_in, same_type
from orchestrator.stage import USUAL_ROLES
from orchestrator.text import DEFAULT_CAPS, Entry, Node, kind_of, read_tree

_OPTION: Final = "--set "
_FORM: Final = re.compile(r"\s*([^=\s]+?)\s*=(.*)", re.DOTALL)
_TEXT: Final = re.compile(r"\s*+(?![\"'\[{&*!|>%@`])(?:#|.*(?:\s#|:\s|:$)).*", re.DOTALL)
"""A plain value that YAML would cut at a comment, or part at a colon: nobody writes either on one line."""


def command_line_text(assignments: Sequence[str]) -> str:
    """The text that the spans of overrides count in: a line for each."""
    return "\n".join(_OPTION + " ".join(assignment.split()) for assignment in assignments)


class Assignment(Frozen):
    """`PATH=VALUE` with its places; the value is not read yet."""

    path: str
    path_span: Span
    value: str
    value_span: Span


def assignments_of(texts: Sequence[str], findings: Findings) -> Iterator[Assignment]:
    """The assignments in their order; one that is none has a finding, its span in `<command line>`."""
    for line, text in enumerate(texts, start=1):
        parsed = _parse(" ".join(text.split()), line, findings)
        if parsed is not None:
            yield parsed


def _parse(text: str, line: int, findings: Findings) -> Assignment | None:
    start = len(_OPTION) + 1
    found = _FORM.fullmatch(text)
    if found is None:
        findings.error(
            "E140",
            f"`{shown(text)}` is no assignment",
            Span(COMMAND_LINE, line, start, line, start + max(1, len(text))),
            help="write `--set STAGE.PARAM=VALUE`, `--set models.ROLE=SOURCE` or `--set seed=NUMBER`",
            fix="--set plan.steps=30",
        )
        return None

    def span(group: int) -> Span:
        first, last = found.span(group)
        return Span(COMMAND_LINE, line, start + first, line, start + max(last, first + 1))

    return Assignment(found[1], span(1), found[2], span(2))


def applied(recipe: Recipe, given: Assignment, findings: Findings) -> Recipe:
    """The recipe with a role, a variable or a param as an assignment says."""
    head, _, tail = given.path.partition(".")
    if head == "models" and tail:
        return _with_source(recipe, tail, given, findings)
    if head == "vars":
        return _with_variable(recipe, tail, given, findings)
    return _with_param(recipe, given, findings)


def _with_variable(recipe: Recipe, name: str, given: Assignment, findings: Findings) -> Recipe:
    if recipe.is_unknown("vars", name):
        return recipe
    if recipe.variable("", name) is None:
        _no_such_variable(recipe, name, given.path_span, f"--set vars.NAME={shown(given.value)}", findings)
        return recipe
    node = value_of(given, findings)
    return recipe if node is None else with_variable(recipe, name, Entry(given.path_span, node), findings)


def with_variable(recipe: Recipe, name: str, given: Entry, findings: Findings) -> Recipe:
    """The recipe with another value of a variable of its own; as it is where that has a finding."""
    declared, node = recipe.variable("", name), given.node
    if declared is None:
        _no_such_variable(recipe, name, given.key_span, "vars.NAME", findings)
        return recipe
    if not same_type(declared.node.value, node.value):
        mistyped(findings, declared, node)
        return recipe
    if (found := reference_in(node)) is not None:
        no_reference(name, found, findings)
        return recipe
    others = (each if each is not declared else replace(declared, node=node) for each in recipe.variables)
    return replace(recipe, variables=tuple(others))


def _no_such_variable(recipe: Recipe, name: str, span: Span, form: str, findings: Findings) -> None:
    names = [each.name for each in recipe.variables if not each.scope]
    found = unknown(
        "E141",
        f"the recipe has no variable `{shown(name)}`",
        name,
        span,
        names,
        why=f"Its variables: {listed(names)}." if names else "It has no `vars:`.",
        pasted=form.replace("NAME", NAME, 1),
        form=f"vars.{NAME}",
        otherwise="a variable stands in `vars:` of the recipe",
    )
    findings.add(found)


def _with_param(recipe: Recipe, given: Assignment, findings: Findings) -> Recipe:
    stage, _, param = given.path.rpartition(".")
    names = [entry.name for entry in recipe.stages]
    if stage not in names or not param:
        if not recipe.is_unread(stage):
            _names_nothing(given, names, findings)
        return recipe
    node = value_of(given, findings)
    if node is None:
        return recipe
    stages = (
        _set(entry, param, Entry(given.path_span, node)) if entry.name == stage else entry
        for entry in recipe.stages
    )
    return replace(recipe, stages=tuple(stages))


def _set(entry: StageEntry, param: str, value: Entry) -> StageEntry:
    return replace(entry, params={**entry.params, param: value})


def _names_nothing(given: Assignment, stages: Sequence[str], findings: Findings) -> None:
    head, dot, param = given.path.rpartition(".") if "." in given.path else (given.path, "", "")
    meant = near(head, ["models", "seed", "vars", *stages])
    known = head in stages
    if inner := [stage for stage in stages if stage.startswith(f"{head}.")]:
        _names_an_include(given, head, inner, findings)
        return
    findings.error(
        "E141",
        f"`{shown(given.path)}` names no param" if known else f"the recipe has no stage `{shown(head)}`",
        given.path_span,
        why=f"Stages of this recipe: {listed(stages)}." if stages else "",
        help="write `--set STAGE.PARAM=VALUE`" if known or not meant else f"did you mean `{meant}`?",
        fix="" if known or not meant else f"--set {meant}{dot}{shown(param)}={shown(given.value)}",
    )


def _names_an_include(given: Assignment, head: str, inner: Sequence[str], findings: Findings) -> None:
    findings.error(
        "E141",
        f"`{shown(head)}` takes in another recipe, and has no params of its own",
        given.path_span,
        why=f"Its stages: {listed(inner)}.",
        help=f"name one of them, as in `--set {inner[0]}.PARAM=VALUE`",
    )


def value_of(given: Assignment, findings: Findings) -> Node | None:
    """The value that is assigned, its place that of the argument; None with a finding."""
    if _TEXT.fullmatch(given.value):
        return Node(given.value.strip(), given.value_span)
    tree = read_tree(given.value, COMMAND_LINE, DEFAULT_CAPS)
    if tree.findings:
        findings.error(
            "E142",
            f"the value `{shown(given.value)}` is no YAML: {tree.findings[0].message}",
            given.value_span,
            why="Values after `--set` are read as in a recipe: `30`, `1.5`, `true`, `text`, `[a, b]`.",
            help=tree.findings[0].help,
        )
        return None
    return _moved(tree.root, given.value_span) if tree.root else Node(None, given.value_span)


def _moved(node: Node, span: Span) -> Node:
    """The value with the whole argument as its place."""
    if isinstance(node.value, tuple):
        return Node(tuple(_moved(member, span) for member in node.value), span)
    if isinstance(node.value, Mapping):
        return Node({key: Entry(span, _moved(entry.node, span)) for key, entry in node.value.items()}, span)
    return Node(node.value, span)


def _with_source(recipe: Recipe, role: str, given: Assignment, findings: Findings) -> Recipe:
    node = value_of(given, findings)
    if node is None:
        return recipe
    if not isinstance(node.value, str):
        what = f"the source of the role `{shown(role)}` is a text, not {kind_of(node)}"
        findings.error("E114", what, given.value_span, fix=f"--set models.{shown(role)}=embedded")
        return recipe
    choice = choice_of(recipe, role, node.value, (given.path_span, given.value_span), findings)
    return recipe if choice is None else with_choice(recipe, choice)


def choice_of(
    recipe: Recipe, role: str, text: str, spans: tuple[Span, Span], findings: Findings
) -> ModelChoice | None:
    """A role's new source, `SOURCE` or `KIND:SOURCE`; `spans` are those of the role and of the source."""
    kind, source = kind_and_source(text)
    kind = kind or kind_of_role(recipe, role)
    if kind is None or not is_name(role):
        if not recipe.is_unknown("models", role):
            no_such_role(recipe, role, spans[0], findings)
        return None
    known = check_kind(kind, spans[1], findings)
    checked = source_of(source, spans[1], findings)
    return ModelChoice(role, kind, checked, spans[1]) if known and checked is not None else None


def kind_of_role(recipe: Recipe, role: str) -> str | None:
    """The kind that the recipe declares, or that the role's usual name says."""
    declared = {choice.role: choice.kind for choice in recipe.models}
    return declared.get(role, USUAL_ROLES.get(role))


def with_choice(recipe: Recipe, choice: ModelChoice) -> Recipe:
    """The recipe with a role's model replaced, or added at the end."""
    others = {declared.role: declared for declared in recipe.models}
    return replace(recipe, models=tuple({**others, choice.role: choice}.values()))


def no_such_role(recipe: Recipe, role: str, span: Span, findings: Findings) -> None:
    """E143: a role that the recipe does not declare, of a kind that nobody said."""
    roles = [choice.role for choice in recipe.models]
    found = unknown(
        "E143",
        f"the recipe declares no role `{shown(role)}`",
        role,
        span,
        roles,
        why=f"Declared roles: {listed(roles)}." if roles else "It declares no roles.",
        otherwise="a new role needs its kind: `diffusion:SOURCE` or `llm:SOURCE`",
        otherwise_fix=f"--set models.{role}=diffusion:embedded" if is_name(role) else "",
    )
    findings.add(found)
