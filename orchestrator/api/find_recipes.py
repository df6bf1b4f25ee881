"""From files, folders and names of ready recipes to the recipes that are meant."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from orchestrator.api.review_file import REVIEW_SUFFIXES
from orchestrator.errors import Diagnostic, Span, Topic
from orchestrator.frozen import Frozen

_SUFFIXES: Final = (".yaml", ".yml")
_LOOKED_AT: Final = 64 * 1024
_KEY: Final = re.compile(rb"^(?:\xef\xbb\xbf)?(?:\{[ \t]*)?[\"']?recipe[\"']?[ \t]*:", re.MULTILINE)


class Found(Frozen):
    """What arguments stand for.

    Attributes:
        recipes: as `locate` takes them, each once.
        inside: those of them that were found in a folder, and not named outright.
        skipped: files of a folder that are no recipes.
        findings: folders without a recipe.
    """

    recipes: tuple[str, ...]
    inside: frozenset[str]
    skipped: tuple[str, ...]
    findings: tuple[Diagnostic, ...]


def find_recipes(named: Sequence[str]) -> Found:
    """The recipes behind the arguments; a folder stands for all recipes in it, however deep.

    A YAML file of a folder is a recipe if it has the key `recipe` at its left margin. Hidden folders and
    links to folders are not entered. What is no folder is taken as it is, whether it exists or not.
    """
    recipes, found, skipped, findings = list[str](), list[str](), list[str](), list[Diagnostic]()
    for name in named:
        if not Path(name).is_dir():
            recipes.append(beside_review(name))
            continue
        files = list(_files(Path(name)))
        inside = [file for file in files if _is_recipe(Path(file))]
        recipes += inside
        found += inside
        skipped += [file for file in files if file not in set(inside)]
        findings += [] if inside else [_none_in(name)]
    others = dict.fromkeys(file for file in skipped if file not in recipes)
    return Found(tuple(dict.fromkeys(recipes)), frozenset(found) - set(named), tuple(others), tuple(findings))


def beside_review(name: str) -> str:
    """The recipe that a review file stands beside, and is checked with; any other name as it is."""
    end = next((end for end in REVIEW_SUFFIXES if name.endswith(end)), None)
    if end is None:
        return name
    beside = [name.removesuffix(end) + suffix for suffix in _SUFFIXES]
    return next((recipe for recipe in beside if Path(recipe).is_file()), beside[0])


def is_open_port(finding: Diagnostic, file: str) -> bool:
    """Whether a finding says no more than that a recipe, as a part of others, has an open port."""
    return finding.topic is Topic.OPEN_PORT and finding.span is not None and finding.span.file == file


def _files(folder: Path) -> Iterator[str]:
    """The YAML files below a folder, sorted folder by folder, so that every machine finds them alike.

    Review files are left out: each is checked with the recipe that it stands beside.
    """
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(_SUFFIXES) and not name.endswith(REVIEW_SUFFIXES):
                yield (Path(parent) / name).as_posix()


def _is_recipe(file: Path) -> bool:
    try:
        if not file.is_file():
            return file.is_symlink()  # one that leads nowhere is told; a pipe is no recipe, and may never end
        with file.open("rb") as opened:
            return _KEY.search(opened.read(_LOOKED_AT)) is not None
    except OSError:
        return True  # the check that follows says why it cannot be read


def _none_in(folder: str) -> Diagnostic:
    return Diagnostic(
        code="E424",
        message=f"the folder {folder!r} holds no recipe",
        span=Span.point("<command line>"),
        why="A folder stands for its .yaml and .yml files that have the key `recipe`; none of them has it.",
        help="name another folder or a file; a recipe begins with this line",
        fix="recipe: 1",
    )
