"""References in values: `$item.DIMENSION.FIELD` and `$vars.NAME`, found and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from orchestrator.errors import Diagnostic, Findings, Label, Span, did_you_mean, unknown
from orchestrator.errors.edits import respelt
from orchestrator.errors.unknown import NAME
from orchestrator.frozen import Frozen
from orchestrator.graph.item_reference import ItemReference
from orchestrator.recipe.findings import is_in_table
from orchestrator.recipe.model import VARIABLE, Recipe, Record, Variable
from orchestrator.text import Node

UNKNOWN: Final = object()
"""In place of a value whose reference has a finding, or hangs on something that has one."""
UNREAD: Final = object()
"""In place of a field of a dimension whose members have findings."""


class References(Frozen):
    """Reads values of a scope; `dimensions` gathers those that they name."""

    recipe: Recipe
    scope: str
    dimensions: set[str]
    findings: Findings

    def value(self, node: Node) -> object:
        """The plain value; a leaf may be an ItemReference, or UNKNOWN or UNREAD in its place."""
        if isinstance(node.value, tuple):
            return [self.value(member) for member in node.value]
        if isinstance(node.value, Mapping):
            return {key: self.value(entry.node) for key, entry in node.value.items()}
        if not isinstance(node.value, str) or not node.value.startswith("$"):
            return node.value
        return self._meant_by(node.value, node.span)

    def variable(self, name: str, span: Span) -> Variable | None:
        """The variable of this name in the scope; E235 where there is none, unless it could not be read."""
        if self.recipe.is_unknown("vars", f"{self.scope}.{name}" if self.scope else name):
            return None
        found = self.recipe.variable(self.scope, name)
        if found is None:
            self.findings.add(self._unknown_variable(name, span))
        return found

    def item(self, text: str, span: Span) -> ItemReference | None:
        """A reference to a field of the item; None with a finding, or where its dimension is not known."""
        head, *rest = text[1:].split(".")
        if head != "item" or len(rest) not in {1, 2} or not all(rest):
            self.findings.add(self._not_a_reference(text, span))
            return None
        dimension = self.recipe.dimension(rest[0])
        if dimension is None and self.recipe.is_unknown("items", rest[0]):
            return None
        if dimension is None:
            counted = any(rest[0] in stage.each for stage in self.recipe.stages)
            told = _run_time_dimension if counted else _unknown_dimension
            self.findings.add(told(text, rest[0], span, self.recipe))
            return None
        name = rest[1] if len(rest) > 1 else "value"
        lacking = [record for record in dimension.records if name not in record.fields]
        if lacking:
            self.findings.add(_no_such_field(text, name, span, lacking))
            return None
        self.dimensions.add(rest[0])
        return ItemReference(rest[0], name, span)

    def _meant_by(self, text: str, span: Span) -> object:
        if text.startswith("$$"):
            return text[1:]
        if not text.startswith(VARIABLE):
            return self._of_item(self.item(text, span))
        variable = self.variable(text.removeprefix(VARIABLE), span)
        around = self.scope.rpartition(".")[0]  # what its include gives it is said there
        reader = References(self.recipe, around, self.dimensions, self.findings)
        return UNKNOWN if variable is None else reader.value(variable.node)

    def _of_item(self, reference: ItemReference | None) -> object:
        if reference is None:
            return UNKNOWN
        dimension = self.recipe.dimension(reference.dimension)
        return reference if dimension is not None and dimension.records else UNREAD

    def _names(self) -> list[str]:
        return [each.name for each in self.recipe.variables if each.scope == self.scope]

    def _unknown_variable(self, name: str, span: Span) -> Diagnostic:
        valid = self._names()
        return unknown(
            "E235",
            f"there is no variable {name!r}",
            name,
            span,
            valid,
            why=f"`vars:` has: {', '.join(valid)}." if valid else "The recipe has no `vars:`.",
            form=f"{VARIABLE}{NAME}",
            otherwise=f"add `{name}:` to `vars:` at the top, with the value that it stands for",
        )

    def _not_a_reference(self, text: str, span: Span) -> Diagnostic:
        names = [f"$item.{dimension.name}" for dimension in self.recipe.dimensions]
        names += [f"{VARIABLE}{name}" for name in self._names()]
        return Diagnostic(
            code="E210",
            message=f"{text!r} is no reference",
            span=span,
            why="A text that begins with a dollar refers to the item, `$item.DIMENSION[.FIELD]`, or to a "
            "variable, `$vars.NAME`.",
            help=f"here one can write {', '.join(names)}; `$$` is a plain dollar"
            if names
            else "`$$` is a plain dollar",
            fix=self._meant(text) or "$" + text,
            edits=respelt(text, span, self._meant(text)) if self._meant(text) else (),
        )

    def _meant(self, text: str) -> str:
        """`$itm.style`, `$style`, `$item.style.a.b` as they were meant; "" where that is not clear."""
        head, *rest = text[1:].split(".")
        if self.recipe.dimension(head) is not None:
            return f"$item.{'.'.join([head, *rest])}"
        if not rest and head in self._names():
            return f"{VARIABLE}{head}"
        if rest and did_you_mean(head, ["item"]) and self.recipe.dimension(rest[0]) is not None:
            return f"$item.{'.'.join(rest[:2])}"
        if len(rest) == 1 and did_you_mean(head, ["vars"]) and rest[0] in self._names():
            return f"{VARIABLE}{rest[0]}"
        return ""


def _run_time_dimension(text: str, name: str, span: Span, recipe: Recipe) -> Diagnostic:
    valid = [f"$item.{dimension.name}" for dimension in recipe.dimensions]
    return Diagnostic(
        code="E211",
        message=f"{text!r} names a dimension that has no members before the run",
        span=span,
        why=f"`each:` makes {name!r} of what a stage gives, so no value of it can be checked beforehand.",
        help=f"write the value itself{', or take it from ' if valid else ''}{' or '.join(valid)}",
    )


def _unknown_dimension(text: str, name: str, span: Span, recipe: Recipe) -> Diagnostic:
    valid = [dimension.name for dimension in recipe.dimensions]
    return unknown(
        "E211",
        f"{text!r} names a dimension that the recipe does not have",
        name,
        span,
        valid,
        why=f"The dimensions under `items:` are: {', '.join(valid)}."
        if valid
        else "`items:` has no dimension.",
        form=".".join(["$item", NAME, *text.split(".")[2:]]),
        otherwise=f"add `{name}: […]` under `items:`",
    )


def _no_such_field(text: str, name: str, span: Span, lacking: list[Record]) -> Diagnostic:
    record = lacking[0]
    fields = ", ".join(record.fields)
    add = f"add `{name}:` to the record"
    if is_in_table(record.span):
        add = f"fill its cell in the column `{name}`"
    elif record.span.file == "<--idea>":
        add = "give the param a value by `--set STAGE.PARAM=VALUE`; an idea typed here is a text alone"
    written = text.endswith(f".{name}")
    found = unknown(
        "E212",
        f"{text!r}: {record.id!r} has no field {name!r}",
        name,
        span,
        record.fields,
        why=f"Its fields are: {fields}.",
        form=f"{text.removesuffix(name)}{NAME}" if written else NAME,
        otherwise=f"name one of them, or {add}",
        labels=(Label(record.span, f"{len(lacking)} without `{name}`; the first stands here"),),
    )
    if found.help.startswith("did you mean"):
        found = replace(found, help=f"{found.help} Else {add}")
    return found if written else replace(found, fix="", edits=())
