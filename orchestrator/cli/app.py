"""The group of commands, and what every command has in common: streams, errors, exit codes."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from orchestrator.cli.arguments import examples
from orchestrator.cli.console import lost_output, prepare_streams, say, say_findings, show_error
from orchestrator.cli.leave import leave_in_time
from orchestrator.cli.status import FAILED, STOPPED

_NAMES = (
    "explain", "export", "formats", "graph", "library", "models", "new", "run", "schema", "stages", "trust",
    "validate",
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
    status = _with_output(_status(arguments))
    leave_in_time(status)
    gc.freeze()  # the collection at exit need not look through what the system takes back at once
    sys.exit(status)


def _status(arguments: Sequence[str] | None) -> int:
    from orchestrator.errors import Cancelled, OrchestratorError

    try:
        result: object = app.main(arguments, prog_name="orchestrator", standalone_mode=False)
    except click.ClickException as error:
        say(_usage(error), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt, Cancelled):
        say("Stopped.", err=True)
        return STOPPED
    except OrchestratorError as error:
        return show_error(error)
    except BrokenPipeError:
        return FAILED
    return result if isinstance(result, int) else 0


def _with_output(status: int) -> int:
    """The exit code; one that says fine does not stand where what was to be read is lost."""
    lost = lost_output()
    if not lost:
        return status
    from orchestrator.errors import Diagnostic

    finding = Diagnostic(
        code="E428",
        message=f"what the command says could not be written to its output: {lost}",
        why="The work is done all the same, and what was made stands where it belongs.",
        help="free some space, or send the output elsewhere",
    )
    say_findings([finding], {})
    return status or FAILED


def _usage(error: click.ClickException) -> str:
    """As click shows it; what the user typed may hold anything."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return f"Error: {error.format_message()}"
    hint = f"Try '{context.command_path} --help' for help."
    return f"{context.get_usage()}\n{hint}\n\nError: {error.format_message()}"


def _suggestion(word: str) -> str:
    from orchestrator.errors import did_you_mean

    near = did_you_mean(word, _HOMES)
    return f" Did you mean {near!r}?" if near else ""
