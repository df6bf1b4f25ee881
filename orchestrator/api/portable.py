"""What leaves the machine names no place of it: a model's folder, a recipe's file, the words of a failure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from orchestrator.api.locate import Located
from orchestrator.report import FailureReport, RunReport


def shown_source(source: str, located: Located) -> str:
    """A model's source for a file: a folder from the recipe's where it lies below, else by its last name."""
    folder = _absolute(source)
    if folder is None:
        return source
    base = located.base.resolve()
    return folder.relative_to(base).as_posix() if folder.is_relative_to(base) else folder.name


def portable(report: RunReport, located: Located, folders: Iterable[Path]) -> RunReport:
    """The report as it is written into files; `folders` are further places whose paths are not to be told."""
    names = _names(located, folders)
    recipe = _absolute(report.recipe)
    return replace(
        report,
        recipe=report.recipe if recipe is None else recipe.name,
        out="" if not report.out else ".",
        findings=tuple(_without(text, names) for text in report.findings),
        warnings=tuple(_without(text, names) for text in report.warnings),
        failures=tuple(_failure(failure, names) for failure in report.failures),
    )


def _failure(failure: FailureReport, names: Mapping[str, str]) -> FailureReport:
    return replace(failure, message=_without(failure.message, names), help=_without(failure.help, names))


def _names(located: Located, folders: Iterable[Path]) -> dict[str, str]:
    """What stands for each folder, the longest path first, so that the nearest folder names a place."""
    places = {
        located.base.resolve(): ".",
        Path.cwd(): ".",
        **{folder.absolute(): folder.name for folder in folders},
        Path(tempfile.gettempdir()): "tmp",
        Path.home(): "~",
    }
    longest = sorted(places.items(), key=lambda pair: -len(pair[0].parts))
    return {form: name for place, name in longest for form in (str(place), place.as_posix()) if place.name}


def _without(text: str, names: Mapping[str, str]) -> str:
    for path, name in names.items():
        text = text.replace(path, name)
    return text


def _absolute(text: str) -> Path | None:
    """The path that a text is, where it is one from the root of a system."""
    if not (PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()):
        return None
    return Path(text)
