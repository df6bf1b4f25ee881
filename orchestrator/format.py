"""The public face for writers of export formats: artifacts in, files out.

    class Webp:
        \"\"\"Pictures as lossless WebP.\"\"\"

        options: type[WebpOptions] = WebpOptions

        def endings(self, kind: type[Artifact]) -> tuple[str, ...]:
            return (".webp",) if issubclass(kind, Picture) else ()

        def files(self, pieces: Iterable[Piece], options: WebpOptions) -> Iterator[OutputFile]:
            for piece in pieces:
                yield OutputFile(f"{piece.stem}.webp", webp(piece.artifact.pil, options.quality))

    FORMAT: Format[WebpOptions] = Webp()

A package offers it in the entry-point group `orchestrator.formats`: `webp = "studio_webp:FORMAT"`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from orchestrator.stage import Artifact, Picture

__all__ = [
    "NUMBER",
    "AnyFormat",
    "Field",
    "Format",
    "FormatOptions",
    "OutputFile",
    "Piece",
    "png_with_metadata",
]

NUMBER = "#"
"""Stands in an ending for a number that is known only once the artifact is made."""


class FormatOptions(BaseModel):
    """Base of a format's own keys beside `from`, `to`, `format`, `name`: frozen, strict, no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


Keys = TypeVar("Keys", bound=FormatOptions)


@dataclass(frozen=True, slots=True)
class Piece:
    """An artifact to write.

    Attributes:
        stem: its file name without ending, relative to the entry's folder, with `/`.
        map: name of the map that it is; "" for a plain `from: STAGE`.
        coordinates: id by dimension.
        metadata: what a file may say of its origin.
    """

    stem: str
    artifact: Artifact
    map: str = ""
    coordinates: Mapping[str, str] = field(default_factory=dict[str, str])
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to write. `name` is relative to the folder, its parts joined by `/`.

    `data` are its bytes, or what makes them: called once, when the file's turn has come, so that no more
    than one picture is held at a time.
    """

    name: str
    data: bytes | Callable[[], bytes] = field(repr=False)

    def read(self) -> bytes:
        """The bytes."""
        return self.data if isinstance(self.data, bytes) else self.data()


class Format(Protocol[Keys]):
    """Turns artifacts into files. It reads artifacts and gives bytes; writing them is not its work.

    `Format[RawOptions]` is one with the keys of `RawOptions`. The first line of its docstring is what
    `orchestrator formats` says of it.
    """

    @property
    def options(self) -> type[Keys]:
        """The model of its own keys."""
        ...

    def endings(self, kind: type[Artifact]) -> tuple[str, ...]:
        """What follows the stem in each file of such an artifact, NUMBER in it; () where it takes none."""
        ...

    def files(self, pieces: Iterable[Piece], options: Keys) -> Iterator[OutputFile]:
        """The files of all pieces of an entry, and those that it adds beside them."""
        ...


AnyFormat: TypeAlias = Format[Any]
"""A format with whichever keys."""


def png_with_metadata(picture: Picture, metadata: Mapping[str, str]) -> bytes:
    """A PNG with one iTXt chunk (UTF-8, uncompressed) for each entry, in the order given.

    Equal pixels and metadata give equal bytes: no time stands inside.
    """
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    for keyword, text in metadata.items():
        chunks.add_itxt(keyword, text.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    buffer = io.BytesIO()
    picture.pil.save(buffer, "PNG", pnginfo=chunks, compress_level=6)
    return buffer.getvalue()
