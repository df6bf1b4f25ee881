"""What a type checker tells who writes an export format. Never run: `test_typing.py` gives it to two.

A line that must be refused ends in `# refused`; every other line must be taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestrator.format import AnyFormat, Field, Format, FormatOptions, OutputFile, Piece
from orchestrator.stage import Artifact, Picture


class Options(FormatOptions):
    quality: int = Field(default=90, ge=1, le=100)


class Raw:
    options: type[Options] = Options

    def endings(self, kind: type[Artifact]) -> tuple[str, ...]:
        return (".raw",) if issubclass(kind, Picture) else ()

    def files(self, pieces: Iterable[Piece], options: Options) -> Iterator[OutputFile]:
        for piece in pieces:
            yield OutputFile(f"{piece.stem}.raw", bytes(options.quality))
            yield OutputFile(f"{piece.stem}.late", lambda: b"")
            yield OutputFile(piece.stem, "text")  # refused
            yield piece  # refused


class Worded(Raw):
    def endings(self, kind: type[Artifact]) -> str:  # refused
        return kind.__name__


FORMAT: Format[Options] = Raw()
ANY: AnyFormat = Raw()
OTHER: Format[FormatOptions] = Raw()  # refused
NONE: Format[Options] = Options()  # refused
