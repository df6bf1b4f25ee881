"""Which points of the dimensions are items: their product, zipped ones in step, less what is excluded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from orchestrator.recipe.model import Dimension, Exclusion, Recipe

Point: TypeAlias = tuple[tuple[str, str], ...]
"""(dimension, id) pairs in declared order."""
_SPELLED_OUT = 4096


class Axis:
    """A factor of the product: a dimension, or several that go in step."""

    __slots__ = ("_places", "dimensions")

    def __init__(self, dimensions: tuple[Dimension, ...]) -> None:
        self.dimensions = dimensions
        self._places: dict[str, dict[str, int]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Its dimensions."""
        return tuple(dimension.name for dimension in self.dimensions)

    def __len__(self) -> int:
        return min(len(dimension.records) for dimension in self.dimensions)

    def entry(self, place: int) -> Point:
        """The ids at a place, one for each dimension."""
        return tuple((each.name, each.records[place].id) for each in self.dimensions)

    def place(self, name: str, record: str) -> int | None:
        """Where an id stands; the others of the axis are there too."""
        if name not in self._places:
            (dimension,) = (each for each in self.dimensions if each.name == name)
            self._places[name] = {each.id: place for place, each in enumerate(dimension.records)}
        place = self._places[name].get(record)
        return place if place is not None and place < len(self) else None

    def entries(self, only: Mapping[str, Collection[str]]) -> Iterator[Point]:
        """The entries whose ids are among those named, in order."""
        named = [name for name in self.names if name in only]
        for place in range(len(self)):
            entry = self.entry(place)
            if not named or all(record in only[name] for name, record in entry if name in only):
                yield entry

    def agreeing(self, fixed: Mapping[str, str]) -> Iterator[Point]:
        """The entries that have these ids where they have the dimension: all, one, or none."""
        named = [name for name in self.names if name in fixed]
        if not named:
            yield from self.entries({})
            return
        place = self.place(named[0], fixed[named[0]])
        if place is not None:
            entry = self.entry(place)
            if all(fixed.get(name, record) == record for name, record in entry):
                yield entry


class Lattice:
    """The points of a recipe; everything here is a stream."""

    def __init__(self, recipe: Recipe) -> None:
        self.names = tuple(dimension.name for dimension in recipe.dimensions)
        self.axes = tuple(Axis(group) for group in recipe.axes())
        self._in_order: Callable[[Iterable[tuple[str, str]]], Point] = (
            tuple if len(self.axes) == len(self.names) else self._sorted
        )
        self._distinct: dict[tuple[str, frozenset[str]], tuple[str, ...]] = {}
        self._excluded = _Exclusions(recipe.exclude) if recipe.exclude else None

    def points(self, only: Mapping[str, Collection[str]]) -> Iterator[Point]:
        """The points whose ids are among those named, in declared order, one at a time."""
        entries = [tuple(axis.entries(only)) for axis in self.axes]
        found = (
            self._in_order(itertools.chain.from_iterable(point)) for point in itertools.product(*entries)
        )
        excluded = self._excluded
        return found if excluded is None else (point for point in found if not excluded.holds(dict(point)))

    def members(self, names: Collection[str], fixed: Mapping[str, str]) -> Iterator[Point]:
        """The combinations of ids of `names` that some point has together with the `fixed` ids, in order."""
        touched = [axis for axis in self.axes if any(name in names or name in fixed for name in axis.names)]
        for point in itertools.product(*(tuple(axis.agreeing(fixed)) for axis in touched)):
            at = dict(itertools.chain.from_iterable(point))
            if self.has(at):
                yield self._in_order((name, at[name]) for name in at if name in names)

    def distinct(self, name: str, fields: frozenset[str]) -> tuple[str, ...]:
        """Ids of members that differ in some of these fields, each the first; found once for all stages."""
        if (name, fields) not in self._distinct:
            dimension = next(each for axis in self.axes for each in axis.dimensions if each.name == name)
            first: dict[tuple[tuple[type, str], ...], str] = {}
            for record in dimension.records:
                values = (record.fields.get(field) for field in sorted(fields))
                key = tuple((type(value), repr(value)) for value in values)
                if key not in first and self.has({name: record.id}):
                    first[key] = record.id
            self._distinct[name, fields] = tuple(first.values())
        return self._distinct[name, fields]

    def has(self, at: Mapping[str, str]) -> bool:
        """Whether some point extends these ids; those of an axis must be in step."""
        if self._excluded is None:
            return True
        free = [
            axis
            for axis in self.axes
            if self._excluded.names.intersection(axis.names) and not any(name in at for name in axis.names)
        ]
        return any(
            not self._excluded.holds({**at, **dict(itertools.chain.from_iterable(rest))})
            for rest in itertools.product(*(axis.entries({}) for axis in free))
        )

    def count(self, names: Collection[str], only: Mapping[str, Collection[str]]) -> int | None:
        """How many combinations of ids of `names` there are; None where only walking the points tells it."""
        if self._excluded is not None:
            return None
        sizes = [
            sum(1 for _ in axis.entries(only)) if any(name in only for name in axis.names) else len(axis)
            for axis in self.axes
        ]
        touched = (any(name in names for name in axis.names) for axis in self.axes)
        return math.prod(itertools.compress(sizes, touched)) if all(sizes) else 0

    def _sorted(self, pairs: Iterable[tuple[str, str]]) -> Point:
        at = dict(pairs)
        return tuple((name, at[name]) for name in self.names if name in at)


class _Exclusions:
    """Exclusions by the dimensions that they name, so that a point is looked up and not searched."""

    def __init__(self, exclusions: Sequence[Exclusion]) -> None:
        self._by_names: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        self._wide: list[tuple[tuple[str, ...], list[frozenset[str]]]] = []
        for exclusion in exclusions:
            names = tuple(sorted(exclusion.ids))
            ids = [frozenset(text.value for text in exclusion.ids[name]) for name in names]
            if math.prod(map(len, ids)) <= _SPELLED_OUT:
                self._by_names.setdefault(names, set()).update(itertools.product(*ids))
            else:
                self._wide.append((names, ids))
        self.names = frozenset(name for exclusion in exclusions for name in exclusion.ids)

    def holds(self, at: Mapping[str, str]) -> bool:
        """Whether a point is excluded."""
        return any(
            tuple(at.get(name, "") for name in names) in excluded
            for names, excluded in self._by_names.items()
        ) or any(
            all(at.get(name, "") in allowed for name, allowed in zip(names, ids, strict=True))
            for names, ids in self._wide
        )
