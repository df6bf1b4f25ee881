"""Which items share a call. The size of a batch is the model's, never a matter of how many items wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from orchestrator.errors import ModelUnavailable
from orchestrator.graph import Graph, StageNode
from orchestrator.stage import CardRole, Model, Params, sizes_own_batches
from orchestrator.stage.canonical import canonical_json
from orchestrator.stage.params import role_class
from orchestrator.work import WorkItem, plain_params

_OF_A_WRITER = 8
_WITHOUT_A_MODEL = 64


def batch_limit(graph: Graph, node: StageNode, model: Callable[[str], Model]) -> int:
    """The most items that one call of a stage takes; 1 where the stage takes no batches.

    Where a model of its kind says itself what it prefers, it is loaded now; else its card says it.
    """
    if not node.spec.batch or any(port.gathered for port in node.spec.inputs):
        return 1
    loaded = [role for param, role in node.all_roles if _loads(node.spec.params, param)]
    return min((_limit(graph, role, model) for role in loaded), default=_WITHOUT_A_MODEL)


def batches(
    items: Iterable[tuple[str, WorkItem]], limit: int
) -> Iterator[tuple[tuple[str, WorkItem], ...]]:
    """(key, item) pairs in groups of equal params, each of at most `limit`, in the order of their first."""
    if limit == 1:
        yield from ((pair,) for pair in items)
        return
    groups: dict[bytes, list[tuple[str, WorkItem]]] = {}
    for key, item in items:
        groups.setdefault(canonical_json(plain_params(item.params)), []).append((key, item))
    for group in groups.values():
        for start in range(0, len(group), limit):
            yield tuple(group[start : start + limit])


def _loads(params: type[Params], param: str) -> bool:
    role = role_class(params.model_fields[param].annotation) if param in params.model_fields else None
    return role is not None and not issubclass(role, CardRole)


def _limit(graph: Graph, role: str, model: Callable[[str], Model]) -> int:
    description = graph.models[role]
    if not sizes_own_batches(description.kind):
        return description.card.batch_size
    try:
        size = getattr(model(role), "batch_size", _OF_A_WRITER)
    except ModelUnavailable:  # the call itself will say so for each of its items
        return _OF_A_WRITER
    return max(1, int(size))
