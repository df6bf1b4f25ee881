"""An export format: pictures as WebP, with a table of what there is beside them."""

import io
import json
from collections.abc import Iterable, Iterator

from orchestrator.format import Field, Format, FormatOptions, OutputFile, Piece
from orchestrator.stage import Artifact, Picture


class WebpOptions(FormatOptions):
    """Keys of an `export:` entry with `format: webp`."""

    quality: int = Field(default=90, ge=1, le=100, description="100 keeps every pixel as it is")


class Webp:
    """Pictures as WebP, and `pictures.json` with their coordinates."""

    options: type[WebpOptions] = WebpOptions

    def endings(self, kind: type[Artifact]) -> tuple[str, ...]:
        """Pictures alone."""
        return (".webp",) if issubclass(kind, Picture) else ()

    def files(self, pieces: Iterable[Piece], options: WebpOptions) -> Iterator[OutputFile]:
        """A file for each picture, then the table."""
        table: dict[str, dict[str, str]] = {}
        for piece in pieces:
            name = f"{piece.stem}.webp"
            table[name] = dict(piece.coordinates)
            if isinstance(piece.artifact, Picture):  # which `endings` saw to
                yield OutputFile(name, _encoded(piece.artifact, options.quality))
        yield OutputFile("pictures.json", json.dumps(table, indent=1, sort_keys=True).encode())


def _encoded(picture: Picture, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.pil.convert("RGBA").save(buffer, "WEBP", quality=quality, lossless=quality == 100)  # noqa: PLR2004
    return buffer.getvalue()


FORMAT: Format[WebpOptions] = Webp()
