"""The house keeps its own rules: sizes, faces, contracts, pages."""

from __future__ import annotations

import ast
import importlib
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests import house

ROOT = house.ROOT
TREES = {path: ast.parse(path.read_text("utf-8")) for path in house.modules().values()}
BEFORE = {"recipe": 129, "graph": 61}  # arrows by the same count at commit 0f3488d
LONGEST_CHAIN = 25


def own_code() -> Iterator[Path]:
    for folder in ("orchestrator", "tests", "benchmarks", "training", "fuzzing", "examples"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts)


@pytest.mark.parametrize("folder", ["orchestrator", "tests", "benchmarks", "training", "fuzzing"])
def test_no_file_is_longer_than_400_lines(folder: str) -> None:
    sizes = {
        path: path.read_text("utf-8").count("\n") for path in own_code() if path.is_relative_to(ROOT / folder)
    }
    assert sizes
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > 400} == {}


def test_no_function_of_the_package_is_longer_than_50_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or node.lineno) - node.lineno >= 50
    ]
    assert long == []


def test_half_of_the_functions_are_short() -> None:
    sizes = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )
    assert sizes[len(sizes) // 2] <= 8
    assert sizes[len(sizes) * 9 // 10] <= 25


def test_every_module_says_its_subject_in_a_sentence() -> None:
    silent = [str(path.relative_to(ROOT)) for path, tree in TREES.items() if not ast.get_docstring(tree)]
    assert silent == []


def test_no_module_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [path for path in TREES if path.stem in vague] == []


FACES = sorted(name for name, path in house.modules().items() if path.name == "__init__.py")


@pytest.mark.parametrize("face", FACES)
def test_a_face_offers_what_it_says(face: str) -> None:
    module = importlib.import_module(face)
    said = getattr(module, "__all__", [])
    assert [name for name in said if not hasattr(module, name)] == []
    imported = {
        alias.asname or alias.name
        for node in ast.walk(TREES[house.modules()[face]])
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{house.PACKAGE}.")
        for alias in node.names
    }
    assert {name for name in imported if not name.startswith("_")} <= set(said)


def contracts() -> list[dict[str, object]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return document["tool"]["importlinter"]["contracts"]


def contract(name: str) -> dict[str, object]:
    return next(each for each in contracts() if each["name"] == name)


def test_every_built_in_stage_is_in_the_independence_contract() -> None:
    from orchestrator.stage.registry import BUILTIN_MODULES

    listed = set(contract("No built-in stage imports another")["modules"])
    assert {module.removesuffix(".stage") for module in BUILTIN_MODULES.values()} == listed


def test_every_room_but_the_backends_is_kept_from_heavy_libraries() -> None:
    rooms = {name for name in house.modules() if name.count(".") == 1} - {"orchestrator.backends"}
    kept = set(contract("Heavy libraries live in backends alone")["source_modules"])
    assert {room for room in rooms if house.modules()[room].name == "__init__.py"} <= kept


def test_recipe_and_graph_have_a_third_fewer_arrows() -> None:
    graph = house.arrows()
    now = sum(house.within(graph, f"orchestrator.{room}")[1] for room in BEFORE)
    assert now <= sum(BEFORE.values()) * 2 / 3


def test_no_chain_of_imports_is_longer_than_it_was_made() -> None:
    chain = house.longest_chain(house.arrows())
    assert len(chain) <= LONGEST_CHAIN, " > ".join(chain)


def test_training_is_acyclic() -> None:
    """import-linter looks at the package alone; a circle raises CycleError, with its modules."""
    TopologicalSorter(needs(ROOT / "training")).prepare()


def needs(folder: Path) -> dict[str, set[str]]:
    """What each module of a folder imports of it, wherever in the file the import stands."""
    return {
        ".".join(path.relative_to(folder.parent).with_suffix("").parts): {
            node.module
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{folder.name}.")
        }
        for path in folder.rglob("*.py")
    }
