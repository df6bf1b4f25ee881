"""Stages out of a Python file that the operator named."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from orchestrator.errors import Diagnostic, InvalidInput, Span, StageDeclarationError
from orchestrator.stage.declaration import StageSpec, specs_in
from orchestrator.stage.local_modules import LocalModule, local_modules, remember, remember_file
from orchestrator.stage.opened_files import watching
from orchestrator.stage.source_digest import source_with


def load_stage_file(path: Path, data: bytes | None = None) -> tuple[StageSpec, ...]:
    """Imports a stage file that the operator named; a broken one is a finding, no traceback.

    The stage's `source` is a digest of the file's syntax tree without docstrings, so that a comment redraws
    nothing and an edit does; of the local modules that it imports, as deep as they go; and of the files below
    its folder that it opens while it is imported, or declares by `files=`. `data` are its bytes where the
    caller has looked at them already.
    """
    opened: dict[str, bytes] = {}
    folder = path.absolute().parent

    def note(file: Path) -> None:
        opened[file.relative_to(folder.resolve()).as_posix()] = file.read_bytes()

    try:
        text = (path.read_bytes() if data is None else data).decode("utf-8-sig").replace("\r\n", "\n")
        remember_file(path.resolve(), text.encode())
        remember(local_modules(text, folder))
        with watching(folder.resolve(), note):
            specs = _executed(path, text)
        modules = local_modules(text, folder)  # with what it added to sys.path
        remember(modules)
        return _counted(_declared(specs), text, modules, opened, folder)
    except (Exception, SystemExit) as error:  # whatever a stranger's module raises at import
        raise InvalidInput([_broken(path, error)], {}) from error


def _declared(specs: tuple[StageSpec, ...]) -> tuple[StageSpec, ...]:
    if not specs:
        raise ValueError("it declares no stage")
    return specs


def _counted(
    specs: Sequence[StageSpec],
    text: str,
    modules: Sequence[LocalModule],
    opened: Mapping[str, bytes],
    folder: Path,
) -> tuple[StageSpec, ...]:
    """The stages with the digest of all that each is made of, and what its calls may open."""
    sources: dict[tuple[str, ...], str] = {}
    for declared in {spec.files for spec in specs}:
        files = {**opened, **{name: _bytes_of(folder, name) for name in declared}}
        sources[declared] = source_with(text, modules, files)
    return tuple(
        replace(spec, source=sources[spec.files], home=str(folder), opens=frozenset({*opened, *spec.files}))
        for spec in specs
    )


def _bytes_of(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"files={name!r} leads out of its folder")
    return path.read_bytes()


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
