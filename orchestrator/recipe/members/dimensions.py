"""`items:`: dimensions and where their members come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from orchestrator.errors import Findings
from orchestrator.errors.phrases import near
from orchestrator.recipe.findings import not_a_name, unknown_key
from orchestrator.recipe.members import findings as told
from orchestrator.recipe.members.records import SOURCES, Records
from orchestrator.recipe.model import VARIANT, Dimension, Record
from orchestrator.recipe.names import is_name, name_like
from orchestrator.recipe.reach import Reach
from orchestrator.recipe.unknown import is_broken
from orchestrator.text import Entry, Node, capped


def read_dimensions(entries: Mapping[str, Entry], reach: Reach) -> tuple[Dimension, ...]:
    """The dimensions in declared order, `variant` last; one that cannot be read has no members."""
    if len(entries) > reach.caps.dimensions:
        what, span = f"the recipe has {len(entries):,} dimensions", list(entries.values())[-1].key_span
        reach.findings.add(capped("dimensions", reach.caps.dimensions, what, span))
        return ()
    read = [
        each
        for name, entry in entries.items()
        if (each := _or_unknown(name, entry, reach)).name == name or each.name not in {"", *entries}
    ]
    return tuple(sorted(read, key=lambda dimension: dimension.name == VARIANT))


def _or_unknown(name: str, entry: Entry, reach: Reach) -> Dimension:
    before = len(reach.findings)
    read = _dimension(name, entry, reach)
    if read is None:
        return Dimension(name if is_name(name) else name_like(name), (), entry.key_span, whole=False)
    broken = len(reach.findings) > before or is_broken(entry.node, reach.findings)
    return replace(read, whole=False) if broken else read


def _dimension(name: str, entry: Entry, reach: Reach) -> Dimension | None:
    """One dimension, or None when its name or form is wrong; a broken record is left out."""
    if name == VARIANT:
        return _variants(entry, reach)
    if not is_name(name):
        not_a_name(reach.findings, "a dimension", name, entry.key_span)
        return None
    members = _members(name, entry.node, reach)
    if members is None:
        return None
    if not members:
        told.no_members(name, entry.node.span, reach.findings)
        return None
    return Dimension(name, Records(name, reach).read(members, entry.node.span), entry.key_span)


def _members(name: str, node: Node, reach: Reach) -> Sequence[Node] | None:
    """The members as they stand in the recipe or in a file; None where a finding says why there are none."""
    if isinstance(node.value, tuple):
        return node.value
    if isinstance(node.value, Mapping) and any(key in node.value for key in SOURCES):
        from orchestrator.recipe.members.tables import members_of

        return members_of(name, node, node.value, reach)
    _no_list(name, node, reach.findings)
    return None


def _variants(entry: Entry, reach: Reach) -> Dimension | None:
    count, most = entry.node.value, reach.caps.variants
    if isinstance(count, int) and count > most:
        what = f"`variant:` asks for {count:,} pictures of each item"
        reach.findings.add(capped("variants", most, what, entry.node.span, code="E116"))
        return None
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= most:
        told.no_number_of_variants(entry.node, most, reach.findings)
        return None
    records = (
        Record(str(number), {"id": str(number), "value": number}, entry.node.span)
        for number in range(1, count + 1)
    )
    return Dimension(VARIANT, tuple(records), entry.key_span)


def _no_list(name: str, node: Node, findings: Findings) -> None:
    if isinstance(node.value, Mapping):
        meant = [key for key in node.value if near(key, SOURCES)]
        if meant:
            unknown_key(findings, meant[0], node.value[meant[0]].key_span, f"`{name}`", SOURCES)
            return
    scalar = node.value is not None and not isinstance(node.value, Mapping)
    told.no_list(name, node, findings, scalar=scalar)
