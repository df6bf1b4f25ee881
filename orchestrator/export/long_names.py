"""Names of files that no file system takes, known before anything runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final

from orchestrator.errors import Diagnostic
from orchestrator.export.names import MAP, STAGE, Pattern
from orchestrator.export.planned import PlannedExport
from orchestrator.format import NUMBER
from orchestrator.frozen import Frozen
from orchestrator.graph import Graph
from orchestrator.recipe.findings import is_in_table
from orchestrator.recipe.members.findings import written
from orchestrator.recipe.model import Dimension, Record
from orchestrator.work import EVERYTHING, points

_LONGEST: Final = 255
"""Bytes that ext4 takes in a name; NTFS and APFS take as many letters."""
_FRAMES: Final = "0000"
_SHORTEST: Final = 16
_DIGEST: Final = 8
_MOST_TOLD: Final = 20


class _Name(Frozen):
    """A file name of a stage's items: `fixed` bytes, and the ids of `fields`, each as often as it stands."""

    stage: str
    fixed: int
    fields: tuple[str, ...]

    def bytes(self, ids: Mapping[str, int]) -> int:
        """How long it is with ids of so many bytes; a frame has as many as `_FRAMES`."""
        return self.fixed + sum(ids.get(name, len(_FRAMES)) for name in self.fields)


def long_names(graph: Graph, exports: Iterable[PlannedExport]) -> list[Diagnostic]:
    """E441 for each member whose id is among those that make a name too long."""
    told: dict[tuple[str, str], Diagnostic] = {}
    for name in (*_of_outputs(graph), *_of_exports(graph, exports)):
        for dimension, record, finding in _too_long(graph, name):
            told.setdefault((dimension, record), finding)
    return list(told.values())[:_MOST_TOLD]


def _of_outputs(graph: Graph) -> Iterator[_Name]:
    """What `run` writes: open ends, and what waits for a review."""
    for node in graph.nodes.values():
        if node.gives_files and (node.name in graph.handed_over or node.spec.gate):
            number = f"_{_FRAMES}" if node.name in graph.run_time.values() else ""
            fixed = len(".png" + number) + max(0, len(node.dimensions) - 1)
            yield _Name(node.name, fixed, node.dimensions)


def _of_exports(graph: Graph, exports: Iterable[PlannedExport]) -> Iterator[_Name]:
    """Each folder and file that a pattern names."""
    for plan in exports:
        for source in plan.sources:
            endings = plan.format.endings(graph.nodes[source.stage].spec.output)
            ending = max((len(each.replace(NUMBER, _FRAMES)) for each in endings), default=0)
            known = {MAP: source.map, STAGE: source.stage}
            *folders, last = source.pattern.text.split("/")
            for part, more in (*((folder, 0) for folder in folders), (last, ending)):
                fields = Pattern.of(part).fields
                bare = Pattern.of(part).filled({**dict.fromkeys(fields, ""), **known})
                varying = tuple(name for name in fields if name not in known)
                yield _Name(source.stage, len(bare.encode()) + more, varying)


def _too_long(graph: Graph, name: _Name) -> Iterator[tuple[str, str, Diagnostic]]:
    """Dimension, id and finding of each member that is to be called otherwise."""
    dimensions = [each for each in graph.recipe.dimensions if each.name in name.fields]
    longest = {each.name: max(map(_size, each.records), default=0) for each in dimensions}
    if name.bytes(longest) <= _LONGEST or (length := _longest_of_items(graph, name)) <= _LONGEST:
        return
    most = next((cap for cap in range(80, _SHORTEST, -1) if _fits(name, longest, cap)), _SHORTEST)
    for dimension in dimensions:
        shared = Counter(record.span for record in dimension.records)
        for record in dimension.records:
            if _size(record) > most:
                alone = shared[record.span] == 1
                finding = _finding(dimension, record, name, (length, most), alone=alone)
                yield dimension.name, record.id, finding


def _size(record: Record) -> int:
    return len(record.id.encode())


def _fits(name: _Name, longest: Mapping[str, int], cap: int) -> bool:
    return name.bytes({each: min(length, cap) for each, length in longest.items()}) <= _LONGEST


def _longest_of_items(graph: Graph, name: _Name) -> int:
    """Bytes of the longest name that an item really has: zipped members do not all meet."""
    ids = (dict(point) for point in points(graph, EVERYTHING))
    return max((name.bytes({key: len(id_.encode()) for key, id_ in each.items()}) for each in ids), default=0)


def _finding(
    dimension: Dimension, record: Record, name: _Name, sizes: tuple[int, int], *, alone: bool
) -> Diagnostic:
    length, most = sizes
    short = shortened(record.id, most)
    return Diagnostic(
        code="E441",
        message=f"the id of this member of `{dimension.name}` makes names of up to {length} bytes "
        f"for the files of `{name.stage}`",
        span=record.span,
        why=f"A name joins the ids of an item, and file systems take {_LONGEST} bytes.",
        help=f"give it an id of at most {most} bytes; its value stays whole"
        if alone
        else f"write its members out, each with an id of at most {most} bytes",
        fix=_pasted(record, short) if alone else "",
    )


def shortened(id_: str, most: int) -> str:
    """The id in at most so many bytes, its end a digest of the whole, so that no two become one."""
    if len(id_.encode()) <= most:
        return id_
    kept = id_.encode()[: most - _DIGEST - 1].decode("utf-8", "ignore").rstrip("-")
    return f"{kept}-{sha256(id_.encode()).hexdigest()[:_DIGEST]}"


def _pasted(record: Record, id_: str) -> str:
    if is_in_table(record.span):
        return id_
    if set(record.fields) <= {"id", "value"}:
        return f"{{id: {id_}, value: {written(record.fields.get('value', record.id))}}}"
    return f"id: {id_}"
