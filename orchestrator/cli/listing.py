"""Lists of what there is: tables for people, documents for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestrator.api import ParamFacts
    from orchestrator.errors import Diagnostic


def table(rows: Iterable[tuple[str, str, str, str]]) -> str:
    """Lines of name and summary, with the package behind what is not built in."""
    found = list(rows)
    width = max((len(name) for name, *_ in found), default=0)
    return "\n".join(
        f"{name:<{width}}  {summary}{f' ({package} {release})' if package else ''}".rstrip()
        for name, summary, package, release in found
    )


def as_document(what: str, facts: Sequence[Any], findings: Iterable[Diagnostic]) -> str:
    """Facts under the name of what they are, and findings beside them, as JSON."""
    from orchestrator.errors.render import as_json

    document = {what: [asdict(each) for each in facts], "findings": json.loads(as_json(list(findings)))}
    return json.dumps(document, ensure_ascii=False, indent=2)


def param_lines(param: ParamFacts) -> list[str]:
    """A param or key with its type, limits and default, and what it means on a line of its own."""
    kind = f"{param.type} {param.limits}".strip()
    default = f", default {param.default}" if param.default else ", must be given"
    lines = [f"    {param.name}: {kind}{default}"]
    return [*lines, f"        {param.description}"] if param.description else lines
