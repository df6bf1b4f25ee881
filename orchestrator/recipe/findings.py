"""The findings of one reading, and those that more than one part of the reader needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from orchestrator.errors import Diagnostic, InvalidInput, Label, Span, did_you_mean
from orchestrator.recipe.model import Node
from orchestrator.recipe.names import name_like

WHY_CAPS: Final = (
    "Caps keep a hostile file from taking the machine; no recipe that a person wrote is near them."
)
_MOST: Final = 200
_LONGEST_NAME: Final = 64
_COMPARED: Final = 200

NOT_YET_WHY: Final = (
    "It belongs to the recipe language, and this version does not read it yet; "
    "to pass over it would draw something else than the recipe says."
)


class Findings:
    """Collects findings; a place that the YAML reader has complained of is not complained of again."""

    def __init__(self, earlier: Iterable[Diagnostic] = ()) -> None:
        self._all: list[Diagnostic] = list(earlier)
        self._taken = {finding.span for finding in self._all}

    def __len__(self) -> int:
        return len(self._all)

    @property
    def full(self) -> bool:
        """Whether there are so many that no reader wants more."""
        return len(self._all) >= _MOST

    def add(self, finding: Diagnostic) -> None:
        """Keeps a finding, unless its place is broken already for another reason."""
        if not self.full and finding.span not in self._taken:
            self._all.append(finding)

    def read(self, found: Iterable[Diagnostic]) -> None:
        """Adds what the YAML reader found in a further file."""
        for finding in found:
            self.add(finding)
            self._taken.add(finding.span)

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        why: str = "",
        help: str = "",  # noqa: A002 - the field's word
        fix: str = "",
        labels: tuple[Label, ...] = (),
    ) -> None:
        """Adds an error."""
        self.add(Diagnostic(code, message, span, why=why, help=help, fix=fix, labels=labels))

    def all(self) -> list[Diagnostic]:
        """What was found, in the order of finding."""
        return list(self._all)

    def raise_if_any(self, sources: dict[str, str]) -> None:
        """Raises InvalidInput with all findings, if there is one."""
        if self._all:
            raise InvalidInput(self._all, sources)


def shown(value: object, limit: int = 40) -> str:
    """A value for a message: one line, not long."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def listed(names: Sequence[str], limit: int = 12) -> str:
    """`a`, `b` and `c`, for a message."""
    quoted = [f"`{name}`" for name in names[:limit]]
    if len(names) > limit:
        return ", ".join(quoted) + f" and {len(names) - limit} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def near(word: str, valid: Iterable[str], most: int = _COMPARED) -> str | None:
    """Did-you-mean; a word longer than any name is not compared, nor very many, as that takes long."""
    return did_you_mean(word, islice(valid, most)) if len(word) <= _LONGEST_NAME else None


def capped(
    cap: str,
    limit: int,
    what: str,
    span: Span,
    *,
    code: str = "E106",
    why: str = WHY_CAPS,
    help: str = "",  # noqa: A002 - the field's word
) -> Diagnostic:
    """A cap of Caps that is exceeded: its name, and how an operator raises it."""
    raised = f"the operator of the machine raises the cap by `caps.{cap} = NUMBER` in their config.toml"
    return Diagnostic(
        code,
        f"{what}; the cap `{cap}` is {limit:,}",
        span,
        why=why,
        help=f"{help}; {raised}" if help else raised,
    )


def not_a_name(findings: Findings, what: str, name: str, span: Span) -> None:
    """E115: names become parts of references, so they are plain words."""
    near = name_like(name)
    findings.error(
        "E115",
        f"`{shown(name)}` cannot be the name of {what}",
        span,
        why="Names are lower-case ASCII letters, digits and `_`, a letter first, at most 64: they stand in "
        "references (`$item.style`) and in `--set`.",
        help=f"call it `{near}`" if near else "choose such a name",
        fix=near,
    )


def kind_of(node: Node) -> str:
    """What a value is, in words."""
    match node.value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(node.value).lower()}`"
        case int() | float():
            return f"the number {shown(node.value)}"
        case str():
            return f"the text `{shown(node.value)}`"
        case tuple():
            return "a list" if node.value else "an empty list"
        case _:
            return "a mapping" if node.value else "an empty mapping"


def unknown_key(findings: Findings, key: str, span: Span, place: str, valid: Sequence[str]) -> None:
    """E111: a key that means nothing at its place."""
    if findings.full:
        return
    meant = near(key, valid)
    findings.error(
        "E111",
        f"unknown key `{shown(key)}` in {place}",
        span,
        why="A key that means nothing is most often a misspelt one, so it is not passed over.",
        help=f"did you mean `{meant}`?" if meant else f"keys that are known here: {listed(valid)}",
        fix=f"{meant}:" if meant else "",
    )


def not_yet(findings: Findings, what: str, span: Span) -> None:
    """E112: a part of the language that a later version reads."""
    findings.error("E112", f"{what} is not built yet", span, why=NOT_YET_WHY, help="take it out for now")


def wrong_kind(
    findings: Findings,
    node: Node,
    place: str,
    wanted: str,
    *,
    help: str = "",  # noqa: A002 - the field's word
    fix: str = "",
) -> None:
    """E114: a list where a mapping belongs, and the like."""
    findings.error("E114", f"{place} is {wanted}, not {kind_of(node)}", node.span, help=help, fix=fix)


def missing_key(
    findings: Findings, key: str, place: str, span: Span, *, why: str = "", fix: str = ""
) -> None:
    """E113: a key that must be there."""
    findings.error("E113", f"{place} has no `{key}:`", span, why=why, help=f"add `{key}:`", fix=fix)


def is_in_table(span: Span) -> bool:
    """Whether a place is in a csv, where nothing can be pasted that is written for YAML."""
    return span.file.lower().endswith(".csv")
