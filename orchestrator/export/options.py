"""A format's own keys in an export entry, checked by the format's model."""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from orchestrator.errors import Findings
from orchestrator.export import findings as told
from orchestrator.format import AnyFormat, FormatOptions
from orchestrator.recipe.model import ExportEntry
from orchestrator.stage.canonical import canonical_json


def options_of(
    entry: ExportEntry, kind: AnyFormat, findings: Findings
) -> FormatOptions | None:
    """The options; None with findings."""
    valid = tuple(kind.options.model_fields)
    unknown = [key for key in entry.options if key not in valid]
    for key in unknown:
        findings.add(told.unknown_option(entry, key, valid))
    plain = {key: given.node.plain() for key, given in entry.options.items() if key in valid}
    try:
        options = kind.options.model_validate_json(canonical_json(plain))
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False, include_context=False):
            findings.add(told.wrong_option(entry, [str(part) for part in found["loc"]], found["msg"]))
        return None
    except Exception as error:  # a validator of a package's own may raise anything
        from orchestrator.export.package_format import PackageFormat

        if not isinstance(kind, PackageFormat):
            raise
        said = f"its `options` raised {type(error).__name__}: {error}"
        findings.add(replace(kind.offer.broken(said), span=entry.format.span))
        return None
    return None if unknown else options
