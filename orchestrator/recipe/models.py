"""`models:`: roles, kinds and sources."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.errors import Findings, Span, unknown
from orchestrator.errors.edits import wrapped
from orchestrator.errors.phrases import listed, shown
from orchestrator.errors.unknown import NAME
from orchestrator.recipe.findings import not_a_name, out_of_brackets, wrong_kind
from orchestrator.recipe.model import ModelChoice
from orchestrator.recipe.names import is_name
from orchestrator.recipe.source import EMBEDDED, Source, source_of
from orchestrator.stage import KINDS, USUAL_ROLES
from orchestrator.text import Entry, Node


def read_models(entries: Mapping[str, Entry], findings: Findings) -> tuple[ModelChoice, ...]:
    """The declared roles; a broken one is left out."""
    read = (_choice(role, entry, findings) for role, entry in entries.items())
    return tuple(choice for choice in read if choice is not None)


def kind_and_source(text: str) -> tuple[str | None, str]:
    """`KIND:SOURCE` parted; no kind in `SOURCE` alone."""
    kind, colon, source = text.partition(":")
    return (kind, source) if colon and kind in KINDS else (None, text)


def check_kind(kind: str, span: Span, findings: Findings) -> bool:
    """Whether there is such a kind of model; what serves it is the backends' to say."""
    if kind in KINDS:
        return True
    found = unknown(
        "E120",
        f"`{shown(kind)}` is no kind of model",
        kind,
        span,
        KINDS,
        why=f"Kinds are {listed(tuple(KINDS))}.",
        pasted=f"{NAME}:",
        otherwise="write `diffusion` for what draws, `llm` for what writes",
    )
    findings.add(found)
    return False


def _choice(role: str, entry: Entry, findings: Findings) -> ModelChoice | None:
    node = entry.node
    named = is_name(role)
    if not named:
        not_a_name(findings, "a role", role, entry.key_span)
    if not isinstance(node.value, Mapping) or len(node.value) != 1:
        _no_pair(role, node, findings)
        return None
    ((kind, choice),) = node.value.items()
    known = check_kind(kind, choice.key_span, findings)
    source = _source(choice.node, role, findings)
    return (
        ModelChoice(role, kind, source, choice.node.span) if named and known and source is not None else None
    )


def _no_pair(role: str, node: Node, findings: Findings) -> None:
    usual = USUAL_ROLES.get(role, "diffusion")
    text = node.value if isinstance(node.value, str) else str(EMBEDDED)
    wrong_kind(
        findings,
        node,
        f"the role `{shown(role)}`",
        "one `{KIND: SOURCE}`",
        help=f"kinds are {listed(tuple(KINDS))}",
        fix=f"{shown(role)}: {{{usual}: {shown(text, 80)}}}",
        edits=wrapped(node.span, f"{{{usual}: ", "}") if role in USUAL_ROLES and text is node.value else (),
    )


def _source(node: Node, role: str, findings: Findings) -> Source | None:
    if isinstance(node.value, str) and node.value.strip():
        return source_of(node.value, node.span, findings)
    wrong_kind(
        findings,
        node,
        f"the source of the role `{shown(role)}`",
        "a text",
        help="`embedded`, a folder such as `models/sd-1-4/`, `huggingface:REPO@REVISION`, an endpoint's name",
        fix=str(EMBEDDED),
        edits=out_of_brackets(node),
    )
    return None
