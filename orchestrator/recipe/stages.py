"""`stages:`: what is used, with which params, inputs and gathered dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from orchestrator.errors import Span
from orchestrator.recipe.findings import (
    Findings,
    listed,
    missing_key,
    near,
    not_yet,
    shown,
    unknown_key,
    wrong_kind,
)
from orchestrator.recipe.items import not_a_name
from orchestrator.recipe.model import Entry, Node, StageEntry, Text
from orchestrator.recipe.names import RESERVED_STAGE_NAMES, is_name

KEYS: Final = ("use", "with", "inputs", "gather")
KEYS_TO_COME: Final = ("per", "each", "when", "seed_by", "include")


def read_stages(entries: Mapping[str, Entry], findings: Findings) -> tuple[StageEntry, ...]:
    """The stages in their order; one without `use:` is left out."""
    read = (_stage(name, entry, findings) for name, entry in entries.items())
    return tuple(stage for stage in read if stage is not None)


def _stage(name: str, entry: Entry, findings: Findings) -> StageEntry | None:
    _check_name(name, entry.key_span, findings)
    if not isinstance(entry.node.value, Mapping):
        bare = entry.node.value if isinstance(entry.node.value, str) else name
        wrong_kind(
            findings,
            entry.node,
            f"the stage `{shown(name)}`",
            "a mapping",
            help="say which stage it uses",
            fix=f"{shown(name)}: {{use: {shown(bare)}}}",
        )
        return None
    parts = entry.node.value
    _check_keys(name, parts, findings)
    use = _use(name, entry.key_span, parts, findings)
    params, inputs = _params(name, parts, findings), _inputs(name, parts, findings)
    gather = _gather(name, parts, findings)
    if use is None:
        return None
    return StageEntry(name, entry.key_span, use, params, inputs, gather, entry.node.span)


def _check_name(name: str, span: Span, findings: Findings) -> None:
    if not is_name(name):
        not_a_name(findings, "a stage", name, span)
    elif name in RESERVED_STAGE_NAMES:
        findings.error(
            "E115",
            f"`{name}` cannot be the name of a stage",
            span,
            why=f"Paths that begin with `{name}.` mean something else, as in `--set models.painter=…`.",
            help="choose another name",
            fix=f"{name}_stage",
        )


def _check_keys(name: str, parts: Mapping[str, Entry], findings: Findings) -> None:
    for key, entry in parts.items():
        if key in KEYS_TO_COME and not (key == "include" and near(key, KEYS)):
            not_yet(findings, f"`{key}:` of a stage", entry.key_span)
        elif key not in KEYS:
            _unknown(findings, name, key, entry)


def _unknown(findings: Findings, name: str, key: str, entry: Entry) -> None:
    """A key that resembles none with such a value is taken for a param at the wrong place."""
    place = f"the stage `{shown(name)}`"
    value = entry.node.value
    if near(key, fitting := _fitting(value)) is not None:
        unknown_key(findings, key, entry.key_span, place, fitting)
        return
    scalar = str(value).lower() if isinstance(value, bool) else shown(value)
    written = "VALUE" if value is None or isinstance(value, (tuple, Mapping)) else scalar
    findings.error(
        "E111",
        f"unknown key `{shown(key)}` in {place}",
        entry.key_span,
        why=f"Keys of a stage: {listed(KEYS)}.",
        help="a param stands inside `with:`",
        fix=f"with: {{{shown(key)}: {written}}}",
    )


def _fitting(value: object) -> tuple[str, ...]:
    """The keys that may have such a value."""
    match value:
        case str():
            return ("use",)
        case Mapping():
            return ("with", "inputs")
        case tuple():
            return ("gather",)
        case None:
            return KEYS
        case _:
            return ()


def _use(name: str, span: Span, parts: Mapping[str, Entry], findings: Findings) -> Text | None:
    if "use" not in parts:
        if not any(near(key, ["use"]) or key == "include" for key in parts if key not in KEYS):
            why = "It says which registered stage does the work; `orchestrator stages` lists them."
            missing_key(findings, "use", f"the stage `{shown(name)}`", span, why=why, fix="use: render")
        return None
    return _text(parts["use"].node, f"`use:` of the stage `{shown(name)}`", "the name of a stage", findings)


def _params(name: str, parts: Mapping[str, Entry], findings: Findings) -> Mapping[str, Entry]:
    """The params as they stand; which of them exist is the graph's to say."""
    if "with" not in parts:
        return {}
    node = parts["with"].node
    if isinstance(node.value, Mapping):
        return node.value
    if node.value is not None:
        place = f"`with:` of the stage `{shown(name)}`"
        wrong_kind(findings, node, place, "a mapping of params", fix="with: {PARAM: VALUE}")
    return {}


def _inputs(name: str, parts: Mapping[str, Entry], findings: Findings) -> Mapping[str, Text]:
    if "inputs" not in parts:
        return {}
    node = parts["inputs"].node
    if not isinstance(node.value, Mapping):
        bare = node.value if isinstance(node.value, str) else "STAGE"
        place = f"`inputs:` of the stage `{shown(name)}`"
        wrong_kind(
            findings, node, place, "a mapping of inputs to stages", fix=f"inputs: {{image: {shown(bare)}}}"
        )
        return {}
    texts = {
        port: _text(entry.node, f"the input `{shown(port)}`", "the name of a stage above", findings)
        for port, entry in node.value.items()
    }
    return {port: text for port, text in texts.items() if text is not None}


def _gather(name: str, parts: Mapping[str, Entry], findings: Findings) -> tuple[Text, ...] | None:
    if "gather" not in parts:
        return None
    node = parts["gather"].node
    if not isinstance(node.value, tuple):
        bare = node.value if isinstance(node.value, str) else "idea"
        place = f"`gather:` of the stage `{shown(name)}`"
        wrong_kind(findings, node, place, "a list of dimensions", fix=f"gather: [{shown(bare)}]")
        return None
    texts = (
        _text(member, "a member of `gather:`", "the name of a dimension", findings) for member in node.value
    )
    return tuple(dict.fromkeys(text for text in texts if text is not None))


def _text(node: Node, place: str, wanted: str, findings: Findings) -> Text | None:
    if isinstance(node.value, str) and node.value.strip():
        return Text(node.value.strip(), node.span)
    wrong_kind(findings, node, place, wanted)
    return None
