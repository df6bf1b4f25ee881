"""A recipe as data, every part with the place where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Final

from orchestrator.errors import Diagnostic, Span
from orchestrator.frozen import Frozen
from orchestrator.recipe.source import HandedIn, Source
from orchestrator.text import Entry, Node, Scalar, Text

VARIANT: Final = "variant"
"""The dimension whose items differ by their noise alone."""
VARIABLE: Final = "$vars."
"""What a reference to a variable begins with; the whole text is the reference."""


class ModelChoice(Frozen):
    """`ROLE: {KIND: SOURCE}`. `given` is the object, where Python hands one in in place of a source."""

    role: str
    kind: str
    source: Source | HandedIn
    span: Span
    given: object | None = field(default=None, compare=False)


class Record(Frozen):
    """A member of a dimension; `fields` has `id`, and `value` where the record has one."""

    id: str
    fields: Mapping[str, Scalar | list[object] | dict[str, object]]
    span: Span


class Dimension(Frozen):
    """A named axis of the items. `variant` is the last one, with the ids `1` … `N`.

    `given` says that the caller gave its members in place of the recipe's, which may name those it had;
    `whole` is unset where some member, or all, could not be read.
    """

    name: str
    records: tuple[Record, ...]
    span: Span
    given: bool = False
    whole: bool = True
    _by_id: Mapping[str, Record] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {record.id: record for record in reversed(self.records)})

    def record(self, id: str) -> Record | None:  # noqa: A002 - the field's word
        """The member of this id."""
        return self._by_id.get(id)


class StageEntry(Frozen):
    """One entry of `stages:`.

    Attributes:
        name: as the recipe calls it; one out of an include is `NAMESPACE.NAME`.
        use: the registered stage; "" where it could not be read, so that it may take and give anything.
        gather: dimensions that are taken whole; None where it was left out.
        per: dimensions over which the stage runs though nothing names them.
        each: run-time dimension to the stage above whose `Many[T]` it parts.
        when: the text of a condition.
        seed_by: dimensions whose ids enter the seed; None where it was left out.
        scope: the namespace whose variables its params may name; "" for the recipe itself.
        given: what its includes say of ports that nothing in their namespaces feeds: the stage outside by
            `NAMESPACE/PORT`.
        places: where the ports of `inputs:` and the dimensions of `each:` stand, as `inputs.image`.
        unknown: its keys that read wrong, as `inputs`, and its params, as `with.steps`.
    """

    name: str
    name_span: Span
    use: Text
    params: Mapping[str, Entry]
    inputs: Mapping[str, Text]
    gather: tuple[Text, ...] | None
    span: Span
    per: tuple[Text, ...] = ()
    each: Mapping[str, Text] = field(default_factory=dict[str, Text])
    when: Text | None = None
    seed_by: tuple[Text, ...] | None = None
    scope: str = ""
    given: Mapping[str, Text] = field(default_factory=dict[str, Text])
    places: Mapping[str, Span] = field(default_factory=dict[str, Span])
    unknown: frozenset[str] = frozenset()


class Exclusion(Frozen):
    """A member of `exclude:`: an item goes where every named dimension has one of these ids.

    Attributes:
        names: where the name of each dimension stands.
    """

    ids: Mapping[str, tuple[Text, ...]]
    span: Span
    names: Mapping[str, Span] = field(default_factory=dict[str, Span])


class Variable(Frozen):
    """A member of `vars:`; its value may name a variable of the scope around its own, or of the item."""

    name: str
    node: Node
    span: Span
    scope: str = ""


class ExportEntry(Frozen):
    """A member of `export:`.

    Attributes:
        sources: stages by the name of the map that they give; "" for a plain `from: STAGE`.
        to: the folder.
        format: name of a registered writer.
        pattern: names of the files (`name:`), None where it was left out.
        options: the writer's own keys.
    """

    sources: Mapping[str, Text]
    to: Text
    format: Text
    pattern: Text | None
    options: Mapping[str, Entry]
    span: Span


class Recipe(Frozen):
    """A recipe as it was read; whether it makes sense is the graph's to say.

    Attributes:
        unknown: what reads wrong and may mean anything, as `models`, `models.painter`, `vars.steps`; of an
            include's variables `vars.NAMESPACE.NAME`. What hangs on it has no finding of its own.
        zip: groups of dimensions that go in step, in place of their product.
        exclude: items that are left out.
        sources: texts of the files that it took in (includes, tables), by the name that findings show.
        remarks: warnings of what was read all the same.
    """

    file: str
    name: str
    seed: int
    models: tuple[ModelChoice, ...]
    dimensions: tuple[Dimension, ...]
    stages: tuple[StageEntry, ...]
    text: str = field(default="", repr=False)
    zip: tuple[tuple[Text, ...], ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    variables: tuple[Variable, ...] = ()
    exports: tuple[ExportEntry, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    remarks: tuple[Diagnostic, ...] = ()
    unknown: frozenset[str] = frozenset()

    def is_unknown(self, section: str, name: str) -> bool:
        """Whether a part of a section, or what it stands in, reads wrong."""
        if not self.unknown:
            return False
        words = f"{section}.{name}".split(".")
        return any(".".join(words[:end]) in self.unknown for end in range(1, len(words) + 1))

    def is_unread(self, stage: str) -> bool:
        """Whether a stage of this name, or an include that it would come out of, could not be read."""
        parts = stage.split(".")
        wanted = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
        return any(each.name in wanted and not each.use.value for each in self.stages)

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of this name."""
        return next((dimension for dimension in self.dimensions if dimension.name == name), None)

    def axes(self) -> tuple[tuple[Dimension, ...], ...]:
        """The factors of the product, each the dimensions that go in step, at the place of its first one."""
        partners = {name.value: group for group in self.zip for name in group}
        found: list[tuple[Dimension, ...]] = []
        done: set[str] = set()
        for dimension in self.dimensions:
            if dimension.name in done:
                continue
            group = {name.value for name in partners.get(dimension.name, ())} | {dimension.name}
            found.append(tuple(each for each in self.dimensions if each.name in group))
            done |= group
        return tuple(found)

    def variable(self, scope: str, name: str) -> Variable | None:
        """The variable of this name in a scope; its value names none: those that it named are put in.

        `$item.…` inside a value that an include was given stays as it is.
        """
        found = next((each for each in self.variables if each.scope == scope and each.name == name), None)
        if found is None or not scope:
            return found
        return replace(found, node=self._filled(found.node, scope.rpartition(".")[0]))

    def _filled(self, node: Node, scope: str) -> Node:
        if isinstance(node.value, tuple):
            return Node(tuple(self._filled(member, scope) for member in node.value), node.span)
        if isinstance(node.value, Mapping):
            inner = {
                key: Entry(entry.key_span, self._filled(entry.node, scope))
                for key, entry in node.value.items()
            }
            return Node(inner, node.span)
        if not isinstance(node.value, str) or not node.value.startswith(VARIABLE):
            return node
        variable = self.variable(scope, node.value.removeprefix(VARIABLE))
        return node if variable is None else variable.node
