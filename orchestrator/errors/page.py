"""The pages of the findings, `pages/CODE.md`: found, listed, and laid out for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BOLD, _DIM, _CYAN, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
_LABELS = {"yaml": "recipe.yaml", "python": "what makes it happen", "console": "command", "text": "says"}
_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Page:
    """What a code means. `text` is Markdown; `summary` its first paragraph, in one line."""

    code: str
    title: str
    summary: str
    text: str


def page_of(code: str) -> Page | None:
    """The page of a code, None where there is none of it."""
    file = files("orchestrator.errors") / "pages" / f"{code}.md"
    if not re.fullmatch(r"[A-Z]\d{3}", code) or not file.is_file():
        return None
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    head, _, body = text.partition("\n")
    summary = " ".join(body.strip().split("\n\n", 1)[0].split())
    return Page(code, head.partition(": ")[2], summary, text)


def titles() -> Mapping[str, str]:
    """The title of each code's page, in order."""
    names = sorted(file.name for file in (files("orchestrator.errors") / "pages").iterdir())
    pages = (page_of(name.removesuffix(".md")) for name in names if name.endswith(".md"))
    return {page.code: page.title for page in pages if page is not None}


def as_terminal(page: Page, *, width: int, colour: bool = False) -> str:
    """The page without Markdown's marks, paragraphs wrapped, blocks indented and named."""
    paint = _painted if colour else _plain
    body = page.text.partition("\n")[2]
    title = paint(_BOLD, f"{page.code}: {page.title}")
    return "\n\n".join([title, *_blocks(body, max(width, _NARROWEST), colour=colour)])


def _blocks(markdown: str, width: int, *, colour: bool) -> Iterator[str]:
    done = 0
    for fence in _FENCE.finditer(markdown):
        yield from _paragraphs(markdown[done : fence.start()], width, colour=colour)
        yield _block(fence[1], fence[2], colour=colour)
        done = fence.end()
    yield from _paragraphs(markdown[done:], width, colour=colour)


def _block(language: str, text: str, *, colour: bool) -> str:
    label = _LABELS.get(language, language)
    named = f"{_DIM}{label}:{_RESET}" if colour else f"{label}:"
    return f"{named}\n{textwrap.indent(text.rstrip(), '    ')}"


def _paragraphs(markdown: str, width: int, *, colour: bool) -> Iterator[str]:
    for paragraph in markdown.strip().split("\n\n"):
        if paragraph.strip():
            yield _inline(textwrap.fill(" ".join(paragraph.split()), width), colour=colour)


def _inline(text: str, *, colour: bool) -> str:
    """`code` keeps its marks where there is no colour to set it off."""
    return re.sub(r"`([^`]+)`", rf"{_CYAN}\1{_RESET}", text) if colour else text


def _painted(mark: str, text: str) -> str:
    return f"{mark}{text}{_RESET}"


def _plain(mark: str, text: str) -> str:
    del mark
    return text
