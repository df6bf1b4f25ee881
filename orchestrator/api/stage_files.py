"""Stage files that the operator named, added to the built-in stages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator.errors import Diagnostic, InvalidInput, Span
from orchestrator.stage import StageSpec
from orchestrator.stage.registry import Registry, load_stage_file


def registry_with(files: Sequence[str | Path]) -> Registry:
    """The registry with the stages that the files declare; the files are imported.

    Raises:
        InvalidInput: a file cannot be used (E406), or gives a name that is taken (E408); all of them at once.
    """
    registry, findings = Registry(), list[Diagnostic]()
    for file in files:
        try:
            specs = load_stage_file(Path(file))
        except InvalidInput as error:
            findings += error.findings
            continue
        findings += [_taken(Path(file), spec) for spec in specs if spec.name in registry.names()]
        registry = registry.extended(specs)
    if findings:
        raise InvalidInput(findings)
    return registry


def _taken(file: Path, spec: StageSpec) -> Diagnostic:
    return Diagnostic(
        code="E408",
        message=f"{file.name} declares a stage {spec.name!r}, and that name is taken",
        span=Span.point(str(file), spec.function.__code__.co_firstlineno),
        why="A recipe must mean the same wherever it runs, so no stage replaces another.",
        help="put the studio's name before it",
        fix=f'@stage("studio.{spec.name}", version={spec.version})',
    )
