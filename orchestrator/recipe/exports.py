"""`export:`: what is written where, and in which format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from orchestrator.errors.collector import Findings
from orchestrator.errors.phrases import near, shown
from orchestrator.recipe.findings import missing_key, not_a_name, unknown_key, wrong_kind
from orchestrator.recipe.model import ExportEntry
from orchestrator.recipe.names import is_name
from orchestrator.recipe.stage_keys import read_text
from orchestrator.text import Caps, Entry, Node, Text, capped

KEYS: Final = ("from", "to", "format", "name")
_FIX: Final = "export: [{from: render, to: build/icons, format: files}]"


def read_exports(entry: Entry | None, findings: Findings, caps: Caps) -> tuple[ExportEntry, ...]:
    """The entries in their order; which stages and formats exist is said where they are known."""
    if entry is None or entry.node.value is None:
        return ()
    if not isinstance(entry.node.value, tuple):
        wrong_kind(findings, entry.node, "`export:`", "a list of entries", fix=_FIX)
        return ()
    if len(entry.node.value) > caps.exports:
        what = f"`export:` has {len(entry.node.value):,} entries"
        findings.add(capped("exports", caps.exports, what, entry.key_span))
        return ()
    read = (_export(node, findings) for node in entry.node.value)
    return tuple(export for export in read if export is not None)


def _export(node: Node, findings: Findings) -> ExportEntry | None:
    if not isinstance(node.value, Mapping):
        fix = "{from: render, to: build/icons, format: files}"
        wrong_kind(findings, node, "an entry of `export:`", "a mapping", fix=fix)
        return None
    parts = node.value
    misspelt = _misspelt(parts, findings)
    sources = _sources(parts, node, misspelt, findings)
    to = _word(parts, node, "to", "the folder", "build/icons", misspelt, findings)
    format_ = _word(parts, node, "format", "the name of a format", "files", misspelt, findings)
    pattern = (
        read_text(parts["name"].node, "`name:` of an export", "a pattern", findings, fix='name: "{idea}"')
        if "name" in parts
        else None
    )
    if not sources or to is None or format_ is None:
        return None
    options = {key: entry for key, entry in parts.items() if key not in KEYS}
    return ExportEntry(sources, to, format_, pattern, options, node.span)


def _misspelt(parts: Mapping[str, Entry], findings: Findings) -> frozenset[str]:
    """The keys of every format that are missing because another key misspells them."""
    absent = [key for key in KEYS if key not in parts]
    found: set[str] = set()
    for key, entry in parts.items():
        if key not in KEYS and (meant := near(key, absent)) is not None:
            unknown_key(findings, key, entry.key_span, "an entry of `export:`", absent)
            found.add(meant)
    return frozenset(found)


def _word(
    parts: Mapping[str, Entry],
    node: Node,
    key: str,
    wanted: str,
    example: str,
    misspelt: frozenset[str],
    findings: Findings,
) -> Text | None:
    if key in parts:
        return read_text(parts[key].node, f"`{key}:` of an export", wanted, findings, fix=f"{key}: {example}")
    if key not in misspelt:
        missing_key(findings, key, "an entry of `export:`", node.span, fix=f"{key}: {example}")
    return None


def _sources(
    parts: Mapping[str, Entry], node: Node, misspelt: frozenset[str], findings: Findings
) -> Mapping[str, Text]:
    if "from" not in parts or not isinstance(parts["from"].node.value, Mapping):
        source = _word(parts, node, "from", "the name of a stage", "render", misspelt, findings)
        return {} if source is None else {"": source}
    texts: dict[str, Text] = {}
    maps = parts["from"].node.value
    if not maps:
        wanted, fix = "a stage, or several by map", "from: {albedo: render}"
        wrong_kind(findings, parts["from"].node, "`from:` of an export", wanted, fix=fix)
    for name, entry in maps.items():
        if not is_name(name):
            not_a_name(findings, "a map", name, entry.key_span)
        text = read_text(entry.node, f"the map `{shown(name)}`", "the name of a stage", findings)
        if text is not None:
            texts[name] = text
    return texts
