"""Whose files they are: a recipe by its name and its place, so that two of one name are told apart."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

_EXPORT = ":export"
_DIGEST = "sha256:"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who wrote a file.

    Attributes:
        name: of the recipe, with `:export` behind it for what its `export:` block wrote.
        place: the recipe's file as seen from the folder; a digest where the two share no folder, so that
            no path of a machine is written down; "" where it is not known, or is no file.
    """

    name: str
    place: str = ""

    @property
    def recipe(self) -> str:
        """The recipe's name."""
        return self.name.removesuffix(_EXPORT)

    @property
    def exports(self) -> bool:
        """Whether it is a recipe's `export:` block."""
        return self.name.endswith(_EXPORT)

    def is_same(self, other: Owner, folder: Path) -> bool:
        """Whether both are one recipe: of one place, whatever its name, or moved away from the other's place.

        Where a place is not known the name decides.
        """
        if self.exports != other.exports:
            return False
        if not (self.place and other.place) or self.place == other.place:
            return self.place == other.place != "" or self.name == other.name
        return self.name == other.name and not other.stands(folder)

    def stands(self, folder: Path) -> bool:
        """Whether the recipe's file is there still; of one that is known by a digest it is assumed."""
        if self.place.startswith(_DIGEST):
            return True
        return (folder / self.place).is_file()

    def shown(self, folder: Path) -> str:
        """The recipe by its name, and by its file as seen from the current folder."""
        if not self.place or self.place.startswith(_DIGEST):
            return repr(self.recipe)
        file = (folder / self.place).resolve()
        here = Path.cwd().resolve()
        near = file.relative_to(here) if file.is_relative_to(here) else file
        return f"{self.recipe!r} ({near.as_posix()})"


def place_of(recipe: Path | None, folder: Path) -> str:
    """The place of a recipe's file as seen from a folder; "" for what is no file."""
    if recipe is None:
        return ""
    file, out = recipe.resolve(), folder.resolve()
    try:
        shared = Path(os.path.commonpath([file.parent, out]))
    except ValueError:  # on two drives
        shared = Path(file.anchor)
    if shared == Path(shared.anchor):
        return _DIGEST + hashlib.sha256(os.fsencode(file)).hexdigest()
    return Path(os.path.relpath(file, out)).as_posix()
