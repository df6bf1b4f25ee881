"""`stages:`: what is used, and with which keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from orchestrator.errors import Findings, Span
from orchestrator.errors.edits import wrapped
from orchestrator.errors.phrases import listed, near, shown
from orchestrator.frozen import Frozen
from orchestrator.recipe.findings import (
    missing_key,
    not_a_name,
    out_of_brackets,
    unknown_key,
    wrong_kind,
)
from orchestrator.recipe.model import StageEntry
from orchestrator.recipe.names import RESERVED_STAGE_NAMES, is_name
from orchestrator.recipe.reach import Guess, Reach
from orchestrator.recipe.stage_keys import (
    places_of_words,
    read_dimension_names,
    read_each,
    read_inputs,
    read_params,
    read_text,
    read_when,
    word_in,
)
from orchestrator.recipe.unknown import as_meant, is_broken
from orchestrator.text import Entry, Text, capped

KEYS: Final = ("use", "with", "inputs", "gather", "per", "each", "when", "seed_by")
INCLUDE: Final = "include"
INCLUDE_KEYS: Final = (INCLUDE, "with", "inputs")


class Include(Frozen):
    """An entry of `stages:` that takes in the stages of another recipe."""

    name: str
    name_span: Span
    source: Text
    params: Mapping[str, Entry]
    inputs: Mapping[str, Text]
    span: Span
    unknown: frozenset[str] = frozenset()


def read_stages(entries: Mapping[str, Entry], reach: Reach) -> tuple[StageEntry | Include, ...]:
    """The stages in their order; one that cannot be read stands at its place with no `use`."""
    return tuple(_stage(name, entry, reach) for name, entry in entries.items())


def unread_stage(name: str, name_span: Span, span: Span) -> StageEntry:
    """In place of an entry that cannot be read: it may take and give anything."""
    return StageEntry(name, name_span, Text("", name_span), {}, {}, None, span)


def refuse_too_many_stages(stages: Sequence[StageEntry], reach: Reach) -> None:
    """E106 where a recipe has more stages than the cap, those of its includes counted."""
    if len(stages) > reach.caps.stages:
        what = f"the recipe has {len(stages):,} stages, those of its includes counted"
        reach.findings.add(capped("stages", reach.caps.stages, what, stages[-1].name_span))


def _stage(name: str, entry: Entry, reach: Reach) -> StageEntry | Include:
    findings = reach.findings
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
            edits=wrapped(entry.node.span, "{use: ", "}") if bare is entry.node.value else (),
        )
        return unread_stage(name, entry.key_span, entry.node.span)
    parts = as_meant(entry.node.value, _meant)
    if INCLUDE in parts:
        return _include(name, entry, entry.node.value, findings)
    _check_keys(name, entry.node.value, findings)
    return StageEntry(
        name=name,
        name_span=entry.key_span,
        use=_use(name, entry.key_span, parts, findings, reach.guess) or Text("", entry.key_span),
        params=read_params(name, parts, findings),
        inputs=read_inputs(name, parts, findings),
        gather=read_dimension_names(name, "gather", parts, findings),
        span=entry.node.span,
        per=read_dimension_names(name, "per", parts, findings) or (),
        each=read_each(name, parts, findings),
        places=places_of_words(parts),
        when=read_when(name, parts, findings),
        seed_by=read_dimension_names(name, "seed_by", parts, findings),
        unknown=_unknown_keys(parts, findings),
    )


def _unknown_keys(parts: Mapping[str, Entry], findings: Findings) -> frozenset[str]:
    """The keys that read wrong, of `with:` its params; a key that means nothing may have been a param."""
    if not len(findings):
        return frozenset()
    broken = {key for key in parts if key in KEYS and is_broken(parts[key].node, findings)}
    broken |= {"with"} if any(key not in KEYS for key in parts) else set[str]()
    params = parts["with"].node.value if "with" in parts else None
    if isinstance(params, Mapping) and all(key in KEYS for key in parts):
        broken.discard("with")
        broken |= {f"with.{name}" for name, param in params.items() if is_broken(param.node, findings)}
    return frozenset(broken)


def _meant(key: str, entry: Entry) -> str | None:
    """The key that a misspelt one is told to be."""
    return None if key in KEYS or key == INCLUDE else near(key, _fitting(entry.node.value))


def _include(
    name: str, entry: Entry, written: Mapping[str, Entry], findings: Findings
) -> Include | StageEntry:
    for key, each in written.items():
        if key not in INCLUDE_KEYS:
            unknown_key(findings, key, each.key_span, f"the include `{shown(name)}`", INCLUDE_KEYS)
    parts = as_meant(written, lambda key, _: None if key in INCLUDE_KEYS else near(key, INCLUDE_KEYS))
    place = f"`include:` of `{shown(name)}`"
    wanted, node = "a file or the name of a ready recipe", parts[INCLUDE].node
    source = read_text(node, place, wanted, findings, fix="include: item-icons")
    params, inputs = read_params(name, parts, findings), read_inputs(name, parts, findings)
    if source is None or not is_name(name):
        return unread_stage(name, entry.key_span, entry.node.span)
    unknown = _unknown_keys({key: each for key, each in parts.items() if key != INCLUDE}, findings)
    return Include(name, entry.key_span, source, params, inputs, entry.node.span, unknown)


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
        if key not in KEYS:
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
            return ("use", "when", INCLUDE)
        case Mapping():
            return ("with", "inputs", "each")
        case tuple():
            return ("gather", "per", "seed_by")
        case None:
            return KEYS
        case _:
            return ()


def _use(
    name: str, span: Span, parts: Mapping[str, Entry], findings: Findings, guess: Guess
) -> Text | None:
    if "use" not in parts:
        if not any(near(key, ["use", INCLUDE]) for key in parts if key not in KEYS):
            why = "It says which registered stage does the work; `orchestrator stages` lists them."
            fix = f"use: {guess(name, parts)}"
            missing_key(findings, "use", f"the stage `{shown(name)}`", span, why=why, fix=fix)
        return None
    node, place = parts["use"].node, f"`use:` of the stage `{shown(name)}`"
    if isinstance(node.value, str) and node.value.strip():
        return Text(node.value.strip(), node.span)
    meant = shown(word_in(node, guess(name, parts)))
    help_, edits = f"did you mean `{meant}`?", out_of_brackets(node)
    wrong_kind(findings, node, place, "the name of a stage", help=help_, fix=meant, edits=edits)
    alone = word_in(node, "")
    return Text(alone, node.span) if alone else None
