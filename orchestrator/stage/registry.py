"""Names to stages. Only the modules of stages that a recipe uses are imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from orchestrator.errors import Diagnostic, InvalidInput, Span, StageDeclarationError
from orchestrator.stage.canonical import canonical_json, digest_of
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
    "review": "orchestrator.builtin.review",
    "score": "orchestrator.builtin.score",
    "seamless": "orchestrator.builtin.seamless",
}


RENAMED: Mapping[str, str] = {}
"""Earlier names of built-in stages to their names now; each stands in the stage's own `was=` too."""


class Registry:
    """The stages that a recipe may use: built-in ones by module, others by their declaration."""

    def __init__(
        self, modules: Mapping[str, str] = BUILTIN_MODULES, declared: Iterable[StageSpec] = ()
    ) -> None:
        self._modules = dict(modules)
        self._declared = {spec.name: spec for spec in declared}
        self._offered: frozenset[str] | None = None

    def names(self) -> tuple[str, ...]:
        """All registered names, sorted."""
        return tuple(sorted({*self._modules, *self._declared}))

    def find(self, name: str) -> StageSpec | None:
        """The stage of this name, now or earlier, imported now; None when there is none.

        Packages that are installed beside us are asked only for a name that is not known otherwise.

        Raises:
            InvalidInput: an installed package offers it and cannot be used (E409).
        """
        name = RENAMED.get(name, name)
        if name in self._declared:
            return self._declared[name]
        if name in self._modules:
            module = importlib.import_module(self._modules[name])
            self._declared |= {spec.name: spec for spec in specs_in(vars(module))}
            return self._declared[name]
        return self._earlier(name) or self._installed(name)

    def scan(self) -> None:
        """Adds every stage that installed packages offer, for a list of all."""
        from orchestrator.stage.installed import offered_names

        for name in offered_names():
            self.find(name)

    def _earlier(self, name: str) -> StageSpec | None:
        return next((spec for spec in self._declared.values() if name in spec.was), None)

    def _installed(self, name: str) -> StageSpec | None:
        from orchestrator.stage.installed import load_installed, offered_names

        if self._offered is None:  # a look at all packages, which a recipe of unknown names must not repeat
            self._offered = frozenset(offered_names())
        if name not in self._offered:
            return None
        for spec in load_installed(name):
            self._declared.setdefault(spec.name, spec)
        return self._declared.get(name) or self._earlier(name)

    def extended(self, specs: Iterable[StageSpec]) -> Registry:
        """A registry with further stages; a name that exists is refused by the caller's check."""
        return Registry(self._modules, [*self._declared.values(), *specs])


def load_stage_file(path: Path, data: bytes | None = None) -> tuple[StageSpec, ...]:
    """Imports a stage file that the operator named; a broken one is a finding, no traceback.

    The stage's `source` is a digest of the file's syntax tree without docstrings, so that a comment redraws
    nothing and an edit does. `data` are its bytes where the caller has looked at them already.
    """
    try:
        text = (path.read_bytes() if data is None else data).decode("utf-8-sig").replace("\r\n", "\n")
        specs = _executed(path, text)
    except Exception as error:  # whatever a stranger's module raises at import
        raise InvalidInput([_broken(path, error)], {}) from error
    if not specs:
        raise InvalidInput([_broken(path, ValueError("it declares no stage"))], {})
    source = source_of(text)
    return tuple(replace(spec, source=source) for spec in specs)


def source_of(text: str) -> str:
    """The digest of a module's syntax tree without docstrings; the same under every version of Python."""
    return digest_of(canonical_json(_canonical(_syntax_without_docstrings(text))))


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


def specs_in(namespace: Mapping[str, object]) -> list[StageSpec]:
    """The stages that a module declares."""
    found = (spec_of(value) for value in namespace.values())
    return [spec for spec in found if spec is not None]


def _syntax_without_docstrings(text: str) -> object:
    import ast

    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and (
            ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _canonical(node: object) -> object:
    """Node types and fields that are not empty: versions of Python differ in the empty ones alone."""
    import ast

    if isinstance(node, ast.JoinedStr):  # Python 3.12 keeps empty texts in an f-string
        texts = [part for part in node.values if getattr(part, "value", None) != ""]
        return ["JoinedStr", [_canonical(part) for part in texts]]
    if isinstance(node, ast.AST):
        fields = {name: value for name, value in ast.iter_fields(node) if value is not None and value != []}
        return [type(node).__name__, {name: _canonical(value) for name, value in fields.items()}]
    if isinstance(node, list):
        return [_canonical(member) for member in cast("list[object]", node)]
    return repr(node)


def _broken(path: Path, error: Exception) -> Diagnostic:
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


def _line_of(path: Path, error: Exception) -> int:
    """The line of the file where the error arose: as the error says, else its deepest frame there."""
    import traceback

    said = getattr(error, "lineno", None)
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame.lineno for frame in frames if frame.filename == str(path) and frame.lineno]
    return int(said) if said else (inside[-1] if inside else 1)
