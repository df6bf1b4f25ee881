"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

idea_option = click.option(
    "--idea",
    "ideas",
    multiple=True,
    metavar="TEXT",
    help="Draw this in place of the recipe's ideas; repeatable.",
)
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a setting, as plan.steps=40 or models.painter=FOLDER; repeatable.",
)
stages_option = click.option(
    "--stages",
    "stages_files",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="A Python file with stages of your own; it is imported. Repeatable.",
)


def examples(*lines: str) -> str:
    """The end of a help page: commands as one types them, never re-wrapped (click's backspace mark)."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def change_options(command: F) -> F:
    """All that changes a recipe from outside."""
    for option in (stages_option, set_option, idea_option):
        command = option(command)
    return command


def recipe_options(command: F) -> F:
    """RECIPE and all that changes it."""
    return click.argument("recipe")(change_options(command))


def only_of(values: Iterable[str]) -> dict[str, list[str]]:
    """`idea=fire-sword,style=flat` as ids by dimension; a dimension named twice takes both ids.

    Raises:
        InvalidInput: a part without `=` (E422).
    """
    chosen: dict[str, list[str]] = {}
    for part in (part.strip() for value in values for part in value.split(",")):
        dimension, equals, member = part.partition("=")
        if not (dimension and equals and member):
            raise _not_an_assignment(part)
        chosen.setdefault(dimension.strip(), []).append(member.strip())
    return chosen


def _not_an_assignment(part: str) -> Exception:
    from orchestrator.errors import Diagnostic, InvalidInput, Span

    word = part.strip("=") or "fire-sword"
    return InvalidInput(
        [
            Diagnostic(
                code="E422",
                message=f"--only takes DIMENSION=ID, not {part!r}",
                span=Span.point("<command line>"),
                why="A recipe may have several dimensions; the id alone does not say which is meant.",
                help="name the dimension; several parts are joined by commas",
                fix=f"--only idea={word}",
            )
        ]
    )
