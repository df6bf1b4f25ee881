"""The page opens from disk, asks nothing of anyone, and cannot be broken by what it shows."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from orchestrator.errors.printable import printable
from orchestrator.report import PictureReport, RunReport, notebook, page
from orchestrator.report.wiring import Box, Line, Wiring

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"> " onload=\'x\' </style> {{ 7 * 7 }} '
    "{% raw %} &lt; --> ]]> javascript:alert(1) \u202e"
)


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_each_picture_stands_with_all_that_made_it(report: RunReport) -> None:
    parsed = _Tags(page(report))
    sources = [image["src"] for image in parsed.all("img")]
    assert sources[:2] == ["fire-sword_flat.png", "fire-sword_pixel.png"]
    for shown in (
        "fire sword", "一只可爱的猫咪", "read as: a cute cat", "glowing edge, runes", "the card's default",
        "fire is red", "42", "sha256:aa", "embedded painter", "Apache-2.0", "icons by X", "guidance scale",
    ):  # fmt: skip
        assert shown in parsed.text, shown
    assert "view" not in parsed.text


def test_failures_are_listed_with_their_reason(report: RunReport) -> None:
    text = _Tags(page(report)).text
    assert "out of memory" in text
    assert "use a smaller size" in text


def test_pixel_art_is_not_smoothed(report: RunReport) -> None:
    images = _Tags(page(report)).all("img")
    assert [image.get("class") for image in images] == [None, "pixelated", None]


def test_a_dimension_with_one_member_needs_no_filter(report: RunReport) -> None:
    narrow = replace(report, dimensions={"idea": ("a",), "style": ("flat", "pixel")})
    selects = _Tags(page(narrow)).all("select")
    assert [select["data-dimension"] for select in selects] == ["style"]


def test_names_in_chinese_are_links_that_browsers_take(report: RunReport) -> None:
    assert "%E7%8C%AB" in str(_Tags(page(report)).all("img")[2]["src"])


def test_nothing_is_fetched_and_only_our_script_runs(report: RunReport) -> None:
    text = page(report)
    parsed = _Tags(text)
    (policy,) = [meta["content"] or "" for meta in parsed.all("meta") if "http-equiv" in meta]
    script = re.search("<script>(.*?)</script>", text, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not parsed.all("link")
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    names = {name for _, attributes in parsed.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("form", ["page", "notebook"])
def test_a_hostile_text_stays_a_text(report: RunReport, form: str) -> None:
    first = report.pictures[0]
    assert first.made is not None
    made = replace(
        first.made, idea=HOSTILE, translation=HOSTILE, prompt={HOSTILE: HOSTILE}, reasons={HOSTILE: HOSTILE}
    )
    hostile = replace(
        report,
        name=HOSTILE,
        recipe=HOSTILE,
        out=HOSTILE,
        pictures=(replace(first, made=made, coordinates={"idea": HOSTILE}, model=HOSTILE),),
        failures=(replace(report.failures[0], message=HOSTILE, help=HOSTILE, coordinates={"idea": HOSTILE}),),
        models=(replace(report.models[0], name=HOSTILE, attribution=(HOSTILE,)),),
        dimensions={HOSTILE: (HOSTILE, "b")},
        warnings=(HOSTILE,),
    )
    parsed = _Tags(page(hostile) if form == "page" else notebook(hostile))
    assert len(parsed.all("script")) == (1 if form == "page" else 0)
    assert not any(name.startswith("on") for _, attributes in parsed.tags for name in attributes)
    assert all(image.get("src") != "x" for image in parsed.all("img"))
    assert printable(HOSTILE) in parsed.text


def test_the_same_pictures_give_the_same_bytes(report: RunReport) -> None:
    again = replace(report, run="r2", started="later", seconds=1.0, counts={"stored": 4})
    assert page(report) == page(again)


def test_a_notebook_holds_the_pictures_themselves(report: RunReport) -> None:
    images = _Tags(notebook(report)).all("img")
    assert len(images) == 3
    data = str(images[0]["src"]).removeprefix("data:image/png;base64,")
    assert base64.b64decode(data).startswith(b"\x89PNG")


def test_a_notebook_stays_small(report: RunReport) -> None:
    def large() -> bytes:
        return bytes(2**20)

    many: tuple[PictureReport, ...] = tuple(replace(report.pictures[0], png=large) for _ in range(100))
    text = notebook(replace(report, pictures=many))
    assert len(text) < 9 * 2**20
    assert "more in out/item-icons" in text


def test_the_wiring_is_drawn_without_a_style_of_its_own(report: RunReport) -> None:
    boxes = (Box("expand", "", "Prompt", ("idea",)), Box(HOSTILE, "", "Image", ("idea",), end=True))
    lines = (Line("expand", HOSTILE, "prompt", "Prompt"),)
    drawn = page(replace(report, wiring=Wiring("icons", boxes, lines, {"idea": 2})))
    parsed = _Tags(drawn)
    assert len(parsed.all("svg")) == 1
    assert HOSTILE in parsed.text
    assert len(parsed.all("script")) == 1
    assert not [name for _, attributes in parsed.tags for name in attributes if name == "style"]
    assert not _Tags(page(report)).all("svg")
