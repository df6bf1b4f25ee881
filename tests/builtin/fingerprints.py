"""What each built-in stage is made of, against its version: a table, `fingerprints.json`.

A stage's key counts its version and not its code, so code that gives something else under the same version
would hand out old results as new. The table holds a digest of each definition that a stage reaches within
`orchestrator/builtin/` and in the reading of ideas, whatever module that lies in: of its syntax without
docstrings, comments, imports and
descriptions of params.

    python -m tests.builtin.fingerprints                        takes in new stages and raised versions
    python -m tests.builtin.fingerprints --same-output STAGE …  takes in code that gives the same bytes still
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orchestrator
from orchestrator.stage.registry import BUILTIN_MODULES, Registry
from orchestrator.stage.source_digest import source_of

TABLE = Path(__file__).with_name("fingerprints.json")
PACKAGE = "orchestrator.builtin"
READ_TOO = (PACKAGE, "orchestrator.stage.idea", "orchestrator.stage.vocabulary")
"""The reading of ideas is shared with the checks before a run, and decides what `expand` and `plan` give."""
ROOT = Path(orchestrator.__file__).parent.parent
ACCEPT = "python -m tests.builtin.fingerprints"


class Module:
    """A module's definitions by name, what it imports from its own package, and all else that it does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.definitions: dict[str, ast.stmt] = {}
        self.imports: dict[str, tuple[str, str]] = {}
        self.rest: list[ast.stmt] = []
        for statement in ast.parse(path.read_text("utf-8")).body:
            self._take(statement)

    def _take(self, statement: ast.stmt) -> None:
        for node in ast.walk(statement):
            assert not _is_unread(node), f"{self.path}: say `from {PACKAGE}… import …`"
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(READ_TOO):
                self.imports |= {
                    name.asname or name.name: (node.module or "", name.name) for name in node.names
                }
        if _is_import(statement) or _is_for_types(statement) or _is_text(statement):
            return
        names = list(_defined(statement))
        self.definitions |= dict.fromkeys(names, statement)
        if not names:
            self.rest.append(statement)


class _Bare(ast.NodeTransformer):
    """Takes out words for people and imports from the project; one that renames is kept as far as that."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if not (node.module or "").startswith("orchestrator"):
            return node
        renamed = [name for name in node.names if name.asname]
        return ast.ImportFrom("orchestrator", renamed, 0) if renamed else None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "Field":
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "description"]
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if getattr(node, "body", None) == []:
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node


def code_of(module: str) -> dict[str, str]:
    """Digests by name of every definition that a stage's module reaches, itself included."""
    modules: dict[str, Module] = {}
    found: dict[tuple[str, str], ast.stmt] = {}
    queue = [(module, name) for name in _everything(module, modules)]
    while queue:
        place = queue.pop()
        if place in found:
            continue
        home = _module(place[0], modules)
        statement = home.definitions.get(place[1])
        if statement is not None:
            found[place] = statement
            queue += _reached(place[0], statement, modules)
        elif place[1] in home.imports:  # a face that hands on
            queue.append(home.imports[place[1]])
    others = [
        (f"{name}, as it is imported", statement)
        for name in {name for name, _ in found}
        for statement in _module(name, modules).rest
    ]
    digests: dict[str, list[str]] = {}
    for name, statement in [*((name, statement) for (_, name), statement in found.items()), *others]:
        shown = "what is done at import" if "," in name else name
        digests.setdefault(shown, []).append(_digest(statement))
    return {name: "+".join(sorted(set(digests[name]))) for name in sorted(digests)}


def current() -> dict[str, dict[str, Any]]:
    """The table as the code of today would have it."""
    registry = Registry()
    return {
        stage: {"version": _version(registry, stage), "code": code_of(module)}
        for stage, module in sorted(BUILTIN_MODULES.items())
    }


def committed() -> dict[str, dict[str, Any]]:
    """The table as it was accepted last."""
    return json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of definitions that are new, gone or other than before."""
    old, new = before["code"], now["code"]
    return sorted(name for name in {**old, **new} if old.get(name) != new.get(name))


def _everything(module: str, modules: dict[str, Module]) -> list[str]:
    return list(_module(module, modules).definitions)


def _module(name: str, modules: dict[str, Module]) -> Module:
    if name not in modules:
        plain = ROOT / Path(*name.split("."))
        file = plain.with_suffix(".py")
        modules[name] = Module(file if file.is_file() else plain / "__init__.py")
    return modules[name]


def _reached(module: str, statement: ast.stmt, modules: dict[str, Module]) -> Iterator[tuple[str, str]]:
    """Where the names lie that a definition uses, as far as they are the package's own."""
    home = _module(module, modules)
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            if node.id in home.imports:
                yield from _imported(*home.imports[node.id], modules)
            elif node.id in home.definitions:
                yield module, node.id


def _imported(module: str, name: str, modules: dict[str, Module]) -> Iterator[tuple[str, str]]:
    """One definition, or all of a module that is imported itself."""
    below = ROOT / Path(*module.split(".")) / name
    if below.with_suffix(".py").is_file() and name not in _module(module, modules).definitions:
        whole = f"{module}.{name}"
        yield from ((whole, each) for each in _everything(whole, modules))
    else:
        yield module, name


def _digest(statement: ast.stmt) -> str:
    bare = _Bare().visit(ast.parse(ast.unparse(statement)))
    return source_of(ast.unparse(ast.fix_missing_locations(bare))).removeprefix("sha256:")[:16]


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        yield statement.name
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    for target in targets if isinstance(statement, (ast.Assign, ast.AnnAssign)) else ():
        yield from (
            node.id for node in ast.walk(target) if isinstance(node, ast.Name) and node.id != "__all__"
        )


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Import, ast.ImportFrom)) or (
        isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"
    )


def _is_unread(node: ast.AST) -> bool:
    """An import of the package's own that is not followed here."""
    relative = isinstance(node, ast.ImportFrom) and bool(node.level)
    plain = isinstance(node, ast.Import) and any(name.name.startswith(PACKAGE) for name in node.names)
    return relative or plain


def _is_for_types(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _version(registry: Registry, stage: str) -> int:
    spec = registry.find(stage)
    assert spec is not None
    return spec.version


def main(arguments: list[str]) -> int:
    """Rewrites the table; refuses code that changed under its old version, unless it is vouched for."""
    before, now = committed(), current()
    vouched = set(arguments[1:]) if arguments[:1] == ["--same-output"] else set()
    refused = [
        stage
        for stage, row in now.items()
        if stage in before
        and stage not in vouched
        and row["version"] <= before[stage]["version"]
        and row != before[stage]
    ]
    for stage in refused:
        print(f"{stage}: {', '.join(changed(before[stage], now[stage]))} changed, its version did not")  # noqa: T201 - a command
    taken = {stage: before[stage] if stage in refused else row for stage, row in now.items()}
    TABLE.write_text(json.dumps(taken, indent=1) + "\n", encoding="utf-8")
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
