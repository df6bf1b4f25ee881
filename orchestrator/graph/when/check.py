"""Checks a `when:`: it can be read, what it names is there, and only like is compared with like."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from orchestrator.errors import Diagnostic, Findings, Span, unknown
from orchestrator.errors.edits import respelt
from orchestrator.errors.phrases import some
from orchestrator.errors.unknown import NAME
from orchestrator.graph.references import References
from orchestrator.graph.stage_node import Wire
from orchestrator.graph.when.evaluate import (
    CheckedCondition,
    Meaning,
    OfItem,
    OfParams,
    OfPort,
    OfVariable,
    like,
)
from orchestrator.graph.when.kinds import (
    MIXED,
    TRUTH,
    Kind,
    fields_of,
    inside,
    joined,
    kind_of_annotation,
    kind_of_value,
)
from orchestrator.graph.when.syntax import (
    Both,
    Comparison,
    Expression,
    Group,
    Literal,
    Not,
    Reference,
    Stretch,
    SyntaxProblem,
    parse,
)
from orchestrator.recipe.model import VARIABLE, Dimension, Recipe, StageEntry
from orchestrator.stage import StageSpec
from orchestrator.stage.many import member_type
from orchestrator.text import Cell, Text

_PARAMS = "params"
_MOST_WORDS = 1000
_MOST_SHOWN = 20


def checked_condition(
    entry: StageEntry,
    spec: StageSpec,
    wires: Mapping[str, Wire],
    dimensions: Iterable[str],
    recipe: Recipe,
    findings: Findings,
) -> CheckedCondition | None:
    """The condition of a stage; None where it has none, or one with findings."""
    if entry.when is None:
        return None
    before = findings.told
    check = _Check(entry, entry.when, spec, wires, frozenset(dimensions), recipe, findings)
    tree = check.tree()
    if tree is None or findings.told > before:
        return None
    return CheckedCondition(" ".join(entry.when.value.split()), tree, check.meanings, recipe)


def _quoted(text: str, quote: str) -> str:
    """In the quotes that stand there already: the others may be those of the whole condition."""
    return f"'{text.replace(chr(39), chr(39) * 2)}'" if quote == "'" else json.dumps(text, ensure_ascii=False)


@dataclass(slots=True)
class _Check:
    entry: StageEntry
    when: Text
    spec: StageSpec
    wires: Mapping[str, Wire]
    dimensions: frozenset[str]
    recipe: Recipe
    findings: Findings
    meanings: dict[str, Meaning] = field(default_factory=dict[str, Meaning])
    kinds: dict[str, Kind] = field(default_factory=dict[str, Kind])

    def tree(self) -> Expression | None:
        try:
            tree = parse(self.when.value)
        except SyntaxProblem as problem:
            self._unreadable(problem)
            return None
        kind = self._kind(tree)
        if kind is not None and kind.name not in {"truth", "cell"}:
            self._tell(
                "E238", f"`when:` comes to {kind}, not to true or false", tree.place,
                why="A stage runs where its condition is true.",
                help="compare it with something", fix=self._compared(tree, kind),
            )  # fmt: skip
        return tree

    def _kind(self, node: Expression) -> Kind | None:
        """The kind of a part; None where it has a finding already."""
        if isinstance(node, Literal):
            return kind_of_value(node.value)
        if isinstance(node, Reference):
            return self._of_reference(node)
        if isinstance(node, Group):
            kinds = [self._kind(member) for member in node.members]
            known = [kind for kind in kinds if kind is not None]
            return Kind("list", inner=joined(known)) if len(known) == len(kinds) else None
        if isinstance(node, Not):
            self._must_be_truth(node.part)
            return TRUTH
        if isinstance(node, Both):
            for part in node.parts:
                self._must_be_truth(part)
            return TRUTH
        self._compare(node)
        return TRUTH

    def _must_be_truth(self, node: Expression) -> None:
        kind = self._kind(node)
        if kind is not None and kind.name not in {"truth", "cell"}:
            self._tell(
                "E238", f"`{self._text(node.place)}` is {kind}, not true or false", node.place,
                why="`and`, `or` and `not` join what is true or false.",
                help="compare it with something", fix=self._compared(node, kind),
            )  # fmt: skip

    def _compared(self, node: Expression, kind: Kind) -> str:
        """The part with something of its kind beside it; "" for what has no plain value."""
        word = _quoted(next(iter(kind.words), ""), "'")
        other = {"number": "1", "text": word}.get(kind.name)
        return f"{self._text(node.place)} == {other}" if other else ""

    def _compare(self, node: Comparison) -> None:
        left, right = self._kind(node.left), self._kind(node.right)
        if left is None or right is None:
            return
        if node.sign in {"in", "not in"}:
            if right.name != "list":
                self._tell(
                    "E238", f"`{node.sign}` looks into a list, and this is {right}", node.right.place,
                    why="A list stands in brackets, or is a field that holds several.",
                    help="write a list, or compare with `==`",
                    fix=f"[{self._text(node.right.place)}]",
                )  # fmt: skip
                return
            right = right.inner or MIXED
        elif node.sign not in {"==", "!="} and not self._ordered(node, left, right):
            return
        self._alike(node, left, right)

    def _ordered(self, node: Comparison, left: Kind, right: Kind) -> bool:
        for part, kind in ((node.left, left), (node.right, right)):
            if kind.name not in {"number", "cell", "mixed"}:
                self._tell(
                    "E238", f"`{node.sign}` compares numbers, and `{self._text(part.place)}` is {kind}",
                    part.place, why="Only numbers are more or less than another.",
                    help="compare with `==`, `!=` or `in`",
                )  # fmt: skip
                return False
        return True

    def _alike(self, node: Comparison, left: Kind, right: Kind) -> None:
        names = {left.name, right.name} - {"mixed"}
        if len(names - {"cell"}) > 1:
            self._tell(
                "E238", f"`{self._text(node.left.place)}` is {left}, and `{self._text(node.right.place)}` "
                f"is {right}", node.place, why="Things of two types are never equal.",
                help="a number stands without quotes, a text in quotes",
            )  # fmt: skip
            return
        for part, kind, other in ((node.left, left, right), (node.right, right, left)):
            self._known_word(part, other)
            if kind.name == "cell" and isinstance(part, Reference):
                self._cells_fit(part, other)

    def _known_word(self, node: Expression, other: Kind) -> None:
        """A text that the other side never is."""
        members = node.members if isinstance(node, Group) else (node,)
        for member in members:
            if not isinstance(member, Literal) or not other.words or member.value in other.words:
                continue
            written = self._text(member.place)
            self.findings.add(
                unknown(
                    "E238",
                    f"{member.value!r} is none of the values that it is compared with",
                    str(member.value),
                    self._span(member.place),
                    other.words,
                    why=f"They are: {some(other.words, _MOST_SHOWN)}.",
                    form=_quoted(NAME, written[0]),
                    written=written,
                )
            )

    def _cells_fit(self, node: Reference, other: Kind) -> None:
        meaning = self.meanings[node.name]
        dimension = self.recipe.dimension(meaning.dimension) if isinstance(meaning, OfItem) else None
        if dimension is None or not isinstance(meaning, OfItem):
            return
        sample = {"number": 0, "truth": True}.get(other.name, "")
        for record in dimension.records:
            cell = record.fields[meaning.field]
            if isinstance(cell, Cell) and like(cell, sample) is None:
                self._tell(
                    "E238", f"`{node.name}` is compared with {other}, and {str(cell)!r} is none", cell.span,
                    why="A cell of a table is what it is compared with.", help="mend the cell",
                )  # fmt: skip
                return

    def _of_reference(self, node: Reference) -> Kind | None:
        if node.name not in self.kinds:
            kind = self._resolved(node)
            if kind is None:
                return None
            self.kinds[node.name] = kind
        return self.kinds[node.name]

    def _resolved(self, node: Reference) -> Kind | None:
        if node.name.startswith(VARIABLE):
            return self._variable(node)
        if node.name.startswith("$"):
            return self._item(node)
        head, *path = node.name.split(".")
        if head == _PARAMS:
            self.meanings[node.name] = OfParams(tuple(path))
            return self._field(node, self.spec.params, path)
        ports = {port.name: port for port in self.spec.inputs}
        if head not in ports or not path:
            self._unknown_name(node, head)
            return None
        if ports[head].gathered or head not in self.wires:
            named = head in self.entry.inputs or "inputs" in self.entry.unknown
            if ports[head].gathered or (ports[head].optional and not named):  # else it has its own finding
                self._unreadable_port(node, head, gathered=ports[head].gathered)
            return None
        self.meanings[node.name] = OfPort(head, tuple(path))
        return self._field(node, member_type(self.wires[head].type), path)

    def _variable(self, node: Reference) -> Kind | None:
        reader = References(self.recipe, self.entry.scope, set(), self.findings)
        variable = reader.variable(node.name.removeprefix(VARIABLE), self._span(node.place))
        if variable is None:
            return None
        value = variable.node.plain()
        if isinstance(value, str) and value.startswith("$") and not value.startswith("$$"):
            return self._item(Reference(value, node.place), node.name)
        self.meanings[node.name] = OfVariable(value)
        return kind_of_value(value)

    def _item(self, node: Reference, name: str = "") -> Kind | None:
        reader = References(self.recipe, self.entry.scope, set(), self.findings)
        found = reader.item(node.name, self._span(node.place))
        if found is None:
            return None
        if found.dimension not in self.dimensions:
            self._not_run_over(node, found.dimension)
            return None
        self.meanings[name or node.name] = OfItem(found.dimension, found.field)
        dimension = self.recipe.dimension(found.dimension)
        if dimension is None or not dimension.records:
            return None
        values = [record.fields[found.field] for record in dimension.records]
        kind = joined([kind_of_value(value) for value in values])
        words = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
        all_known = dimension.whole and not dimension.given
        few = len(words) <= _MOST_WORDS
        return Kind("text", words) if kind.name == "text" and all_known and few else kind

    def _field(self, node: Reference, owner: object, path: list[str]) -> Kind | None:
        for name in path:
            found = inside(owner, name)
            if found is None:
                self._no_field(node, name, fields_of(owner))
                return None
            owner = found
        kind = kind_of_annotation(owner)
        if kind is None:
            self._no_field(node, "", fields_of(owner))
        return kind

    def _unknown_name(self, node: Reference, head: str) -> None:
        valid = [
            *(f"{name}.FIELD" for name in self.wires),
            *([f"{_PARAMS}.NAME"] if self.spec.params.model_fields else []),
            *(items := [f"$item.{each.name}" for each in self._dimensions()]),
        ]
        names = [*self.wires, _PARAMS, *items]
        where, rest = self._where_it_is(head), node.name[len(head) :]
        found = unknown(
            "E237",
            f"`{node.name}` is not known here",
            head,
            self._span(node.place),
            () if where else names,
            why=f"A condition can name: {', '.join(valid)}." if valid else "There is nothing to name.",
            form=f"{NAME}{rest}",
            written=node.name,
            otherwise=f"did you mean `{where}{rest}`?" if where else "a text stands in quotes",
            otherwise_fix=f"{where}{rest}" if where else f"'{node.name}'",
        )
        edits = respelt(node.name, self._span(node.place), f"{where}{rest}") if where else found.edits
        self.findings.add(replace(found, edits=edits))

    def _where_it_is(self, name: str) -> str | None:
        """A dimension, a param, or a field of an input that was named alone."""
        if self.recipe.dimension(name):
            return f"$item.{name}"
        if name in self.spec.params.model_fields:
            return f"{_PARAMS}.{name}"
        holding = (port for port, wire in self.wires.items() if name in fields_of(member_type(wire.type)))
        return next((f"{port}.{name}" for port in holding), None)

    def _dimensions(self) -> list[Dimension]:
        return [each for each in self.recipe.dimensions if each.name in self.dimensions]

    def _unreadable_port(self, node: Reference, port: str, *, gathered: bool) -> None:
        self._tell(
            "E237", f"`{node.name}`: the input {port!r} {'takes many' if gathered else 'is not wired'}",
            node.place,
            why="A condition reads the fields of one artifact.",
            help="take it out" if gathered else f"wire it, or take it out: `inputs: {{{port}: STAGE}}`",
        )  # fmt: skip

    def _no_field(self, node: Reference, name: str, valid: tuple[str, ...]) -> None:
        kept = node.name.rpartition(f".{name}")[0] if name else node.name
        none = "It has no fields that can be compared."
        self.findings.add(
            unknown(
                "E237",
                f"`{node.name}` has no field {name!r}" if name else f"`{node.name}` is no single value",
                name,
                self._span(node.place),
                valid if name else (),
                why=f"The fields are: {', '.join(valid)}." if valid else none,
                form=f"{kept}.{NAME}",
                written=node.name,
                otherwise="name a field that is a text, number or list",
            )
        )

    def _not_run_over(self, node: Reference, dimension: str) -> None:
        valid = ", ".join(sorted(self.dimensions))
        self._tell(
            "E239", f"{self.entry.name!r} does not run over {dimension!r}, which its `when:` names",
            node.place,
            why=f"It runs over: {valid}." if valid else "It runs once, so it has no item to look at.",
            help=f"let it run over it, in `{self.entry.name}:`",
            fix=f"per: [{dimension}]",
        )  # fmt: skip

    def _unreadable(self, problem: SyntaxProblem) -> None:
        self._tell(
            "E236", f"`when:` cannot be read: {problem.message}", problem.place,
            why="A condition compares, with texts in quotes: `score.value >= 0.5 and $item.state != 'idle'`.",
            help=f"did you mean `{problem.meant}`?" if problem.meant else "write one comparison, or several "
            "joined by `and` and `or`",
            fix=problem.meant,
        )  # fmt: skip

    def _tell(
        self, code: str, message: str, place: Stretch | Span, *, why: str, help: str, fix: str = "",  # noqa: A002
    ) -> None:  # fmt: skip
        span = place if isinstance(place, Span) else self._span(place)
        self.findings.add(Diagnostic(code, message, span=span, why=why, help=help, fix=fix))

    def _text(self, place: Stretch) -> str:
        return self.when.value[place.start : place.end]

    def _span(self, place: Stretch) -> Span:
        """The place in the recipe, where the text stands there as it is; else the whole of it."""
        span = self.when.span
        quotes = span.end_column - span.column - len(self.when.value)
        if span.line != span.end_line or quotes not in {0, 2}:
            return span
        start = span.column + quotes // 2
        return Span(span.file, span.line, start + place.start, span.line, start + place.end)
