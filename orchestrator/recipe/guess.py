"""Which registered stage an entry most likely means, where it does not say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orchestrator.errors import did_you_mean
from orchestrator.text import Entry, Node


def likely_stage(name: str, parts: Mapping[str, Entry]) -> str:
    """The stage of a like name, else one that has all the params and inputs that the entry gives."""
    from orchestrator.stage.registry import BUILTIN_MODULES, Registry  # only for who errs

    spoken = name.rpartition(".")[2].replace("_", "-")
    near = did_you_mean(spoken, BUILTIN_MODULES)
    if near is not None:
        return near
    registry, wanted, ports = Registry(), set(_keys(parts, "with")), set(_keys(parts, "inputs"))
    for candidate in registry.names() if wanted or ports or "gather" in parts else ():
        spec = registry.find(candidate)
        if spec is None or not wanted <= set(spec.params.model_fields):
            continue
        gathers = any(port.gathered for port in spec.inputs)
        if ports <= {port.name for port in spec.inputs} and ("gather" not in parts or gathers):
            return candidate
    return "render"


def word_in(node: Node, otherwise: str) -> str:
    """The text that stands alone in a list, for somebody who put brackets round it."""
    if isinstance(node.value, tuple) and len(node.value) == 1 and isinstance(node.value[0].value, str):
        return node.value[0].value
    return otherwise


def _keys(parts: Mapping[str, Entry], key: str) -> Iterable[str]:
    value = parts[key].node.value if key in parts else None
    return value if isinstance(value, Mapping) else ()
