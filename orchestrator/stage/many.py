"""What a stage takes and gives; and `Many[T]`, one artifact of several members, counted once it is made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
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
    __slots__ = ("members",)

    def __init__(self, members: Iterable[M]) -> None:
        self.members: tuple[M, ...] = tuple(members)
        if not self.members:
            raise ValueError("Many needs at least one member")

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Iterator[M]:
        return iter(self.members)

    def __getitem__(self, index: int) -> M:
        return self.members[index]

    @property
    def member_digests(self) -> tuple[str, ...]:
        """The digests of the members."""
        return tuple(cast("Artifact", member).digest for member in self.members)

    @property
    def digest(self) -> str:
        """Digest of the members' digests, in order."""
        return digest_of(canonical_json(list(self.member_digests)))

    def encode(self) -> bytes:
        """A line of JSON with the lengths of the members, then their bytes."""
        parts = [cast("Artifact", member).encode() for member in self.members]
        return canonical_json([len(part) for part in parts]) + b"\n" + b"".join(parts)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """What `encode` wrote; only for a class of `many_of`.

        Raises:
            ValueError: the bytes are cut short.
        """
        if cls.member_type is None:
            raise TypeError("Many is decoded by the class that `many_of` gives")
        head, _, body = data.partition(b"\n")
        lengths = cast("list[int]", json.loads(head))
        if sum(lengths) != len(body):
            raise ValueError("its bytes are cut short")
        ends = [sum(lengths[: at + 1]) for at in range(len(lengths))]
        parts = (body[end - length : end] for end, length in zip(ends, lengths, strict=True))
        return cls(cast("M", cls.member_type.decode(part)) for part in parts)

    def __repr__(self) -> str:
        return f"Many of {len(self.members)}: {self.digest[:19]}"


Artifact: TypeAlias = Document | Picture | Many[Any]
"""What a stage takes and gives."""


@cache
def many_of(member: type[Artifact]) -> type[Many[Artifact]]:
    """The one class of `Many` whose members are of this type; `Many[Image]` names it in annotations."""
    name = f"Many[{member.__name__}]"
    return type(name, (Many,), {"member_type": member, "__slots__": (), "__doc__": Many.__doc__})


def typed(many: Many[Artifact], declared: type[Many[Artifact]]) -> Many[Artifact] | None:
    """The same members as the declared class; None where one is of another type."""
    fits = all(type(member) is declared.member_type for member in many.members)
    return declared(many.members) if fits else None


def is_many(kind: object) -> bool:
    """Whether a type is a class of `many_of`."""
    return isinstance(kind, type) and issubclass(kind, Many)


def member_type(kind: type[Artifact]) -> type[Artifact]:
    """T of `Many[T]`, and of T itself."""
    return cast("type[Artifact]", cast("type[Many[Artifact]]", kind).member_type) if is_many(kind) else kind
