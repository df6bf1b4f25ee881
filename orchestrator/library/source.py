"""A resource file as text: size, encoding, digest."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from orchestrator.errors import Diagnostic, InvalidInput, Span
from orchestrator.frozen import Frozen
from orchestrator.plain_file import RefusedFile, read_plain_file
from orchestrator.stage.canonical import digest_of

MOST_BYTES: Final = 4 * 1024 * 1024


class Source(Frozen):
    """A file that was read. `digest` covers its bytes; `file` is the path that findings show."""

    name: str
    file: str
    text: str
    digest: str

    def refuse(
        self,
        code: str,
        message: str,
        place: Span | int = 1,
        *,
        why: str = "",
        help: str = "",  # noqa: A002 - the field's word
    ) -> InvalidInput:
        """The error that says what is wrong at a place in the file, or on a line."""
        at = Span.point(self.file, place) if isinstance(place, int) else place
        return InvalidInput([Diagnostic(code, message, at, why=why, help=help)], {self.file: self.text})


def read_source(file: Path, name: str, within: Path | None = None) -> Source:
    """Reads a file; raises InvalidInput (E410) when it is too large, no UTF-8, or a link out of `within`."""
    shown = file.as_posix()
    try:
        data = read_plain_file(file, MOST_BYTES, within)
        text = data.decode("utf-8-sig")
    except RefusedFile as error:
        raise _unreadable(shown, str(error.strerror), "put a plain file of that name there") from error
    except OSError as error:
        raise _unreadable(
            shown, error.strerror or str(error), "check the file and its permissions"
        ) from error
    except UnicodeDecodeError as error:
        raise _unreadable(shown, f"it is not UTF-8 (offset {error.start:,})", "save it as UTF-8") from error
    return Source(name, shown, text.replace("\r\n", "\n"), digest_of(data))


def _unreadable(file: str, reason: str, help_: str) -> InvalidInput:
    finding = Diagnostic("E410", f"`{file}` cannot be read: {reason}", Span.point(file), help=help_)
    return InvalidInput([finding])
