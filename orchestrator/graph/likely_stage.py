"""Which registered stage an entry most likely means, where it does not say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orchestrator.errors import did_you_mean
from orchestrator.stage.registry import Registry
from orchestrator.text import Entry


def likely_stage(registry: Registry, name: str, parts: Mapping[str, Entry]) -> str:
    """The stage of a like name, else one that has all the params and inputs that the entry gives."""
    spoken = name.rpartition(".")[2].replace("_", "-")
    near = did_you_mean(spoken, registry.names())
    if near is not None:
        return near
    wanted, ports = set(_keys(parts, "with")), set(_keys(parts, "inputs"))
    for candidate in registry.names() if wanted or ports or "gather" in parts else ():
        spec = registry.find(candidate)
        if spec is None or not wanted <= set(spec.params.model_fields):
            continue
        gathers = any(port.gathered for port in spec.inputs)
        if ports <= {port.name for port in spec.inputs} and ("gather" not in parts or gathers):
            return candidate
    return "render"


def _keys(parts: Mapping[str, Entry], key: str) -> Iterable[str]:
    value = parts[key].node.value if key in parts else None
    return value if isinstance(value, Mapping) else ()
