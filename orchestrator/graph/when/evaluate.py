"""A checked `when:` and what it comes to at an item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, cast

from orchestrator.frozen import Frozen
from orchestrator.graph.cells import as_number
from orchestrator.graph.when.syntax import Both, Comparison, Expression, Group, Literal, Not, Reference
from orchestrator.recipe.model import Recipe
from orchestrator.stage import Artifact, Params, Picture, Resource, Role
from orchestrator.text import Cell

_PICTURE: Final = ("width", "height", "mode")


class OfItem(Frozen):
    """A field of the item's record."""

    dimension: str
    field: str


class OfVariable(Frozen):
    """A variable's value."""

    value: object


class OfParams(Frozen):
    """A param, and fields within it."""

    path: tuple[str, ...]


class OfPort(Frozen):
    """A field of what a port is given."""

    port: str
    path: tuple[str, ...]


Meaning: TypeAlias = OfItem | OfVariable | OfParams | OfPort


class NotThere(LookupError):  # noqa: N818 - it says what a condition asked for
    """A field that is not there at an item."""


class CheckedCondition(Frozen):
    """Keeps Condition of the model: its text, the ports that it reads, and whether it holds."""

    text: str
    tree: Expression
    meanings: Mapping[str, Meaning]
    recipe: Recipe

    @property
    def ports(self) -> frozenset[str]:
        """Inputs of the stage whose fields it reads."""
        return frozenset(each.port for each in self.meanings.values() if isinstance(each, OfPort))

    def holds(
        self, item: Mapping[str, str], params: Params, inputs: Mapping[str, Artifact | None]
    ) -> bool:
        """Whether the stage runs at an item; NotThere where a field of an input is missing."""

        def look(name: str) -> object:
            meaning = self.meanings[name]
            if isinstance(meaning, OfItem):
                dimension = self.recipe.dimension(meaning.dimension)
                record = dimension.record(item[meaning.dimension]) if dimension else None
                return record.fields[meaning.field] if record else None
            if isinstance(meaning, OfVariable):
                return meaning.value
            if isinstance(meaning, OfParams):
                return _within(params, meaning.path, f"params.{'.'.join(meaning.path)}")
            return _within(inputs[meaning.port], meaning.path, name)

        return bool(_value(self.tree, look))


def _value(node: Expression, look: Callable[[str], object]) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Reference):
        return look(node.name)
    if isinstance(node, Group):
        return [_value(member, look) for member in node.members]
    if isinstance(node, Not):
        return not _truth(_value(node.part, look))
    if isinstance(node, Both):
        found = (_truth(_value(part, look)) for part in node.parts)
        return all(found) if node.word == "and" else any(found)
    return _compared(_value(node.left, look), node, _value(node.right, look))


def _compared(left: object, node: Comparison, right: object) -> bool:
    if node.sign in {"in", "not in"}:
        members = cast("list[object] | tuple[object, ...]", right) if isinstance(right, (list, tuple)) else ()
        return any(_equal(left, member) for member in members) == (node.sign == "in")
    if node.sign in {"==", "!="}:
        return _equal(left, right) == (node.sign == "==")
    one, other = _alike(left, right)
    return _is_number(one) and _is_number(other) and _ORDERS[node.sign](one, other)


_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _equal(left: object, right: object) -> bool:
    one, other = _alike(left, right)
    if isinstance(one, bool) != isinstance(other, bool):  # 1 is no truth value
        return False
    return one == other


def _alike(left: object, right: object) -> tuple[object, object]:
    """Both sides; a cell of a table as what the other side is."""
    if isinstance(left, Cell) and isinstance(right, Cell):
        one, other = as_number(str(left)), as_number(str(right))
        return (one, other) if one is not None and other is not None else (str(left), str(right))
    return like(left, right), like(right, left)


def like(value: object, other: object) -> object:
    """A cell as a value of the other's type; None where it is none."""
    if not isinstance(value, Cell):
        return value
    if isinstance(other, bool):
        return {"true": True, "false": False}.get(str(value))
    if isinstance(other, (int, float)):
        return as_number(str(value))
    return str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _truth(value: object) -> bool:
    return like(value, True) is True  # noqa: FBT003 - the other side


def _within(value: object, path: tuple[str, ...], shown: str) -> object:
    for name in path:
        if value is None:
            return None
        if isinstance(value, Picture) and name in _PICTURE:
            width, height = value.size
            value = {"width": width, "height": height, "mode": value.mode}[name]
        elif isinstance(value, Mapping):
            members = cast("Mapping[str, object]", value)
            if name not in members:
                raise NotThere(f"`{shown}` has no {name!r} here; it has: {', '.join(members) or 'nothing'}")
            value = members[name]
        else:
            value = cast("object", getattr(value, name))
    if isinstance(value, (Role, Resource)):
        return cast("Any", value).name
    return value
