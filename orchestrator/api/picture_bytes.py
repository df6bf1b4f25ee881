"""Whether the bytes of a file that is named as a picture are one; what looks whole is not decoded."""

from __future__ import annotations

import io
import re
import warnings
from typing import Final

from orchestrator.frozen import Frozen

_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp")
_SIGNATURES: Final = {
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff",
    "GIF": b"GIF8",
    "BMP": b"BM",
    "WEBP": b"RIFF",
}
_POINTER: Final = b"version https://git-lfs.github.com/spec/"
_PAGE: Final = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MOST_PIXELS: Final = 128_000_000
_TAKEN: Final = "PNG, JPEG, WebP, BMP and GIF"


class Flaw(Frozen):
    """What is wrong: the code, the end of a sentence that begins with the file's name, and what to do."""

    code: str
    reason: str
    help: str


def flaw_of(name: str, data: bytes) -> Flaw | None:
    """Why a stage could not read the picture; None where it could, or where it is not named as one."""
    if not name.lower().endswith(_ENDINGS):
        return None
    if not data:
        return Flaw("E544", "is empty", "copy or download the picture again")
    if data.startswith(_POINTER):
        return Flaw(
            "E544",
            "is a pointer of Git LFS, and the picture itself is not here",
            "`git lfs pull` fetches it",
        )
    if _PAGE.match(data[:2000]):
        help_ = "open it in a browser to see what the site said, and download the picture again"
        return Flaw("E544", "is a web page, which a download gave in place of the picture", help_)
    kind = next((kind for kind, signature in _SIGNATURES.items() if data.startswith(signature)), "")
    if not kind or (kind == "WEBP" and data[8:12] != b"WEBP"):
        return Flaw("E544", "is no picture that can be read", f"these are read: {_TAKEN}; save it as one")
    return _cut(data) if _may_be_cut(kind, data) else None


def _may_be_cut(kind: str, data: bytes) -> bool:
    """Whether the end is missing, at a glance."""
    if kind == "PNG":
        return b"IEND" not in data[-4096:]
    if kind == "JPEG":
        return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")
    if kind == "GIF":
        return b";" not in data[-16:]
    size = data[2:6] if kind == "BMP" else data[4:8]
    return int.from_bytes(size, "little") + (0 if kind == "BMP" else 8) > len(data)


def _cut(data: bytes) -> Flaw | None:
    """What a decoder says of it; some pictures without an end are whole."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=tuple(_SIGNATURES)) as opened:
                if opened.width * opened.height <= _MOST_PIXELS:
                    opened.load()
    except Exception as error:  # noqa: BLE001 - a decoder raises anything over a stranger's bytes
        text = (str(error).strip() or type(error).__name__).splitlines()[0]
        return Flaw("E546", f"is cut off or damaged: {text}", "copy or download it again")
    return None
