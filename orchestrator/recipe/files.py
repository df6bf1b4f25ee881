"""The files that a recipe names: a table, pictures, an included recipe. They are read by whom api sends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

from orchestrator.frozen import Frozen
from orchestrator.recipe.names import is_unsound
from orchestrator.text import unseen_in

_LONGEST: Final = 1_000
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_FORBIDDEN: Final = frozenset('<>:"|')


_WHY_BELOW: Final = (
    "A recipe may come from a stranger, so it reads what lies in and below its own folder, links followed, "
    "and nothing else."
)
_WHY_EVERYWHERE: Final = (
    "Windows opens devices by names such as `aux` and `con`, whatever their ending, takes off a dot or blank "
    'at the end, and has no `<>:"|?*` in names; a recipe must be read there too.'
)


class Refusal(Frozen):
    """Why a file is not looked at.

    Attributes:
        reason: the end of a sentence that begins with its name.
        help: what to do.
        why: the reason behind the rule.
        meant: the name as it may be written; "" where that is not clear.
    """

    reason: str
    help: str = "copy the file below the recipe's folder, and write its path from there with `/`"
    why: str = _WHY_BELOW
    meant: str = ""


class CannotRead(Exception):  # noqa: N818 - it says what befell
    """A file that is not read.

    Attributes:
        reason: why, as the end of a sentence that begins with the file's name.
        outside: whether it was refused for where it lies, or for what it is, and not looked at.
        over: whether it is over the limit that was given.
        missing: whether there is none of that name.
        refusal: why it was refused, and what to do.
    """

    def __init__(
        self,
        reason: str,
        *,
        refusal: Refusal | None = None,
        over: bool = False,
        missing: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refusal = refusal
        self.outside = refusal is not None
        self.over = over
        self.missing = missing


class Files(Protocol):
    """What lies beside and below a recipe. Names are written with `/` and count from the recipe's folder."""

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of a plain file; CannotRead where there is none, it leads out, or is over `limit`."""
        ...

    def glob(self, pattern: str, limit: int, *, lenient: bool = False) -> Sequence[str]:
        """The plain files that a pattern matches, sorted; CannotRead where there are more than `limit`.

        A match that is refused is CannotRead too, unless `lenient`, which passes it over.
        """
        ...

    def ready(self, name: str) -> tuple[str, bytes] | None:
        """The ready recipe of this name: what findings call its file, and its bytes."""
        ...

    def ready_names(self) -> Sequence[str]:
        """The names of the ready recipes."""
        ...


def why_refused(name: str, *, pattern: bool = False) -> Refusal | None:  # noqa: PLR0911 - a reason a return
    """Why a name cannot be that of a file below the recipe's folder, on any system; None if it can."""
    if not name or len(name) > _LONGEST:
        return Refusal("is no name of a file", help="write the path of a file from the recipe's folder")
    if unseen_in(name) or "\t" in name or "\n" in name:
        return Refusal("holds a character that nobody sees", help="rename the file without that character")
    if "\\" in name:
        meant = name.replace("\\", "/")
        help_ = "write it with `/`"
        sound = "" if why_refused(meant, pattern=pattern) else meant
        return Refusal("is written with backslashes; `/` is read on every system", help_, meant=sound)
    if name.startswith(("/", "~")) or _DRIVE.match(name):
        return Refusal("is no path below the recipe's folder")
    parts = name.split("/")
    if ".." in parts:
        return Refusal("leads out of the recipe's folder")
    allowed = _FORBIDDEN if pattern else _FORBIDDEN | {"*", "?"}
    unsound = [part for part in parts if allowed & set(part) or is_unsound(part)]
    if unsound:
        help_ = f"rename `{unsound[0]}`: letters, digits, `-`, `_` and `.` do everywhere"
        return Refusal("is no name that a file can have on every system", help_, _WHY_EVERYWHERE)
    return None


def plain_name(name: str) -> str:
    """The name without `./` and doubled slashes."""
    return "/".join(part for part in name.split("/") if part not in {"", "."})


def below(folder: str, name: str) -> str:
    """A name that counts from a folder as one that counts from the folder above it."""
    return plain_name(f"{folder}/{name}") if folder else plain_name(name)


def folder_of(name: str) -> str:
    """The folder part of a name; "" where there is none."""
    return name.rpartition("/")[0]
