"""What a caller says besides the recipe: what to change in it, which part of it to run, who watches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from orchestrator.api.locate import locate
from orchestrator.api.validate import Checked, Request, check_located
from orchestrator.config import Settings, settings_from
from orchestrator.events import Event, Listener
from orchestrator.frozen import Frozen

__all__ = ["UNWATCHED", "Request", "Watch", "check_request", "command_line_request"]


def _nobody_listens(event: Event) -> None:
    """A listener for runs that nobody watches."""
    del event


def _nobody_cancels() -> bool:
    """For runs that end by themselves."""
    return False


class Watch(Frozen):
    """Who follows a run, and who may stop it."""

    listener: Listener = _nobody_listens
    cancelled: Callable[[], bool] = _nobody_cancels


UNWATCHED: Final = Watch()


def check_request(
    recipe: str | Path, request: Request, settings: Settings | None = None, config: Path | None = None
) -> Checked:
    """The recipe with what the caller says, checked.

    Args:
        recipe: path of a recipe file, or the name of a ready recipe.
        request: what is changed in it.
        settings: of the operator; from `config`, the environment and the recipe's project unless given.
        config: a config file of the operator's.

    Raises:
        InvalidInput: with every finding, when one of them is an error.
    """
    located = locate(recipe)
    return check_located(located, request, settings or settings_from(config=config, project=located.home))


def command_line_request(
    ideas: Sequence[str], overrides: Sequence[str], stages_files: Sequence[str]
) -> Request:
    """What a command line says: ideas in place of the recipe's, `--set` values, stage files."""
    return Request(
        items={"idea": list(ideas)} if ideas else None,
        overrides=[_from_here(override) for override in overrides],
        stages_files=stages_files,
        items_from="<--idea>",
    )


def _from_here(override: str) -> str:
    """A model's folder on the command line counts from the current folder; in a recipe, from the recipe's."""
    name, equals, source = override.partition("=")
    if not name.startswith("models.") or not equals:
        return override
    kind, colon, folder = source.rpartition(":")
    if not set(folder) & {"/", "\\"} or not Path(folder).is_dir():
        return override
    return f"{name}={kind}{colon}{Path(folder).resolve().as_posix()}"
