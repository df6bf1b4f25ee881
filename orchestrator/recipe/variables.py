"""`vars:`: values that a recipe says once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orchestrator.errors import Label
from orchestrator.errors.collector import Findings
from orchestrator.errors.phrases import shown
from orchestrator.recipe.findings import not_a_name, wrong_kind
from orchestrator.recipe.model import Variable
from orchestrator.recipe.names import is_name
from orchestrator.text import Entry, Node, kind_of


def read_variables(entries: Mapping[str, Entry], findings: Findings) -> tuple[Variable, ...]:
    """The variables in their order; a broken one is left out."""
    read = (_variable(name, each, findings) for name, each in entries.items())
    return tuple(variable for variable in read if variable is not None)


def same_type(first: object, second: object) -> bool:
    """Whether a value may stand for another: of one type, or a whole number for a float."""
    if isinstance(first, float):
        return isinstance(second, (int, float)) and not isinstance(second, bool)
    return type(first) is type(second)


def _variable(name: str, entry: Entry, findings: Findings) -> Variable | None:
    if not is_name(name):
        not_a_name(findings, "a variable", name, entry.key_span)
        return None
    if entry.node.value is None:
        what = f"the variable `{name}`"
        wrong_kind(findings, entry.node, what, "a value", help="its value says its type", fix=f"{name}: 0.5")
        return None
    found = reference_in(entry.node)
    if found is not None:
        no_reference(name, found, findings)
        return None
    return Variable(name, entry.node, entry.key_span)


def reference_in(node: Node) -> Node | None:
    """The first text inside a value that is a reference such as `$item.style`; `$$` is a dollar."""
    return next(references_in(node), None)


def references_in(node: Node) -> Iterator[Node]:
    """The texts inside a value that are references."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each.value, str):
            if each.value.startswith("$") and not each.value.startswith("$$"):
                yield each
        elif isinstance(each.value, tuple):
            waiting += reversed(each.value)
        elif isinstance(each.value, Mapping):
            waiting += [entry.node for entry in each.value.values()][::-1]


def no_reference(name: str, node: Node, findings: Findings) -> None:
    """E154: a variable whose value is a reference."""
    findings.error(
        "E154",
        f"the variable `{name}` is {shown(node.value)}, which is a reference",
        node.span,
        why="A variable has one value for the whole recipe, written out; its type is known by it.",
        help="write the value; `$$` stands for a dollar; what differs by item is named where it is used, "
        "as `$item.style`",
    )


def mistyped(findings: Findings, declared: Variable, given: Node) -> None:
    """E155: a value of another type than the variable has."""
    findings.error(
        "E155",
        f"the variable `{declared.name}` is {kind_of(declared.node)}; {kind_of(given)} is of another type",
        given.span,
        why="A variable keeps the type of the value that its recipe gives it.",
        help="give a value of that type; a text that looks like a number stands in quotes",
        fix=_written(declared.node.value),
        labels=(Label(declared.span, "the variable"),),
    )


def _written(value: object) -> str:
    """A scalar as it may stand in a recipe."""
    if isinstance(value, bool):
        return str(value).lower()
    return shown(value) if isinstance(value, (int, float, str)) else ""
