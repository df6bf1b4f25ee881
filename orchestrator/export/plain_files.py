"""Format `files`: pictures as PNG, several members as numbered files, documents as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, cast

from orchestrator.format import NUMBER, Field, Format, FormatOptions, OutputFile, Piece, png_with_metadata
from orchestrator.stage import Artifact, Atlas, Document, Many, Picture
from orchestrator.stage.many import is_many

_DIGITS: Final = 2
"""At least so many in the number of a member, so that ten frames sort as they play."""


class FilesOptions(FormatOptions):
    """Own keys of the format `files`."""

    metadata: bool = Field(default=True, description="whether a PNG says what made it")


class PlainFiles:
    """One file for each artifact; an atlas has the table of its frames beside it."""

    options: type[FilesOptions] = FilesOptions

    def endings(self, kind: type[Artifact]) -> tuple[str, ...]:
        """`.png`, `.json`; `_#.png` for several members."""
        if is_many(kind):
            member = cast("type[Many[Artifact]]", kind).member_type
            return tuple(f"_{NUMBER}{ending}" for ending in self.endings(member)) if member else ()
        if issubclass(kind, Atlas):
            return (".png", ".json")
        return (".png",) if issubclass(kind, Picture) else (".json",)

    def files(self, pieces: Iterable[Piece], options: FilesOptions) -> Iterator[OutputFile]:
        """The files of each piece in turn."""
        for piece in pieces:
            kept = piece if options.metadata else replace(piece, metadata={})
            yield from _files(kept, kept.stem, kept.artifact)


def _files(piece: Piece, stem: str, artifact: Artifact) -> Iterator[OutputFile]:
    if isinstance(artifact, Many):
        members = cast("tuple[Artifact, ...]", artifact.members)
        width = max(_DIGITS, len(str(len(members) - 1)))
        for place, member in enumerate(members):
            yield from _files(piece, f"{stem}_{place:0{width}}", member)
    elif isinstance(artifact, Document):
        yield OutputFile(f"{stem}.json", _json(artifact.model_dump(mode="json")))
    else:
        yield OutputFile(f"{stem}.png", png_with_metadata(artifact, piece.metadata))
        if isinstance(artifact, Atlas):
            frames = [frame.model_dump(mode="json") for frame in artifact.frames]
            yield OutputFile(f"{stem}.json", _json({"size": list(artifact.size), "frames": frames}))


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


FORMAT: Final[Format[FilesOptions]] = PlainFiles()
