"""The faces say what there is: the package's and the room's."""

from __future__ import annotations

import ast
import pkgutil
from pathlib import Path

import pytest

import orchestrator
import orchestrator.api


def _typed(face: object) -> set[str]:
    """The names that a type checker sees: those imported under TYPE_CHECKING."""
    tree = ast.parse(Path(face.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


@pytest.mark.parametrize("face", [orchestrator, orchestrator.api], ids=lambda face: face.__name__)
def test_a_face_lists_what_it_gives(face: object) -> None:
    assert set(face.__all__) == set(face._HOMES) == _typed(face)
    assert len(face.__all__) == len(set(face.__all__))
    assert set(face.__all__) <= set(dir(face))
    for name in face.__all__:
        assert getattr(face, name).__name__ == name


def test_no_name_of_the_face_is_a_module_too() -> None:
    modules = {module.name for module in pkgutil.iter_modules(orchestrator.api.__path__)}
    assert not modules & set(orchestrator.api.__all__)


@pytest.mark.parametrize("face", [orchestrator, orchestrator.api], ids=lambda face: face.__name__)
def test_what_is_not_there_is_named(face: object) -> None:
    with pytest.raises(AttributeError, match="no attribute 'rnu'"):
        face.rnu  # noqa: B018 - asks for it
