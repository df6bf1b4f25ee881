"""`index.html`: each picture with all that decided it, in one file that opens from disk.

It asks nothing of any server, names its own script and style by digest in its content security policy,
and says nothing of times, so the same pictures give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from orchestrator.errors.printable import printable
from orchestrator.report.model import PictureReport, RunReport, named
from orchestrator.report.summary import as_words
from orchestrator.report.wiring import as_svg

if TYPE_CHECKING:
    from jinja2 import Environment


def page(report: RunReport) -> str:
    """The page. Pictures are linked by their names, relative to the page."""
    from markupsafe import Markup

    style, script = _asset("page.css"), _asset("page.js")
    template = _environment().from_string(_asset("page.html.jinja"))
    pieces = template.generate(
        report=report,
        wiring=Markup(as_svg(report.wiring, embedded=True)) if report.wiring else "",  # noqa: S704 - escaped there
        filters={name: ids for name, ids in report.dimensions.items() if len(ids) > 1},
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_source_hash(style),
        script_hash=_source_hash(script),
    )
    return "".join(pieces)


def is_pixel_art(picture: PictureReport) -> bool:
    """Whether its plan put it on a pixel grid; smoothing would spoil it."""
    post = picture.made.settings.get("post", ()) if picture.made else ()
    return any(step.get("step") == "pixel-grid" for step in cast("Sequence[Mapping[str, object]]", post))


def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_shown)
    filters: dict[str, Callable[..., Any]] = {
        "plain": as_words,
        "words": _spaced,
        "item": named,
        "as_json": _as_json,
        "link": quote,
        "pixelated": is_pixel_art,
        "origin": _origin,
    }
    environment.filters.update(filters)
    return environment


def _shown(value: object) -> object:
    """Texts without what a reader does not see; what is our own markup stays as it is."""
    return printable(value) if type(value) is str else value


def _as_json(coordinates: Mapping[str, str]) -> str:
    return json.dumps(dict(coordinates), ensure_ascii=False)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _origin(picture: PictureReport) -> dict[str, object]:
    return {
        "file": picture.name,
        "stage": picture.stage,
        "seed": "" if picture.seed is None else picture.seed,
        "model": picture.model,
        "model_identity": picture.model_identity,
        "identity": picture.identity,
        "pixels": picture.artifact,
    }


def _asset(name: str) -> str:
    return (files(__package__ or "") / "assets" / name).read_text(encoding="utf-8")


def _source_hash(text: str) -> str:
    """As a content security policy names an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
