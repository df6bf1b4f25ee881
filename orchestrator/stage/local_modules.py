"""The local modules that a file of stages imports, as deep as they go: their bytes are part of what it is.

A module is local unless it belongs to Python, to an installed package, or to us. What was digested is what
runs: a local module is imported from the bytes that were read for its digest, never from an older cache.
"""

from __future__ import annotations

import importlib
import site
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from orchestrator.frozen import Frozen

if TYPE_CHECKING:
    import ast

_MOST: Final = 2000
_OURS: Final = Path(__file__).resolve().parent.parent
_REMEMBERED: Final[dict[str, bytes]] = {}
"""Bytes by path of the local modules that stage files import."""


class LocalModule(Frozen):
    """A module by its dotted name, and the bytes of its file."""

    name: str
    path: Path
    data: bytes

    @property
    def package(self) -> str:
        """The package that its relative imports count from."""
        return self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]


def local_modules(text: str, folder: Path, package: str = "") -> tuple[LocalModule, ...]:
    """All that the text imports, and what that imports: from the folder, and as `sys.path` is now.

    Args:
        text: of a module.
        folder: where it lies.
        package: what its relative imports count from.
    """
    importlib.invalidate_caches()
    found: dict[tuple[str, Path], LocalModule] = {}
    waiting = [(text, package)]
    while waiting and len(found) < _MOST:
        for name in _imported(*waiting.pop()):
            for path in _places(name, folder):
                if (name, path) not in found:
                    module = LocalModule(name, path, path.read_bytes())
                    found[name, path] = module
                    waiting.append((module.data.decode("utf-8-sig", "replace"), module.package))
    return tuple(found[place] for place in sorted(found))


def remember(modules: Sequence[LocalModule]) -> None:
    """Has these imported from the bytes at hand; those that ran with other bytes are imported anew."""
    known = {str(module.path): module.data for module in modules}
    if any(_REMEMBERED.get(path, data) != data for path, data in known.items()):
        for module in modules:
            loaded = sys.modules.get(module.name)
            if loaded is not None and getattr(loaded, "__file__", None) == str(module.path):
                del sys.modules[module.name]
    _REMEMBERED.update(known)
    if known and not any(isinstance(finder, _Remembering) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Remembering())


def remember_file(path: Path, data: bytes) -> None:
    """Counts a stage file itself as known; who formats a traceback opens it."""
    _REMEMBERED[str(path)] = data


def is_remembered(path: Path) -> bool:
    """Whether a file is one of the modules that were read for a digest."""
    return str(path) in _REMEMBERED or any(path == Path(known).resolve() for known in _REMEMBERED)


class _Loader(SourceFileLoader):
    """Runs the bytes that were digested; a cache in `__pycache__` is as old as a second, and not asked."""

    def get_data(self, path: str) -> bytes:
        """The remembered bytes."""
        return _REMEMBERED[self.path] if path == self.path else super().get_data(path)

    def path_stats(self, path: str) -> dict[str, float]:
        """None, so that no cache is read or written."""
        raise OSError(path)


class _Remembering(MetaPathFinder):
    """Python's own finder, with the bytes at hand for what it finds."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a remembered module; None for every other."""
        found = PathFinder.find_spec(fullname, path, target)
        if found is None or found.origin not in _REMEMBERED or not isinstance(found.loader, SourceFileLoader):
            return None  # what is compiled already, Python loads itself
        loader = _Loader(fullname, found.origin)
        made = spec_from_loader(fullname, loader, origin=found.origin)
        if made is not None:
            made.has_location = True
            made.submodule_search_locations = found.submodule_search_locations
        return made


def _imported(text: str, package: str) -> Iterator[str]:
    """The dotted names of the modules that a text may import, in functions too, with those above them."""
    import ast

    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        for name in _named(node, package):
            parts = name.split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _named(node: ast.AST, package: str) -> Iterator[str]:
    import ast

    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = _absolute(node.module or "", node.level, package)
        if base:
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in {"import_module", "__import__"} and isinstance(node.args[0].value, str):
            yield node.args[0].value


def _absolute(module: str, level: int, package: str) -> str:
    """A relative name as an absolute one; "" where it leads out of its package."""
    if level == 0:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return ""
    return ".".join([*parts[: len(parts) - level + 1], *([module] if module else [])])


def _places(name: str, folder: Path) -> tuple[Path, ...]:
    """The local files that a name may stand for, from the folder and from `sys.path`."""
    found = (_origin(name, search) for search in ([str(folder)], None))
    return tuple(dict.fromkeys(path for path in found if path is not None and is_local(path)))


def _origin(name: str, search: Sequence[str] | None) -> Path | None:
    """The file of a module, found as Python finds it; nothing is imported."""
    found: ModuleSpec | None = None
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        try:
            found = PathFinder.find_spec(".".join(parts[:end]), search)
        except (ImportError, ValueError, OSError):
            return None
        if found is None or (end < len(parts) and found.submodule_search_locations is None):
            return None
        search = list(found.submodule_search_locations or ())
    return Path(found.origin) if found is not None and found.has_location and found.origin else None


def is_local(path: Path) -> bool:
    """Whether a file belongs neither to Python, nor to an installed package, nor to us."""
    real = path.resolve()
    return not any(real.is_relative_to(folder) for folder in _elsewhere())


@cache
def _elsewhere() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    sites = {*site.getsitepackages(), site.getusersitepackages()}
    folders = {sysconfig.get_path(name) for name in names} | sites
    return (_OURS, *(Path(folder).resolve() for folder in folders if folder))
