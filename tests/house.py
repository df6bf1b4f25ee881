"""The house as data: modules and the arrows of their imports. `python -m tests.house [ROOT]` prints figures.

An arrow goes from a module to each module of the package that defines a name it imports, wherever in the
file the import stands, but for `if TYPE_CHECKING:`. A face is looked through: who takes a name from a room's
`__init__.py` needs the module that the name comes from, and nothing else of the room. A wing (a folder in a
room) counts as one module where rooms are compared.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE = "orchestrator"
ROOT = Path(__file__).resolve().parent.parent
Arrows = Mapping[str, frozenset[str]]
Faces = Mapping[str, Mapping[str, str]]


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the package, by dotted name."""
    return {_name(path.relative_to(root)): path for path in sorted((root / PACKAGE).rglob("*.py"))}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def arrows(root: Path = ROOT) -> Arrows:
    """What each module needs of the package when it is read, or when one of its functions is called."""
    known = modules(root)
    trees = {name: ast.parse(path.read_text("utf-8")) for name, path in known.items()}
    faces = {name: _offered(trees[name], known) for name, path in known.items() if path.name == "__init__.py"}
    plain = {name: tree for name, tree in trees.items() if not faces.get(name)}
    return {name: frozenset(_imports(tree, known, faces)) - {name} for name, tree in plain.items()}


def _offered(tree: ast.AST, known: Mapping[str, Path]) -> dict[str, str]:
    """The module that each name of a face comes from; what only a type checker reads is looked at too."""
    return {
        alias.asname or alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in known
        for alias in node.names
    }


def _imports(tree: ast.AST, known: Mapping[str, Path], faces: Faces) -> Iterator[str]:
    for node in _run(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known else _home(node.module, alias.name, faces)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)


def _home(module: str, name: str, faces: Faces) -> str:
    while name in faces.get(module, {}):
        module = faces[module][name]
    return module


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _run(node)


def within(graph: Arrows, room: str) -> tuple[int, int]:
    """Modules of a room, a wing counted as one, and arrows between them."""
    inside = {name: _wing(name, room) for name in graph if name.startswith(f"{room}.")}
    between = {(inside[name], inside[other]) for name in inside for other in graph[name] if other in inside}
    return len(set(inside.values())), sum(one != other for one, other in between)


def _wing(name: str, room: str) -> str:
    return name.removeprefix(f"{room}.").split(".")[0]


def longest_chain(graph: Arrows) -> tuple[str, ...]:
    """The longest way along arrows; there is one, since no import goes in a circle."""
    found: dict[str, tuple[str, ...]] = {}

    def chain(name: str, above: frozenset[str] = frozenset()) -> tuple[str, ...]:
        if name not in found:
            ways = (chain(each, above | {name}) for each in graph[name] if each not in above | {name})
            found[name] = (name, *max(ways, key=len, default=()))
        return found[name]

    return max(map(chain, graph), key=len)


def figures(root: Path) -> Iterator[str]:
    """One line a figure."""
    graph = arrows(root)
    yield f"modules {len(graph)}, arrows {sum(map(len, graph.values()))}"
    for room in ("recipe", "graph", "builtin", "api", "text"):
        count, inside = within(graph, f"{PACKAGE}.{room}")
        yield f"{room}: {count} modules, {inside} arrows between them"
    chain = longest_chain(graph)
    yield f"longest import chain: {len(chain)} modules"
    yield " > ".join(name.removeprefix(f"{PACKAGE}.") for name in chain)


if __name__ == "__main__":
    print("\n".join(figures(Path(sys.argv[1]) if sys.argv[1:] else ROOT)))  # noqa: T201 - a command's answer
