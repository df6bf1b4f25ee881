"""Describes a painter: folder, files, digests, card. Imports neither torch nor diffusers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from orchestrator.backends import identity
from orchestrator.backends.diffusion import findings
from orchestrator.backends.diffusion.card import card_of
from orchestrator.backends.diffusion.families import steps_of
from orchestrator.backends.diffusion.folder import PainterFolder, read_folder
from orchestrator.backends.source import locate
from orchestrator.config import Settings
from orchestrator.errors import Span
from orchestrator.recipe import ModelChoice
from orchestrator.stage import Description

EMBEDDED = Path(__file__).resolve().parent.parent / "embedded" / "painter"


def describe_painter(choice: ModelChoice, settings: Settings, base: Path) -> Description:
    """What is known of the painter that a recipe names, or that Python handed in."""
    if choice.given is not None:
        return _handed_in(choice)
    path, source = locate(choice, base, EMBEDDED), str(choice.source)
    folder = read_folder(path, source, choice.span)
    return Description(
        role=choice.role,
        kind="diffusion",
        source=source,
        identity=identity_of(folder, source, settings, choice.span),
        card=card_of(folder, source, choice.span),
        location=str(path.resolve()),
        steps=steps_of(folder.configs.get("scheduler", {})),
    )


def identity_of(folder: PainterFolder, source: str, settings: Settings, span: Span | None = None) -> str:
    """Digest over every file that the loader opens; E309 where one differs from the folder's digests.json."""
    digests = identity.digests_of({name: folder.path / name for name in folder.files}, settings.store)
    if (name := identity.altered(digests, _expected(folder, source, span))) is not None:
        raise findings.damaged(source, name, "its bytes are not those that its digest names", span)
    return identity.of_files("diffusion", digests)


def _expected(folder: PainterFolder, source: str, span: Span | None) -> dict[str, str]:
    """digests.json: relative path to sha256; a folder without one is taken as it is."""
    path = folder.path / "digests.json"
    if not path.is_file():
        return {}
    try:
        held: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise findings.broken_json(source, "digests.json", str(error), span) from error
    if not isinstance(held, dict):
        raise findings.broken_json(source, "digests.json", "it is no JSON object", span)
    pairs = cast("dict[object, object]", held).items()
    return {name: digest for name, digest in pairs if isinstance(name, str) and isinstance(digest, str)}


def _handed_in(choice: ModelChoice) -> Description:
    from orchestrator.backends.diffusion.handed_in import HandedIn, card_of_object, vouched_by

    given = choice.given
    wrapped = given if isinstance(given, HandedIn) else HandedIn(given, vouched_by(given))
    return Description(
        role=choice.role,
        kind="diffusion",
        source=str(choice.source),
        identity=identity.of_object("diffusion", wrapped.identity or ""),
        card=card_of_object(wrapped, choice.role, choice.span),
        handed_in=wrapped.pipe,
    )
