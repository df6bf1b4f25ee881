"""formats: what may stand behind `format:`, with the files and the keys of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from orchestrator.api.stage_list import ParamFacts, param_facts
from orchestrator.errors import Diagnostic, InvalidInput, Span
from orchestrator.export import findings as told
from orchestrator.export.formats import MODULES, format_names, format_of
from orchestrator.export.package_format import FORMATS, PackageFormat
from orchestrator.format import AnyFormat
from orchestrator.stage import Artifact, Atlas, Image, NormalMap, Prompt, RenderPlan, Score, Sheet
from orchestrator.stage.many import many_of
from orchestrator.text import Text

if TYPE_CHECKING:
    from orchestrator.stage.validated import FieldFacts

_KINDS: Final[Mapping[str, type[Artifact]]] = {
    kind.__name__: kind for kind in (Image, NormalMap, Sheet, Atlas, Prompt, RenderPlan, Score)
}


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """An export format as a person reads it.

    Attributes:
        endings: by the type of an artifact, what its files end in; `#` stands for a number.
        options: its own keys.
        package, release: the package that offers it; "" for what is built in.
    """

    name: str
    summary: str
    endings: Mapping[str, tuple[str, ...]]
    options: tuple[ParamFacts, ...]
    package: str = ""
    release: str = ""


def formats() -> tuple[FormatFacts, ...]:
    """All export formats, sorted by name; those of packages that cannot be used are left out."""
    return listed_formats()[0]


def listed_formats() -> tuple[tuple[FormatFacts, ...], tuple[Diagnostic, ...]]:
    """As `formats`, and what is wrong with the formats of packages."""
    findings, facts = list(FORMATS.findings(MODULES)), list[FormatFacts]()
    for name in format_names():
        try:
            facts.append(format_facts(name))
        except InvalidInput as error:
            findings += error.findings
    return tuple(facts), tuple(dict.fromkeys(findings))


def format_facts(name: str) -> FormatFacts:
    """One format; InvalidInput where there is none of this name (E431) or it cannot be used (E409 …)."""
    found = format_of(name)
    if found is None:
        raise InvalidInput([told.unknown_format(Text(name, Span.point("<command line>")), format_names())])
    offer = found.offer if isinstance(found, PackageFormat) else None
    return FormatFacts(
        name=name,
        summary=_summary(found.format if isinstance(found, PackageFormat) else found),
        endings=_endings(found),
        options=_options(found),
        package=offer.package if offer else "",
        release=offer.release if offer else "",
    )


def _summary(found: AnyFormat) -> str:
    text = (type(found).__doc__ or "").strip()
    return text.splitlines()[0] if text else ""


def _endings(found: AnyFormat) -> Mapping[str, tuple[str, ...]]:
    said = {name: found.endings(kind) for name, kind in _KINDS.items()}
    said["Many[Image]"] = found.endings(many_of(Image))
    return {name: endings for name, endings in said.items() if endings}


def _options(found: AnyFormat) -> tuple[ParamFacts, ...]:
    # pydantic's own fields answer all that ours do
    fields = cast("Mapping[str, FieldFacts]", found.options.model_fields)
    return param_facts(fields, found.options.model_json_schema())
