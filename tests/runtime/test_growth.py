"""A `Many[T]` that does not fit into memory is read once, not once for each member."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from orchestrator.runtime import inputs
from orchestrator.stage import Many, Score
from orchestrator.stage.many import many_of
from orchestrator.store import Store
from tests.runtime.test_many import a_graph
from tests.runtime.workshop import run


@pytest.mark.parametrize("kept", [0, 64 * 1024 * 1024])
def test_a_many_is_read_once_and_not_once_for_each_member(
    store: Store, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(inputs, "_KEPT_BYTES", kept)
    graph, read = a_graph("a" * 40), Counter[str]()
    plain = store.read

    def counted(key: str, digest: str, expected: type | None = None) -> object:
        read[expected.__name__ if expected else ""] += 1
        return plain(key, digest, expected)

    monkeypatch.setattr(store, "read", counted)
    results = run(graph, store)
    assert (results.counts["failed"], results.counts["skipped"]) == (0, 0)
    assert read["Many[Image]"] <= 3


def test_members_of_many_records_take_time_with_their_number() -> None:
    kind = many_of(Score)
    data = kind(Score(value=float(at)) for at in range(20_000)).encode()
    started = time.process_time()
    many = kind.decode(data)
    assert (len(many), many[19_999], many[-1].value) == (20_000, Score(value=19_999.0), 19_999.0)  # type: ignore[attr-defined]
    assert time.process_time() - started < 1


def test_what_is_not_decoded_is_the_same() -> None:
    kind = many_of(Score)
    made = kind(Score(value=float(at)) for at in range(3))
    read = kind.decode(made.encode())
    assert (list(read), read.members, read.digest) == (list(made), made.members, made.digest)
    assert read.encode() == made.encode()
    with pytest.raises(IndexError):
        read[3]
    with pytest.raises(ValueError, match="cut short"):
        kind.decode(made.encode()[:-1])
    with pytest.raises(ValueError, match="at least one"):
        Many([])
