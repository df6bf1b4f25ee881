"""What `File` params name: files under the recipe's folder, or (`package:PATH`) among the ready recipes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from orchestrator.api.picture_bytes import Flaw, flaw_of
from orchestrator.api.recipe_files import RecipeFiles
from orchestrator.errors import Diagnostic, InvalidInput, StageFailure
from orchestrator.frozen import Frozen
from orchestrator.library import shipped_folder
from orchestrator.recipe.files import CannotRead
from orchestrator.stage.canonical import digest_of

_PACKAGE: Final = "package:"
_MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_NAMES: Final = 1000


class InputFile(Frozen):
    """A file as it was when the recipe was checked; its bytes are read when a stage asks for them."""

    files: RecipeFiles
    path: str
    digest: str

    @property
    def value(self) -> bytes:
        """The bytes; StageFailure where they are no longer those that the keys count on."""
        try:
            data = self.files.read(self.path, _MOST_BYTES)
        except CannotRead as error:
            raise _changed(self.path, error.reason) from error
        if digest_of(data) != self.digest:
            raise _changed(self.path, "holds other bytes than when the recipe was checked")
        return data


class InputFiles:
    """Files by the names that a recipe gives them."""

    def __init__(self, folder: Path) -> None:
        self._own, self._folder = RecipeFiles(folder), folder

    def find(self, name: str) -> InputFile | None:
        """The file with the digest of its bytes; None where there is none.

        Raises:
            InvalidInput: it is refused (E228), or named as a picture and none (E544, E546).
        """
        files, path = self._own, name
        if name.startswith(_PACKAGE):
            files, path = RecipeFiles(shipped_folder("pipelines")), name.removeprefix(_PACKAGE)
        try:
            data = files.read(path, _MOST_BYTES)
        except CannotRead as error:
            if error.missing:
                return None
            raise InvalidInput([_refused(name, error)]) from error
        if (flaw := flaw_of(path, data)) is not None:
            raise InvalidInput([_flawed(name, flaw)])
        return InputFile(files, path, digest_of(data))

    def names(self) -> tuple[str, ...]:
        """The files of the recipe's folder, if they are not too many to be looked at."""
        try:
            return tuple(self._own.glob("**", _MOST_NAMES, lenient=True))
        except CannotRead:
            return ()


def _refused(name: str, error: CannotRead) -> Diagnostic:
    """The graph adds where the recipe names it."""
    return Diagnostic(
        code="E228",
        message=f"the file {name!r} {error.reason}",
        why="A recipe names plain files under its own folder, or `package:PATH` of one that ships with us."
        if error.refusal
        else "Every byte of an input file enters the keys of what is made of it.",
        help=error.refusal.help
        if error.refusal
        else "see that it is a file that you may read, and not too large",
    )


def _flawed(name: str, flaw: Flaw) -> Diagnostic:
    """The graph adds where the recipe names it."""
    return Diagnostic(
        code=flaw.code,
        message=f"{name} {flaw.reason}",
        why="Its bytes are looked at before anything runs.",
        help=flaw.help,
    )


def _changed(path: str, reason: str) -> StageFailure:
    help_text = "run again: the file is looked at anew then"
    return StageFailure(f"the file {path!r} {reason}", code="E538", help=help_text)
