"""Stages beside the built-in ones: files of the operator, and files of a project that the operator trusts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.config import Settings, config_folder, settings_from
from orchestrator.errors import Diagnostic, Findings, InvalidInput, Label, Span, Topic
from orchestrator.frozen import Frozen
from orchestrator.stage import StageSpec
from orchestrator.stage.registry import Registry

if TYPE_CHECKING:
    from orchestrator.config.file import StageFile


class Untrusted(Frozen):
    """A stage file that was not imported; `changed` says that an earlier state of it was trusted."""

    file: StageFile
    changed: bool


class Stages(Frozen):
    """The registry, and the files that are not in it because nobody trusts them."""

    registry: Registry
    untrusted: tuple[Untrusted, ...] = ()

    def explained(self, findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Findings, in which a stage that an untrusted file may declare is told as that file's matter."""
        unknown = [finding for finding in findings if finding.topic is Topic.UNKNOWN_STAGE]
        if not self.untrusted or not unknown:
            return tuple(findings)
        labels = tuple(Label(finding.span, "not checked") for finding in unknown if finding.span)
        others = [finding for finding in findings if finding.topic is not Topic.UNKNOWN_STAGE]
        return (*others, *(replace(_not_trusted(each), labels=labels) for each in self.untrusted))


def stages_with(files: Sequence[str | Path], settings: Settings | None = None) -> Stages:
    """The built-in stages, those of `files`, those of the operator's config, and trusted ones of the project.

    Raises:
        InvalidInput: a file cannot be used (E406), or gives a name that is taken (E408); all of them at once.
    """
    trusted, untrusted = _sorted_out(settings)
    named = [*((Path(file), None) for file in files), *trusted]
    registry, findings, seen = Registry(), Findings(), set[Path]()
    for file, data in named:
        if file.resolve() in seen:
            continue
        seen.add(file.resolve())
        try:
            specs = _declared_in(file, data)
        except InvalidInput as error:
            findings.add_all(error.findings)
            continue
        findings.add_all(_taken(file, spec) for spec in specs if spec.name in registry.names())
        registry = registry.extended(specs)
    findings.raise_if_any({})
    given = {Path(file).resolve() for file in files}
    return Stages(registry, tuple(each for each in untrusted if each.file.path.resolve() not in given))


def _declared_in(file: Path, data: bytes | None) -> tuple[StageSpec, ...]:
    from orchestrator.stage.stage_file import load_stage_file  # which few recipes need

    return load_stage_file(file, data)


def registry_with(
    files: Sequence[str | Path], settings: Settings | None = None
) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Every stage there is on this machine, those of packages too; and what is wrong with others."""
    registry = stages_with(files, settings or settings_from()).registry
    return registry, registry.scan()


def _sorted_out(settings: Settings | None) -> tuple[list[tuple[Path, bytes | None]], list[Untrusted]]:
    """Files to import, and files that are not trusted; of one that is, the bytes that were looked at."""
    if settings is None or not (settings.stages or settings.offered):
        return [], []
    from orchestrator.config.trust import Trust

    trust = Trust(config_folder())
    fine: list[tuple[Path, bytes | None]] = [(file.path, None) for file in settings.stages]
    untrusted: list[Untrusted] = []
    for file in settings.offered:
        try:
            data = file.path.read_bytes()
        except OSError:
            fine.append((file.path, None))  # it cannot be imported, and that is what will be told
            continue
        state = trust.state(file.path, data)
        if state == "trusted":
            fine.append((file.path, data))
        else:
            untrusted.append(Untrusted(file, changed=state == "changed"))
    return fine, untrusted


def _in_short(path: Path) -> str:
    """A path as one would type it from the current folder."""
    here, whole = Path.cwd().resolve(), path.resolve()
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()


def _not_trusted(untrusted: Untrusted) -> Diagnostic:
    name = _in_short(untrusted.file.path)
    return Diagnostic(
        code="E452",
        message=f"the stage file {name} has changed since it was trusted, so its stages were not checked"
        if untrusted.changed
        else f"the stage file {name} is not trusted, so its stages were not checked",
        span=untrusted.file.span,
        why="A stage file is a program. Only the operator of a machine says which ones are imported, never a "
        "recipe or a project.",
        help="read the file, then trust it as it is now",
        fix=f"orchestrator trust {name}",
    )


def _taken(file: Path, spec: StageSpec) -> Diagnostic:
    return Diagnostic(
        code="E408",
        message=f"{file.name} declares a stage {spec.name!r}, and that name is taken",
        span=Span.point(str(file), spec.function.__code__.co_firstlineno),
        why="A recipe must mean the same wherever it runs, so no stage replaces another.",
        help="put the studio's name before it",
        fix=f'@stage("studio.{spec.name}", version={spec.version})',
    )
