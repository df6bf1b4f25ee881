"""The finding for a model that cannot be described."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.errors import Diagnostic, ModelUnavailable, Span
from orchestrator.stage import Description

Describe = Callable[..., Description]


def finding_of(describe: Describe, source: str | Path, given: object | None = None) -> Diagnostic:
    with pytest.raises(ModelUnavailable) as caught:
        describe(source, given)
    found = caught.value.finding
    assert found.span == Span.point("recipe.yaml", 4, 13)
    assert found.why
    assert found.help or found.fix
    assert "\n" not in found.message
    assert not found.message.endswith(".")
    return found
