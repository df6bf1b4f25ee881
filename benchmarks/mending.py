"""What `orchestrator validate --fix` makes of a recipe's text, measured without files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator.api.locate import Located
from orchestrator.api.mend import mend
from orchestrator.api.validate import Request, check_located
from orchestrator.config import settings_from
from orchestrator.errors import Diagnostic, InvalidInput


def findings_of(text: str, file: str, base: Path) -> tuple[Diagnostic, ...]:
    """All findings of a recipe's text, warnings too."""
    return tuple(_check(Located(text.encode(), file, base)))


def mended(text: str, file: str, base: Path) -> str:
    """The text as `--fix` would write it."""
    return mend(Located(text.encode(), file, base), _check).located.data.decode()


def _check(located: Located) -> Sequence[Diagnostic]:
    try:
        return check_located(located, Request(), settings_from()).findings
    except InvalidInput as error:
        return error.findings
