"""Local modules of a stage file that are compiled already."""

from __future__ import annotations

import importlib
import py_compile
import sys
from pathlib import Path

import pytest

from orchestrator.stage.local_modules import local_modules, remember


def test_a_compiled_module_is_counted_and_python_loads_it_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source.txt"
    source.write_text("seven = 7\n")
    compiled = tmp_path / "compiled_beside.pyc"
    py_compile.compile(str(source), cfile=str(compiled), doraise=True)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    modules = local_modules("import compiled_beside", tmp_path)
    assert [(module.name, module.data) for module in modules] == [("compiled_beside", compiled.read_bytes())]
    remember(modules)
    assert importlib.import_module("compiled_beside").seven == 7
