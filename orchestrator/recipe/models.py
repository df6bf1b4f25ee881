"""`models:`: roles, kinds and sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from orchestrator.errors import Span
from orchestrator.errors.collector import Findings
from orchestrator.errors.phrases import listed, near, shown
from orchestrator.recipe.findings import not_a_name, not_yet, wrong_kind
from orchestrator.recipe.model import ModelChoice
from orchestrator.recipe.names import is_name
from orchestrator.text import Entry, Node

KINDS: Final = ("llm", "diffusion", "clip")
KINDS_TO_COME: Final = ("gan", "segmenter")
EMBEDDED: Final = "embedded"
USUAL_ROLES: Final = {"writer": "llm", "painter": "diffusion", "judge": "clip"}
"""The kind of a role that a recipe does not declare, by its usual name."""

_HUB: Final = "huggingface:"
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_REVISION: Final = re.compile(r"[\w./-]+", re.ASCII)
_BARE_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+@[\w./-]+", re.ASCII)
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")


def read_models(entries: Mapping[str, Entry], findings: Findings) -> tuple[ModelChoice, ...]:
    """The declared roles; a broken one is left out."""
    read = (_choice(role, entry, findings) for role, entry in entries.items())
    return tuple(choice for choice in read if choice is not None)


def source_of(text: str, span: Span, findings: Findings) -> str | None:  # noqa: PLR0911 - a form a return
    """A source as a recipe may name it: `embedded`, a folder, `huggingface:REPO@REVISION`."""
    source = text.strip()
    if source == EMBEDDED:
        return source
    if source.startswith(_HUB) or source.partition(":")[0] in {"hf", "hub", "huggingface"}:
        return _hub(source.partition(":")[2], span, findings)
    if "\\" in source:
        _backslashes(source, span, findings)
        return None
    if "://" in source:
        _no_source(source, span, findings)
        return None
    if _BARE_REPOSITORY.fullmatch(source):
        _no_prefix(source, span, findings)
        return None
    if source.startswith("~") and not source.startswith("~/"):
        _other_home(source, span, findings)
        return None
    if "/" in source:
        return source
    _bare_word(source, span, findings)
    return None


def kind_and_source(text: str) -> tuple[str | None, str]:
    """`KIND:SOURCE` parted; no kind in `SOURCE` alone."""
    kind, colon, source = text.partition(":")
    return (kind, source) if colon and kind in (*KINDS, *KINDS_TO_COME) else (None, text)


def check_kind(kind: str, span: Span, findings: Findings) -> bool:
    """Whether a kind is one that runs."""
    if kind in KINDS:
        return True
    if kind in KINDS_TO_COME:
        not_yet(findings, f"the kind of model `{kind}`", span)
        return False
    meant = near(kind, KINDS)
    findings.error(
        "E120",
        f"`{shown(kind)}` is no kind of model",
        span,
        why=f"Kinds are {listed(KINDS)}.",
        help=f"did you mean `{meant}`?"
        if meant
        else "write `diffusion` for what draws, `llm` for what writes",
        fix=f"{meant}:" if meant else "",
    )
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
    text = node.value if isinstance(node.value, str) else EMBEDDED
    wrong_kind(
        findings,
        node,
        f"the role `{shown(role)}`",
        "one `{KIND: SOURCE}`",
        help=f"kinds are {listed(KINDS)}",
        fix=f"{shown(role)}: {{{usual}: {shown(text, 80)}}}",
    )


def _source(node: Node, role: str, findings: Findings) -> str | None:
    if isinstance(node.value, str) and node.value.strip():
        return source_of(node.value, node.span, findings)
    wrong_kind(
        findings,
        node,
        f"the source of the role `{shown(role)}`",
        "a text",
        help="`embedded`, a folder such as `models/sd-1-4/`, or `huggingface:REPO@REVISION`",
        fix=EMBEDDED,
    )
    return None


def _hub(name: str, span: Span, findings: Findings) -> str | None:
    repository, at, revision = name.partition("@")
    if not _REPOSITORY.fullmatch(repository):
        findings.error(
            "E122",
            f"`{shown(_HUB + name, 80)}` names no repository",
            span,
            why="A repository of the hub is OWNER/NAME.",
            help="copy it from the model's page",
            fix=f"{_HUB}CompVis/stable-diffusion-v1-4@133a221b8aa7292a167afc5127cb63fb5005638b",
        )
        return None
    if not at or not _REVISION.fullmatch(revision):
        findings.error(
            "E121",
            f"`{shown(repository, 80)}` is named without a revision",
            span,
            why="A branch of the hub changes unseen, so the same recipe would draw other pictures.",
            help="add the commit, which the model's page shows under Files, History",
            fix=f"{_HUB}{shown(repository, 120)}@COMMIT",
        )
        return None
    return f"{_HUB}{repository}@{revision}"


def _backslashes(source: str, span: Span, findings: Findings) -> None:
    findings.error(
        "E122",
        f"`{shown(source, 80)}` is written with backslashes",
        span,
        why="A recipe is shared between systems, and `/` is read by all of them.",
        help="write the folder with `/`",
        fix=shown(source.replace("\\", "/"), 200),
    )


def _other_home(source: str, span: Span, findings: Findings) -> None:
    findings.error(
        "E122",
        f"`{shown(source, 80)}` names somebody's home folder",
        span,
        why="`~/` is the folder of whoever runs the recipe; another's differs from machine to machine.",
        help="write the folder from the recipe's own, or after `~/`",
        fix=f"~/{shown(source[1:].lstrip('./'), 200)}",
    )


def _no_source(source: str, span: Span, findings: Findings) -> None:
    findings.error(
        "E122",
        f"`{shown(source, 80)}` is an address, not a source",
        span,
        why="Models come from the package, from a folder, or from the hub at a pinned revision; "
        "a recipe cannot make the machine call an address.",
        help="write `huggingface:REPO@REVISION`, or download the model into a folder and name that",
    )


def _no_prefix(source: str, span: Span, findings: Findings) -> None:
    findings.error(
        "E122",
        f"`{shown(source, 80)}` looks like a repository of the hub",
        span,
        why="Without `huggingface:` it would be a folder.",
        help="write `huggingface:` before it; a folder with `@` in its name is written `./NAME`",
        fix=f"{_HUB}{source}",
    )


def _bare_word(source: str, span: Span, findings: Findings) -> None:
    meant = near(source, [EMBEDDED])
    findings.error(
        "E122",
        f"`{shown(source)}` is no source of a model",
        span,
        why="A bare word is `embedded`, or an endpoint of the operator's, which are not built yet.",
        help=f"did you mean `{meant}`?" if meant else "a folder is written with `/`",
        fix=meant or f"./{shown(source)}",
    )
