"""The group of commands, and what every command has in common: streams, errors, exit codes."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import prepare_streams, say, show_error
from orchestrator.cli.status import FAILED, STOPPED

_NAMES = (
    "explain", "export", "formats", "graph", "library", "new", "run", "schema", "stages", "trust", "validate",
)  # fmt: skip
_HOMES = {name: name for name in _NAMES}


class _Commands(click.Group):
    """Imports a command when it is called or listed, so that each starts as fast as it can."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _HOMES:
            return None
        return import_module(f"orchestrator.cli.{_HOMES[cmd_name]}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message}{_suggestion(args[0])}", ctx) from error


_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_EXAMPLES = examples(
    'orchestrator run item-icons --idea "fire sword" --idea "health potion"',
    "orchestrator new item-icons          a recipe of your own, to be changed",
    "orchestrator validate item-icons.yaml",
    "orchestrator run item-icons.yaml",
)


@click.group(cls=_Commands, epilog=_EXAMPLES, context_settings=_SETTINGS)
@click.version_option(package_name="orchestrator", message="%(version)s")
@click.option("--config", metavar="FILE", type=click.Path(), help="Settings over those of your config.toml.")
def app(config: str | None) -> None:
    """Turns terse ideas into consistent sets of game assets."""
    del config  # `request.named_config` reads it where a command needs settings


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The entry point; ends the process with the command's exit code."""
    gc.disable()  # a start makes no garbage; saves a tenth of the time of `validate`; `run` turns it on again
    prepare_streams()
    status = _status(arguments)
    gc.freeze()  # the collection at exit need not look through what the system takes back at once
    sys.exit(status)


def _status(arguments: Sequence[str] | None) -> int:
    from orchestrator.errors import Cancelled, OrchestratorError

    try:
        result: object = app.main(arguments, prog_name="orchestrator", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt, Cancelled):
        say("Stopped.", err=True)
        return STOPPED
    except OrchestratorError as error:
        return show_error(error)
    except BrokenPipeError:
        return FAILED
    return result if isinstance(result, int) else 0


def _suggestion(word: str) -> str:
    from orchestrator.errors import did_you_mean

    near = did_you_mean(word, _HOMES)
    return f" Did you mean {near!r}?" if near else ""
