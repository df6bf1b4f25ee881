"""Where a role's model comes from: the package, a folder, the hub at a commit, an endpoint."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from orchestrator.errors import Findings, Span
from orchestrator.errors.edits import respelt
from orchestrator.errors.phrases import shown
from orchestrator.frozen import Frozen

_EMBEDDED: Final = "embedded"
_HUB: Final = "huggingface:"
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_REVISION: Final = re.compile(r"[\w./-]+", re.ASCII)
_BARE_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+@[\w./-]+", re.ASCII)
_ENDPOINT: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")


class Embedded(Frozen):
    """The model that comes with the package."""

    def __str__(self) -> str:
        return _EMBEDDED


class Folder(Frozen):
    """A folder, as the recipe writes it: from its own folder, from `~/`, or absolute."""

    path: str

    def __str__(self) -> str:
        return self.path


class Hub(Frozen):
    """A repository of the hub, `OWNER/NAME`, at a revision."""

    repository: str
    revision: str

    def __str__(self) -> str:
        return f"{_HUB}{self.repository}@{self.revision}"


class Endpoint(Frozen):
    """What the operator configured under this name; whether they did is theirs to say, not the recipe's."""

    name: str

    def __str__(self) -> str:
        return self.name


class HandedIn(Frozen):
    """No source: Python hands in the object itself."""

    def __str__(self) -> str:
        return "<python>"


Source: TypeAlias = Embedded | Folder | Hub | Endpoint
EMBEDDED: Final = Embedded()
HANDED_IN: Final = HandedIn()


def source_of(text: str, span: Span, findings: Findings) -> Source | None:
    """A source as a recipe may name it: `embedded`, a folder, `huggingface:REPO@REVISION`, an endpoint."""
    source = text.strip()
    if source == _EMBEDDED:
        return EMBEDDED
    if source.partition(":")[0] in {"hf", "hub", "huggingface"}:
        return _hub(source.partition(":")[2], span, findings)
    if _is_refused(source, span, findings):
        return None
    if "/" in source:
        return Folder(source)
    if _ENDPOINT.fullmatch(source):
        return Endpoint(source)
    _bare_word(source, span, findings)
    return None


def is_endpoint_name(text: str) -> bool:
    """Whether a recipe can name an endpoint so."""
    return _ENDPOINT.fullmatch(text) is not None and text != _EMBEDDED


def _is_refused(source: str, span: Span, findings: Findings) -> bool:
    """Whether it is written as no source may be, which is then told."""
    if "\\" in source:
        _backslashes(source, span, findings)
    elif "://" in source:
        _no_source(source, span, findings)
    elif _BARE_REPOSITORY.fullmatch(source):
        _no_prefix(source, span, findings)
    elif source.startswith("~") and not source.startswith("~/"):
        _other_home(source, span, findings)
    else:
        return False
    return True


def _hub(name: str, span: Span, findings: Findings) -> Hub | None:
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
            help=f"write `{_HUB}{shown(repository, 120)}@COMMIT`; the model's page shows its commits "
            "under Files, History",
        )
        return None
    return Hub(repository, revision)


def _backslashes(source: str, span: Span, findings: Findings) -> None:
    findings.error(
        "E122",
        f"`{shown(source, 80)}` is written with backslashes",
        span,
        why="A recipe is shared between systems, and `/` is read by all of them.",
        help="write the folder with `/`",
        fix=shown(source.replace("\\", "/"), 200),
        edits=respelt(source, span, source.replace("\\", "/")),
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
    findings.error(
        "E122",
        f"`{shown(source)}` is no source of a model",
        span,
        why="A bare word is `embedded`, or the name of an endpoint of the operator's: lower-case letters, "
        "digits, `_` and `-`.",
        help="a folder is written with `/`",
        fix=f"./{shown(source)}",
    )
