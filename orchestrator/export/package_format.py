"""A format out of a package: whatever it does ends in its files, or in a finding that names the package."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Final, cast

from orchestrator.doors import Door, Offer
from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.export.manifest import is_safe_name
from orchestrator.export.write_guard import WroteItself, as_usual, nothing_written
from orchestrator.format import AnyFormat, FormatOptions, OutputFile, Piece
from orchestrator.stage import Artifact

FORMATS: Final = Door("orchestrator.formats", "export format")

_MOST_ENDINGS: Final = 100
_KEYS_OF_AN_ENTRY: Final = frozenset({"from", "to", "format", "name"})


class _NoPiece(Exception):  # noqa: N818 - an artifact could not be had, which is no fault of the format
    pass


class _Nonsense(Exception):  # noqa: N818 - what a format gave in place of a file
    pass


@dataclass(frozen=True, slots=True)
class PackageFormat:
    """A format behind a door. What it says is checked, and what it gives is taken whole or not at all."""

    offer: Offer
    format: AnyFormat
    _endings: dict[type[Artifact], tuple[str, ...]] = field(
        default_factory=dict[type[Artifact], tuple[str, ...]]
    )

    @classmethod
    def of(cls, offer: Offer) -> PackageFormat:
        """The format, imported now; InvalidInput (E409) where it is none."""
        loaded = offer.load()
        lacking = [name for name in ("options", "endings", "files") if not hasattr(loaded, name)]
        if lacking or isinstance(loaded, type):
            said = f"it lacks `{lacking[0]}`" if lacking else "it is a class, and an object is asked for"
            raise offer.refuse(f"{offer.target} is no format: {said}")
        options = cast("object", getattr(loaded, "options", None))
        if not (isinstance(options, type) and issubclass(options, FormatOptions)):
            raise offer.refuse(
                f"its `options` are no subclass of FormatOptions, but {_shown(cast('object', options))}"
            )
        _check_keys(offer, options)
        return cls(offer, cast("AnyFormat", loaded))

    @property
    def options(self) -> type[FormatOptions]:
        """The model of its own keys."""
        return self.format.options

    def endings(self, kind: type[Artifact]) -> tuple[str, ...]:
        """As the format says; InvalidInput (E409) where it says no endings."""
        if kind not in self._endings:
            self._endings[kind] = self._asked(kind)
        return self._endings[kind]

    def files(self, pieces: Iterable[Piece], options: FormatOptions) -> Iterator[OutputFile]:
        """All files of the entry, made before the first is given; until then they lie in a temporary file.

        Raises:
            InvalidInput: it raised, gave what is no file, or named one outside of its folder (E439); without
                a place.
        """
        last: list[Piece] = []
        try:
            with nothing_written():
                spool = _Spool()
                made = [spool.taken(given) for given in self.format.files(_watched(pieces, last), options)]
        except _Nonsense as nonsense:
            raise self._failed(str(nonsense)) from None
        except _NoPiece as error:
            raise cast("Exception", error.__cause__) from None
        except WroteItself as error:
            raise self._failed(str(error), last) from error
        except (Exception, SystemExit) as error:  # whatever a stranger's code raises
            raise self._failed(f"{type(error).__name__}{f': {error}' if str(error) else ''}", last) from error
        twice = _first_twice(made)
        if twice:
            raise self._failed(f"it gives {twice!r} twice")
        return iter(made)

    def _asked(self, kind: type[Artifact]) -> tuple[str, ...]:
        try:
            given = cast("Iterable[object]", self.format.endings(kind))
            said = tuple(islice(iter(given), _MOST_ENDINGS))
        except (Exception, SystemExit) as error:
            raise self.offer.refuse(
                f"asked for its endings of {kind.__name__}, it raised {type(error).__name__}: {error}"
            ) from error
        if isinstance(given, str):  # its letters would pass for endings
            raise self.offer.refuse(f"its endings are the text {given!r}, not a tuple: write `({given!r},)`")
        for ending in said:
            if not (isinstance(ending, str) and ending and is_safe_name(f"x{ending}")):
                raise self.offer.refuse(f"{_shown(ending)} is no ending of a file")
        return cast("tuple[str, ...]", said)

    def _failed(self, said: str, last: Sequence[Piece] = ()) -> InvalidInput:
        at = f", at {last[0].stem!r}" if last else ""
        offer = self.offer
        finding = Diagnostic(
            code="E439",
            message=f"the {offer.thing} {offer.name!r} of {offer.package} {offer.release} failed{at}: {said}",
            why="Nothing of this entry was written, and what an earlier export wrote stands as it was.",
            help="mend the package, or name another format; or remove it",
            fix=offer.removal,
        )
        return InvalidInput([finding])


def _check_keys(offer: Offer, options: type[FormatOptions]) -> None:
    """Refuses a model that pydantic cannot build, and keys that are the entry's own."""
    try:
        options.model_json_schema()
    except Exception as error:  # whatever a stranger's annotations make of it
        raise offer.refuse(f"its `options` cannot be used: {type(error).__name__}: {error}") from error
    own = sorted(_KEYS_OF_AN_ENTRY & set(options.model_fields))
    if own:
        raise offer.refuse(f"its key {own[0]!r} is one that every entry of `export:` has")


class _Spool:
    """What files hold, in one temporary file that goes with the last of them."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the last OutputFile that reads it
        weakref.finalize(self, self._file.close)

    def taken(self, given: object) -> OutputFile:
        """A file whose bytes are made now and lie here until it is written; _Nonsense where it is none."""
        if not isinstance(given, OutputFile):
            raise _Nonsense(f"it gave {_shown(given)} in place of an OutputFile")
        name, data = cast("tuple[object, object]", (given.name, given.data))
        if not isinstance(name, str) or not is_safe_name(name):
            raise _Nonsense(f"it would write {_shown(name)}, which is no file inside its folder")
        data = data() if callable(data) else data
        if not isinstance(data, bytes):
            raise _Nonsense(f"the content of {name!r} is no bytes, but {_shown(data)}")
        start = self._file.seek(0, os.SEEK_END)
        self._file.write(data)
        return OutputFile(name, partial(self._read, start, len(data)))

    def _read(self, start: int, size: int) -> bytes:
        self._file.seek(start)
        return self._file.read(size)


def _watched(pieces: Iterable[Piece], last: list[Piece]) -> Iterator[Piece]:
    """The pieces; `last` holds the one at hand."""
    source = iter(pieces)
    while True:
        with as_usual():
            try:
                piece = next(source, None)
            except Exception as error:
                raise _NoPiece from error
        if piece is None:
            return
        last[:] = [piece]
        yield piece


def _first_twice(files: Iterable[OutputFile]) -> str:
    """The first name that two files have, upper and lower case being one on some systems."""
    seen = set[str]()
    for file in files:
        if file.name.casefold() in seen:
            return file.name
        seen.add(file.name.casefold())
    return ""


def _shown(value: object, most: int = 60) -> str:
    text = repr(value)
    return f"{text[:most]}…" if len(text) > most else text
