"""Styles and templates out of installed packages: folders of data, which are read and never run.

    [project.entry-points."orchestrator.styles"]
    studio-look = "studio_look.styles"

The value is a folder of the package, its files are called as in a recipe's `prompts/`. The name is a label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from orchestrator.doors import Door, Offer, ambiguous
from orchestrator.errors import Diagnostic, InvalidInput

DOORS: Final[Mapping[str, Door]] = {
    "style": Door("orchestrator.styles", "folder of styles", shared=True),
    "template": Door("orchestrator.templates", "folder of templates", shared=True),
}
"""By shelf; glossaries and lexicons come with a recipe or with this package."""


def offered_file(shelf: str, name: str, suffixes: Sequence[str]) -> Path | None:
    """The file of a package that holds a resource; None where no package has one of this name.

    Raises:
        InvalidInput: two packages have it (E417); none has it, and one that may cannot be used (E409, E418).
    """
    folders, findings = _folders(shelf)
    found = {
        offer: file
        for offer, folder in folders.items()
        for suffix in suffixes
        if (file := folder / f"{name}{suffix}").is_file()
    }
    if len({offer.package for offer in found}) > 1:
        raise InvalidInput([ambiguous(tuple(found), shelf, name)])
    if not found and findings:
        raise InvalidInput(findings)
    return next(iter(found.values()), None)


def offered_files(shelf: str, suffixes: Sequence[str]) -> tuple[tuple[Offer, Path], ...]:
    """Each file of each package that can be used, sorted."""
    return tuple(_listed(_folders(shelf)[0], suffixes))


def shelf_findings(shelf: str) -> tuple[Diagnostic, ...]:
    """Why folders of packages cannot be used."""
    return tuple(_folders(shelf)[1])


def _listed(folders: Mapping[Offer, Path], suffixes: Sequence[str]) -> Iterator[tuple[Offer, Path]]:
    for offer, folder in folders.items():
        for suffix in suffixes:
            yield from ((offer, file) for file in sorted(folder.glob(f"*{suffix}")))


def _folders(shelf: str) -> tuple[Mapping[Offer, Path], list[Diagnostic]]:
    door = DOORS.get(shelf)
    if door is None:
        return {}, []
    folders, findings = dict[Offer, Path](), list(door.findings())
    for offer in door.usable():
        try:
            folders[offer] = offer.folder()
        except InvalidInput as error:
            findings += error.findings
    return folders, findings
