"""Artifacts: the immutable, typed outputs of stages.

A `Document` is a small record (an idea, a prompt, a plan); a `Picture` holds pixels. Both encode to
bytes, decode from them, and have a digest of what they mean: for a picture its mode, size and pixels,
never the file around them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from orchestrator.stage.canonical import canonical_json, digest_of
from orchestrator.stage.validated import Field, Validated

if TYPE_CHECKING:
    from PIL import Image as PillowImage

_STORED_MODES = frozenset({"L", "LA", "RGB", "RGBA", "I;16"})
_FRAMES_CHUNK = "frames"


class Document(Validated):
    """An artifact that is a record of text and numbers."""

    stored_as: ClassVar[Literal["document"]] = "document"

    @property
    def digest(self) -> str:
        """Digest of the canonical JSON of the record."""
        return digest_of(self.encode())

    def encode(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(self.model_dump(mode="json"))

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The record that `encode` wrote."""
        return cls.model_validate_json(data)


class Idea(Document):
    """The terse text a studio begins with, normalised to NFC, blanks trimmed."""

    text: str


class Prompt(Document):
    """A structured prompt. Empty fields say nothing; `plan` decides what the idea left open.

    `style` and `negative` hold only what the idea or the template says.
    """

    subject: str
    style: str = ""
    colour: str = ""
    material: str = ""
    lighting: str = ""
    view: str = ""
    background: str = ""
    details: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()


class PixelGrid(Document):
    """Post step: one colour in each cell of a grid. `cells` along the longer side, `colours` at most."""

    step: Literal["pixel-grid"] = "pixel-grid"
    cells: int = Field(ge=8, le=512)
    colours: int = Field(default=24, ge=2, le=256)


class RenderPlan(Document):
    """Everything a painter needs besides the seed: final texts and every setting.

    Sizes are in pixels; `guidance_scale` is classifier-free guidance (Ho & Salimans 2022);
    `scheduler` is a name of `Card.schedulers`; `post` is done by the painter's backend after decoding.
    """

    prompt: str
    negative_prompt: str = ""
    style: str = ""
    width: int = Field(ge=16, le=8192)
    height: int = Field(ge=16, le=8192)
    steps: int = Field(ge=1, le=1000)
    guidance_scale: float = Field(ge=0, le=50)
    scheduler: str = ""
    post: tuple[PixelGrid, ...] = ()


class Score(Document):
    """How well a picture fits a text: `value` is compared, the higher the better; `texts` were compared with.

    `aspects` holds further numbers by name, such as the probability of the noun within a vocabulary.
    """

    value: float = Field(allow_inf_nan=False)
    texts: tuple[str, ...] = ()
    aspects: dict[str, float] = Field(default_factory=dict)


class Picture:
    """Pixels: mode L, LA, RGB, RGBA or I;16, a size, and bytes. Frozen; `pil` is a fresh copy."""

    stored_as: ClassVar[Literal["picture"]] = "picture"
    __slots__ = ("_data", "mode", "size")

    def __init__(self, mode: str, size: tuple[int, int], data: bytes) -> None:
        if mode not in _STORED_MODES:
            raise ValueError(f"a picture is one of {sorted(_STORED_MODES)}, not {mode!r}")
        self.mode, self.size, self._data = mode, size, bytes(data)

    @classmethod
    def of(cls, picture: PillowImage.Image) -> Self:
        """Takes any Pillow image: orientation is applied; palettes, CMYK, 1-bit … become a stored mode."""
        from PIL import ImageOps

        upright = ImageOps.exif_transpose(picture)
        upright = upright if upright.mode in _STORED_MODES else upright.convert(_nearest_mode(upright))
        return cls(upright.mode, upright.size, upright.tobytes())

    @property
    def pil(self) -> PillowImage.Image:
        """A fresh Pillow image; drawing on it changes nothing here."""
        from PIL import Image as PillowImage

        return PillowImage.frombytes(self.mode, self.size, self._data)

    @property
    def digest(self) -> str:
        """Digest of mode, size and pixels."""
        head = canonical_json({"mode": self.mode, "size": list(self.size)})
        return digest_of(head + b"\n" + self._data)

    def encode(self) -> bytes:
        """A PNG without metadata."""
        buffer = io.BytesIO()
        self.pil.save(buffer, "PNG", compress_level=4)
        return buffer.getvalue()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The picture that `encode` wrote, of whatever size: a stranger's bytes are looked at before."""
        from PIL.PngImagePlugin import PngImageFile

        with PngImageFile(io.BytesIO(data)) as opened:
            return cls.of(opened)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and type(other) is type(self) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.digest))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.mode}, {self.size[0]}x{self.size[1]}, {self.digest[:19]})"


def _nearest_mode(picture: PillowImage.Image) -> str:
    if picture.mode.startswith("I"):
        return "I;16"
    transparent = "A" in picture.getbands() or "a" in picture.getbands() or "transparency" in picture.info
    return "RGBA" if transparent else ("L" if picture.mode in {"1", "F"} else "RGB")


class Image(Picture):
    """A picture of one item."""

    __slots__ = ()


class NormalMap(Picture):
    """The direction of a surface at each pixel: x in red, y in green, z in blue, 0 at 128."""

    __slots__ = ()


class Sheet(Picture):
    """One picture that shows many items."""

    __slots__ = ()


class Frame(Validated):
    """A named rectangle of an atlas, in pixels from the upper left; `coordinates` are those of its item."""

    name: str
    x: int
    y: int
    width: int
    height: int
    coordinates: dict[str, str] = Field(default_factory=dict)


class Atlas(Picture):
    """Many items in one picture, and where each of them lies; the table is part of it and of its digest."""

    __slots__ = ("frames",)

    def __init__(self, mode: str, size: tuple[int, int], data: bytes, frames: Iterable[Frame] = ()) -> None:
        super().__init__(mode, size, data)
        self.frames = tuple(frames)

    @classmethod
    def of(cls, picture: PillowImage.Image, frames: Iterable[Frame] = ()) -> Self:
        """Takes any Pillow image, as other pictures do, and the table of its frames."""
        made = super().of(picture)
        made.frames = tuple(frames)
        return made

    @property
    def digest(self) -> str:
        """Digest of mode, size, pixels and frames."""
        return digest_of(super().digest.encode() + b"\n" + self._table())

    def encode(self) -> bytes:
        """A PNG with the frames in one text chunk."""
        from PIL.PngImagePlugin import PngInfo

        chunks, buffer = PngInfo(), io.BytesIO()
        chunks.add_itxt(_FRAMES_CHUNK, self._table().decode())
        self.pil.save(buffer, "PNG", pnginfo=chunks, compress_level=4)
        return buffer.getvalue()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The atlas that `encode` wrote."""
        from PIL.PngImagePlugin import PngImageFile

        with PngImageFile(io.BytesIO(data)) as opened:
            table = json.loads(opened.info[_FRAMES_CHUNK])
            return cls.of(opened, [Frame.model_validate(frame) for frame in table])

    def _table(self) -> bytes:
        return canonical_json([frame.model_dump(mode="json") for frame in self.frames])
