"""validate --fix over files, folders and review files: each recipe mended in turn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator.api.find_recipes import beside_review, find_recipes
from orchestrator.api.locate import Located, locate
from orchestrator.api.mend import ChangedFile, Mending, mend, write
from orchestrator.api.validate import Request, check_located
from orchestrator.config import Settings, settings_from
from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.frozen import Frozen


class Mended(Frozen):
    """What was changed, or would be.

    Attributes:
        files: those that changed, each once.
        findings: those that are mended by it.
        refused: findings of files that could not be written.
    """

    files: tuple[ChangedFile, ...]
    findings: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...] = ()


def mend_many(
    named: Sequence[str],
    request: Request,
    settings: Settings | None = None,
    config: Path | None = None,
    *,
    writes: bool = True,
) -> Mended:
    """Makes the clear edits of every recipe behind the arguments, and writes the files.

    Args:
        named: files, names of ready recipes (which stay as they are), folders, review files.
        request: what the caller says besides the recipe.
        settings: of the operator; from `config`, the environment and the recipe's project unless given.
        config: a config file of the operator's.
        writes: whether the changed files are written.
    """
    files: dict[Path, ChangedFile] = {}
    findings: list[Diagnostic] = []
    refused: list[Diagnostic] = []
    for mending in filter(None, (_mended(each, request, settings, config) for each in _recipes(named))):
        new = [file for file in mending.files if writes or file.path not in files]
        problems = [write(file) if writes else None for file in new]
        files.update((file.path, file) for file, problem in zip(new, problems, strict=True) if not problem)
        refused += filter(None, problems)
        findings += () if any(problems) else mending.mended
    return Mended(tuple(files.values()), tuple(dict.fromkeys(findings)), tuple(refused))


def _recipes(named: Sequence[str]) -> Sequence[str]:
    if len(named) == 1 and not Path(named[0]).is_dir():
        return [beside_review(named[0])]
    return find_recipes(named).recipes


def _mended(recipe: str, request: Request, settings: Settings | None, config: Path | None) -> Mending | None:
    """None for what is no recipe, which the check tells."""
    try:
        located = locate(recipe)
        known = settings or settings_from(config=config, project=located.home)
    except InvalidInput:
        return None

    def check(draft: Located) -> Sequence[Diagnostic]:
        try:
            return check_located(draft, request, known).findings
        except InvalidInput as error:
            return error.findings

    return mend(located, check)
