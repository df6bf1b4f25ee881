"""What a stage takes and gives; and `Many[T]`, one artifact of several members, counted once it is made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate
from typing import Any, ClassVar, Generic, Literal, Self, TypeAlias, TypeVar, cast

from orchestrator.stage.artifacts import Document, Picture
from orchestrator.stage.canonical import canonical_json, digest_of

M = TypeVar("M")


class Many(Generic[M]):
    """Members in their order, such as the frames of an animation; at least one.

    A stage declares `-> Many[Image]` and returns `Many(frames)`. `Gathered[Image]` ports take it whole;
    `each:` wires a plain port to its members.
    """

    stored_as: ClassVar[Literal["many"]] = "many"
    member_type: ClassVar[type[Artifact] | None] = None
    __slots__ = ("_body", "_ends", "_members")

    def __init__(self, members: Iterable[M]) -> None:
        self._members: tuple[M, ...] | None = tuple(members)
        self._body: bytes = b""
        self._ends: tuple[int, ...] = ()
        if not self._members:
            raise ValueError("Many needs at least one member")

    @property
    def members(self) -> tuple[M, ...]:
        """All of them."""
        return self._members if self._members is not None else tuple(self)

    @property
    def encoded_bytes(self) -> int | None:
        """Bytes of the encoded members where they are decoded as they are asked for, else None."""
        return None if self._members is not None else len(self._body)

    def __len__(self) -> int:
        return len(self._ends if self._members is None else self._members)

    def __iter__(self) -> Iterator[M]:
        return (self[at] for at in range(len(self)))

    def __getitem__(self, index: int) -> M:
        if self._members is not None:
            return self._members[index]
        end = self._ends[index]
        start = self._ends[index - 1] if index not in (0, -len(self._ends)) else 0
        return cast("M", cast("type[Artifact]", self.member_type).decode(self._body[start:end]))

    @property
    def member_digests(self) -> tuple[str, ...]:
        """The digests of the members."""
        return tuple(cast("Artifact", member).digest for member in self)

    @property
    def digest(self) -> str:
        """Digest of the members' digests, in order."""
        return digest_of(canonical_json(list(self.member_digests)))

    def map_members(self, change: Callable[[M], object]) -> Self:
        """The same class with each member changed; members that are not decoded stay so."""
        members = self._members
        return self if members is None else type(self)(cast("M", change(each)) for each in members)

    def encode(self) -> bytes:
        """A line of JSON with the lengths of the members, then their bytes."""
        parts = [cast("Artifact", member).encode() for member in self]
        return canonical_json([len(part) for part in parts]) + b"\n" + b"".join(parts)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """What `encode` wrote; only for a class of `many_of`. Each member is decoded when it is asked for.

        Raises:
            ValueError: the bytes are cut short.
        """
        if cls.member_type is None:
            raise TypeError("Many is decoded by the class that `many_of` gives")
        head, _, body = data.partition(b"\n")
        ends = tuple(accumulate(cast("list[int]", json.loads(head))))
        if not ends or ends[-1] != len(body):
            raise ValueError("its bytes are cut short")
        made = object.__new__(cls)
        made._members, made._body, made._ends = None, body, ends
        return made

    def __repr__(self) -> str:
        return f"Many of {len(self)}"


Artifact: TypeAlias = Document | Picture | Many[Any]
"""What a stage takes and gives."""


@cache
def many_of(member: type[Artifact]) -> type[Many[Artifact]]:
    """The one class of `Many` whose members are of this type; `Many[Image]` names it in annotations."""
    name = f"Many[{member.__name__}]"
    return type(name, (Many,), {"member_type": member, "__slots__": (), "__doc__": Many.__doc__})


def typed(many: Many[Artifact], declared: type[Many[Artifact]]) -> Many[Artifact] | None:
    """The same members as the declared class; None where one is of another type."""
    members = many.members
    fits = all(type(member) is declared.member_type for member in members)
    return declared(members) if fits else None


def is_many(kind: object) -> bool:
    """Whether a type is a class of `many_of`."""
    return isinstance(kind, type) and issubclass(kind, Many)


def member_type(kind: type[Artifact]) -> type[Artifact]:
    """T of `Many[T]`, and of T itself."""
    return cast("type[Artifact]", cast("type[Many[Artifact]]", kind).member_type) if is_many(kind) else kind
