"""A class below `Frozen` behaves as a frozen dataclass with slots."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.frozen import Frozen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Generated:
    """As the standard library makes it."""

    kind: ClassVar[str] = "box"
    name: str
    size: int = 3
    tags: list[str] = field(default_factory=list[str])
    note: str = field(default="", compare=False, repr=False)


class Shared(Frozen):
    """The same below Frozen."""

    kind: ClassVar[str] = "box"
    name: str
    size: int = 3
    tags: list[str] = field(default_factory=list[str])
    note: str = field(default="", compare=False, repr=False)


class Holder(Frozen, Generic[T]):
    """One that fills a field itself."""

    members: tuple[T, ...]
    count: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", len(self.members))


class Empty(Frozen):
    """One without fields."""


class Labelled(Shared):
    """One that adds a field."""

    label: str = "none"


VALUES = st.one_of(st.text(max_size=3), st.integers(0, 3), st.lists(st.text(max_size=2), max_size=2))
CALLS = st.tuples(
    st.lists(VALUES, max_size=5),
    st.dictionaries(st.sampled_from(["name", "size", "tags", "note", "other"]), VALUES, max_size=4),
)


def outcome(make: Callable[[], Any]) -> object:
    try:
        return repr(make()).replace("Generated", "Shared")
    except TypeError:
        return TypeError


@given(CALLS)
def test_it_takes_what_a_dataclass_takes(call: tuple[list[Any], dict[str, Any]]) -> None:
    values, named = call
    assert outcome(lambda: Shared(*values, **named)) == outcome(lambda: Generated(*values, **named))


@given(CALLS, CALLS)
def test_it_is_equal_where_a_dataclass_is(one: Any, other: Any) -> None:
    try:
        generated = [Generated(*values, **named) for values, named in (one, other)]
    except TypeError:
        return
    shared = [Shared(*values, **named) for values, named in (one, other)]
    assert (shared[0] == shared[1]) == (generated[0] == generated[1])


def test_it_is_frozen_and_has_no_dictionary() -> None:
    shared: Any = Shared("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        shared.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del shared.name
    assert not hasattr(shared, "__dict__")
    assert shared != Generated("a")
    assert Empty() == Empty()
    assert hash(Holder((1,))) == hash(Holder((1,)))


def test_the_standard_library_takes_it_for_a_dataclass() -> None:
    shared = Shared("a", tags=["x"])
    assert dataclasses.replace(shared, size=4) == Shared("a", 4, ["x"])
    assert [part.name for part in dataclasses.fields(shared)] == ["name", "size", "tags", "note"]
    assert dataclasses.asdict(shared) == dataclasses.asdict(Generated("a", tags=["x"]))
    match shared:
        case Shared(name, size):
            assert (name, size) == ("a", 3)
    assert dataclasses.replace(Holder((1, 2)), members=("a",)).count == 1


@pytest.mark.parametrize("held", [Shared("a", 1, ["b"]), Holder((1, 2)), Empty(), Labelled("a", label="b")])
def test_it_travels(held: Frozen) -> None:
    assert pickle.loads(pickle.dumps(held)) == held  # noqa: S301 - our own bytes
    assert copy.deepcopy(held) == copy.copy(held) == held


def test_a_class_below_adds_its_fields() -> None:
    assert Labelled("a", 2, [], "note", "label").label == "label"
    assert Labelled("a") != Shared("a")
