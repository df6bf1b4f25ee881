"""Every diagnostic code has a page, and every page shows what really happens.

`ORCHESTRATOR_UPDATE_PAGES=1 pytest tests/errors` writes the printed text into the pages.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from pathlib import Path

import pytest

import orchestrator
from tests.fences import Fence, commands, fences, typed, without_chance

PACKAGE = Path(orchestrator.__file__).parent
PAGES = PACKAGE / "errors" / "pages"
CODE = re.compile(r"[EW]\d{3}")
DEFAULT = "$ orchestrator validate recipe.yaml\n"


def _codes_in_source() -> set[str]:
    found = set[str]()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.add(node.value)
    return found


def _pages() -> list[Path]:
    return sorted(PAGES.glob("*.md"))


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in _pages()} == _codes_in_source()


@pytest.mark.parametrize("path", _pages(), ids=lambda path: path.stem)
def test_the_page_tells_what_happens(
    path: Path, tmp_path: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {path.stem}: [^\n]+[^.\n]\n\n\S", text), "a page begins with `# CODE: title`"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "path", [*sys.path])  # a page may install a package
    found = fences(text)
    printed = without_chance(_printed(found), tmp_path)
    if os.environ.get("ORCHESTRATOR_UPDATE_PAGES"):
        path.write_text(_with_output(text, printed), encoding="utf-8")
        found = fences(path.read_text(encoding="utf-8"))
    assert f"[{path.stem}]" in printed or f"{path.stem}: " in printed
    assert "Traceback" not in printed
    assert printed.rstrip() == "".join(fence.text for fence in found if fence.language == "text").rstrip()


def _printed(found: list[Fence]) -> str:
    by_language = {fence.language: fence.text for fence in found}
    if "yaml" in by_language:
        Path("recipe.yaml").write_text(by_language["yaml"], encoding="utf-8", newline="\n")
    if "python" in by_language:
        code = compile(by_language["python"], "<page>", "exec", dont_inherit=True)
        exec(code, {})  # noqa: S102 - our own page
    return "".join(typed(command).output for command in commands(by_language.get("console", DEFAULT)))


def _with_output(text: str, printed: str) -> str:
    block = f"```text\n{printed.rstrip()}\n```"
    if "```text\n" in text:
        return re.sub(r"^```text\n.*?^```$", lambda _: block, text, flags=re.MULTILINE | re.DOTALL)
    return f"{text.rstrip()}\n\n{block}\n"
