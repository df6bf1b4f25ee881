"""Stages out of a Python file that the operator named."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from orchestrator.errors import Diagnostic, InvalidInput, Span, StageDeclarationError
from orchestrator.stage.declaration import StageSpec, specs_in
from orchestrator.stage.source_digest import source_of


def load_stage_file(path: Path, data: bytes | None = None) -> tuple[StageSpec, ...]:
    """Imports a stage file that the operator named; a broken one is a finding, no traceback.

    The stage's `source` is a digest of the file's syntax tree without docstrings, so that a comment redraws
    nothing and an edit does. `data` are its bytes where the caller has looked at them already.
    """
    try:
        text = (path.read_bytes() if data is None else data).decode("utf-8-sig").replace("\r\n", "\n")
        specs = _executed(path, text)
    except (Exception, SystemExit) as error:  # whatever a stranger's module raises at import
        raise InvalidInput([_broken(path, error)], {}) from error
    if not specs:
        raise InvalidInput([_broken(path, ValueError("it declares no stage"))], {})
    source = source_of(text)
    return tuple(replace(spec, source=source) for spec in specs)


def _executed(path: Path, text: str) -> tuple[StageSpec, ...]:
    import importlib.util

    module_spec = importlib.util.spec_from_file_location(f"orchestrator_stages_{path.stem}", path)
    if module_spec is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(module_spec)
    sys.modules[module_spec.name] = module  # pydantic looks names of annotations up there
    code = compile(text, str(path), "exec", dont_inherit=True)
    exec(code, vars(module))  # noqa: S102 - the operator named this file
    return tuple(specs_in(vars(module)))


def _broken(path: Path, error: BaseException) -> Diagnostic:
    kind = "" if isinstance(error, StageDeclarationError) else f"{type(error).__name__}: "
    line = _line_of(path, error)
    said = str(error).removeprefix(f"{path}:{line}: ")
    return Diagnostic(
        code="E406",
        message=f"the stage file {path.name} cannot be used: {kind}{said}",
        span=Span.point(str(path), line),
        why="A stage file is imported before the recipe is checked, to know its ports and params.",
        help="mend the file; `orchestrator stages --stages FILE` shows what it declares",
    )


def _line_of(path: Path, error: BaseException) -> int:
    """The line of the file where the error arose: as the error says, else its deepest frame there."""
    import traceback

    said = getattr(error, "lineno", None)
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame.lineno for frame in frames if frame.filename == str(path) and frame.lineno]
    return int(said) if said else (inside[-1] if inside else 1)
