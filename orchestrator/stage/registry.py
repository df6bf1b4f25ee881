"""Names to stages. Only the modules of stages that a recipe uses are imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from orchestrator.errors import Diagnostic, InvalidInput, Span, StageDeclarationError
from orchestrator.stage.canonical import digest_of
from orchestrator.stage.declaration import StageSpec, spec_of

BUILTIN_MODULES: Mapping[str, str] = {
    "amend": "orchestrator.builtin.amend",
    "animate": "orchestrator.builtin.animate",
    "atlas": "orchestrator.builtin.atlas",
    "best-of": "orchestrator.builtin.best_of",
    "brightness": "orchestrator.builtin.brightness",
    "contact-sheet": "orchestrator.builtin.contact_sheet",
    "expand": "orchestrator.builtin.expand",
    "normal-map": "orchestrator.builtin.normal_map",
    "picture": "orchestrator.builtin.picture",
    "plan": "orchestrator.builtin.plan",
    "remove-background": "orchestrator.builtin.remove_background",
    "render": "orchestrator.builtin.render",
    "repaint": "orchestrator.builtin.repaint",
    "score": "orchestrator.builtin.score",
    "seamless": "orchestrator.builtin.seamless",
}


class Registry:
    """The stages that a recipe may use: built-in ones by module, others by their declaration."""

    def __init__(
        self, modules: Mapping[str, str] = BUILTIN_MODULES, declared: Iterable[StageSpec] = ()
    ) -> None:
        self._modules = dict(modules)
        self._declared = {spec.name: spec for spec in declared}

    def names(self) -> tuple[str, ...]:
        """All registered names, sorted."""
        return tuple(sorted({*self._modules, *self._declared}))

    def find(self, name: str) -> StageSpec | None:
        """The stage of this name, imported now; None when there is none."""
        if name not in self._declared:
            if name not in self._modules:
                return None
            module = importlib.import_module(self._modules[name])
            self._declared |= {spec.name: spec for spec in _specs_in(vars(module))}
        return self._declared[name]

    def extended(self, specs: Iterable[StageSpec]) -> Registry:
        """A registry with further stages; a name that exists is refused by the caller's check."""
        return Registry(self._modules, [*self._declared.values(), *specs])


def load_stage_file(path: Path) -> tuple[StageSpec, ...]:
    """Imports a stage file that the operator named; a broken one is a finding, no traceback.

    The stage's `source` is a digest of the file's syntax tree without docstrings, so that a comment redraws
    nothing and an edit does.
    """
    try:
        text = path.read_text(encoding="utf-8")
        specs = _executed(path, text)
    except Exception as error:  # whatever a stranger's module raises at import
        raise InvalidInput([_broken(path, error)], {}) from error
    if not specs:
        raise InvalidInput([_broken(path, ValueError("it declares no stage"))], {})
    source = digest_of(_syntax_without_docstrings(text).encode())
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
    return tuple(_specs_in(vars(module)))


def _specs_in(namespace: Mapping[str, object]) -> list[StageSpec]:
    found = (spec_of(value) for value in namespace.values())
    return [spec for spec in found if spec is not None]


def _syntax_without_docstrings(text: str) -> str:
    import ast

    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and (
            ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def _broken(path: Path, error: Exception) -> Diagnostic:
    kind = "" if isinstance(error, StageDeclarationError) else f"{type(error).__name__}: "
    line = _line_of(path, error)
    said = str(error).removeprefix(f"{path}:{line}: ")
    return Diagnostic(
        code="E406",
        message=f"the stage file {path.name} cannot be used: {kind}{said}",
        span=Span.point(str(path), line),
        why="Stages named with --stages are imported before the recipe is checked.",
        help="mend the file; `orchestrator stages --stages FILE` shows what it declares",
    )


def _line_of(path: Path, error: Exception) -> int:
    """The line of the file where the error arose: as the error says, else its deepest frame there."""
    import traceback

    said = getattr(error, "lineno", None)
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame.lineno for frame in frames if frame.filename == str(path) and frame.lineno]
    return int(said) if said else (inside[-1] if inside else 1)
