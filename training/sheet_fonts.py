"""Cuts the fonts of the sheets out of Noto's, so that the wheel holds what labels need and no more.

    pip install fonttools
    apt-get download fonts-noto-core fonts-noto-cjk && for each in *.deb; do dpkg -x $each noto; done
    python training/sheet_fonts.py noto/usr/share/fonts orchestrator/builtin/fonts

`noto-sans-sc-subset.otf` is older and stays as it is: Latin letters and Chinese look as they always did.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

_MARKS = range(0x300, 0x370)
_COMMON = (
    *range(0x20, 0x7F), 0xA0, 0xAB, 0xB7, 0xBB, *range(0x2010, 0x2028), 0x200C, 0x200D, 0x25CC,
)  # fmt: skip
"""Blanks, digits and signs within words of any script, and the joiners; the circle carries marks."""

PLAIN: dict[str, tuple[int, ...]] = {
    "NotoSans": (
        *range(0x20, 0x530), *range(0x1E00, 0x2000), *range(0x2000, 0x2070), *range(0x2070, 0x20C1),
        *range(0x2100, 0x2190), *range(0x2C60, 0x2C80), *range(0xA720, 0xA800),
    ),
    "NotoSansArabic": (
        *range(0x600, 0x700), *range(0x750, 0x780), *range(0x8A0, 0x900), *range(0xFE70, 0xFF00),
    ),
    "NotoSansArmenian": (*range(0x530, 0x590), *range(0xFB13, 0xFB18)),
    "NotoSansBengali": (*range(0x980, 0xA00), 0x964, 0x965),
    "NotoSansDevanagari": (*range(0x900, 0x980), *range(0xA8E0, 0xA900)),
    "NotoSansEthiopic": tuple(range(0x1200, 0x13A0)),
    "NotoSansGeorgian": (*range(0x10A0, 0x1100), *range(0x1C90, 0x1CC0)),
    "NotoSansGujarati": (*range(0xA80, 0xB00), 0x964, 0x965),
    "NotoSansGurmukhi": (*range(0xA00, 0xA80), 0x964, 0x965),
    "NotoSansHebrew": (*range(0x590, 0x600), *range(0xFB1D, 0xFB50)),
    "NotoSansKannada": (*range(0xC80, 0xD00), 0x964, 0x965),
    "NotoSansKhmer": (*range(0x1780, 0x1800), *range(0x19E0, 0x1A00)),
    "NotoSansLao": tuple(range(0xE80, 0xF00)),
    "NotoSansMalayalam": (*range(0xD00, 0xD80), 0x964, 0x965),
    "NotoSansMongolian": tuple(range(0x1800, 0x18B0)),
    "NotoSansMyanmar": tuple(range(0x1000, 0x10A0)),
    "NotoSansOriya": (*range(0xB00, 0xB80), 0x964, 0x965),
    "NotoSansRunic": tuple(range(0x16A0, 0x1700)),
    "NotoSansSinhala": (*range(0xD80, 0xE00), 0x964, 0x965),
    "NotoSansSymbols": (*range(0x2190, 0x2800), *range(0x1F100, 0x1F200)),
    "NotoSansSymbols2": (*range(0x2190, 0x2800), *range(0x2B00, 0x2C00), *range(0x1F300, 0x1F700)),
    "NotoSansTamil": (*range(0xB80, 0xC00), 0x964, 0x965),
    "NotoSansTelugu": (*range(0xC00, 0xC80), 0x964, 0x965),
    "NotoSansThaana": tuple(range(0x780, 0x7C0)),
    "NotoSansThai": tuple(range(0xE00, 0xE80)),
    "NotoSerifTibetan": tuple(range(0xF00, 0x1000)),
}  # fmt: skip
"""Which characters of which of Noto's fonts of one script."""

_OF_ALL_CJK = {"jp": 0, "kr": 1, "sc": 2, "tc": 3}
"""Numbers of the fonts within NotoSansCJK-Regular.ttc."""


def _of_codec(codec: str, leads: Iterable[int], trails: Iterable[int]) -> set[int]:
    """The characters of a table of two bytes."""
    trails = tuple(trails)
    texts = (bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)
    return {ord(text) for text in texts if len(text) == 1}


def chinese_japanese_korean() -> dict[str, set[int]]:
    """What GB 2312 lacks of JIS X 0208 (level 1), KS X 1001 (all syllables) and Big5 (level 1)."""
    held = _of_codec("gb2312", range(0xA1, 0xFF), range(0xA1, 0xFF))
    japanese = _of_codec("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)) - held
    traditional = _of_codec("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    korean = _of_codec("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)) | set(range(0x3131, 0x3164))
    return {
        "jp": japanese - traditional,
        "kr": korean,
        "tc": {each for each in traditional - held if each > 0x3400},
    }


def cut(font: Path, number: int, characters: Iterable[int], to: Path) -> None:
    """Writes the subset; the names that the licence asks for stay."""
    options = Options(
        font_number=number, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    if number >= 0:
        options.layout_features = ["kern", "palt"]
    opened = load_font(str(font), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(characters))
    subsetter.subset(opened)
    save_font(opened, str(to), options)


def table(fonts: Path) -> dict[str, dict[str, str]]:
    """Digest and code points of each font, in the order in which a sheet asks them for a letter."""
    first = [fonts / "noto-sans-sc-subset.otf", fonts / "NotoSans-subset.ttf"]
    asian = sorted(fonts.glob("NotoSansCJK*"))
    others = sorted({*fonts.glob("*.ttf")} - {*first})
    return {
        path.name: {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "characters": _ranges(sorted(load_font(str(path), Options()).getBestCmap())),
        }
        for path in (*first, *asian, *others)
    }


def _ranges(points: list[int]) -> str:
    """`20-7e a0`: ranges in hexadecimal."""
    held = set(points)
    starts = [at for at in points if at - 1 not in held]
    parts: list[str] = []
    for start in starts:
        end = start
        while end + 1 in held:
            end += 1
        parts.append(f"{start:x}" if start == end else f"{start:x}-{end:x}")
    return " ".join(parts)


def main(noto: Path, fonts: Path) -> None:
    """All subsets from the fonts below `noto`."""
    for name, characters in PLAIN.items():
        (source,) = noto.rglob(f"{name}-Regular.ttf")
        extra = _MARKS if name == "NotoSans" else ()
        cut(source, -1, {*_COMMON, *characters, *extra}, fonts / f"{name}-subset.ttf")
    (collection,) = noto.rglob("NotoSansCJK-Regular.ttc")
    for name, characters in chinese_japanese_korean().items():
        cut(collection, _OF_ALL_CJK[name], characters, fonts / f"NotoSansCJK{name}-subset.otf")
    (fonts / "fonts.json").write_text(json.dumps(table(fonts), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
