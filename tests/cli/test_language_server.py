"""What an editor with the real yaml-language-server offers and underlines, by `orchestrator schema`.

Skipped where it is not installed (`make editor`, which `make test` calls, needs Node).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import orchestrator
from tests.cli.conftest import STAGES
from tests.cli.language_server import LanguageServer, missing
from tests.fences import fences, typed

pytestmark = pytest.mark.skipif(missing() != "", reason=missing() or "it is there")

PAGES = Path(orchestrator.__file__).parent / "errors" / "pages"
MODELINE = "# yaml-language-server: $schema=recipe.schema.json\n"
BEGIN = f"""{MODELINE}recipe: 1
items: {{idea: [fire sword], style: [flat]}}
stages:
  expand: {{use: expand}}
"""
UNDERLINED = (
    "E103", "E104", "E108", "E110", "E111", "E113", "E114", "E115", "E116", "E120", "E130", "E134", "E150",
    "E201", "E202", "E203", "E205",
)  # fmt: skip
"""Findings that need no wiring and no files: an editor shows them at the line that the page shows."""
RUNS = ("E3", "E5", "W6")
"""Codes of recipes that are well written; a schema that underlines one of them cries wolf."""


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    folder = tmp_path_factory.mktemp("editor")
    (folder / "stages.py").write_text(STAGES, encoding="utf-8")
    line = f"orchestrator schema --out {folder}/recipe.schema.json --stages {folder}/stages.py"
    assert typed(line).status == 0
    with LanguageServer(folder) as server:
        yield server


def _pages() -> dict[str, str]:
    blocks = ((path.stem, fences(path.read_text(encoding="utf-8"))) for path in sorted(PAGES.glob("*.md")))
    return {
        code: fence.text for code, found in blocks for fence in found if fence.language == "yaml"
    }


def test_names_of_stages_are_completed(editor: LanguageServer) -> None:
    offered = editor.completions("a.yaml", f"{BEGIN}  plan: {{use: |}}\n")
    assert {"expand", "plan", "remove-background", "studio.swatch"} <= set(offered)
    assert "Draw a swatch." in str(offered["studio.swatch"].get("documentation"))


def test_params_of_the_stage_are_completed_and_no_others(editor: LanguageServer) -> None:
    offered = editor.completions("b.yaml", f"{BEGIN}  plan:\n    use: plan\n    with:\n      |\n")
    assert {"steps", "style", "guidance_scale"} <= set(offered)
    assert "template" not in offered
    offered = editor.completions("c.yaml", f"{BEGIN}  dot:\n    use: studio.swatch\n    with:\n      |\n")
    assert {"side", "seconds"} <= set(offered)


def test_values_are_completed(editor: LanguageServer) -> None:
    assert {"flat", "pixel"} <= set(
        editor.completions("d.yaml", f"{BEGIN}  plan: {{use: plan, with: {{style: |}}}}\n")
    )
    assert "pad" in editor.completions("e.yaml", f"{BEGIN}  all: {{use: atlas, with: {{sizes: |}}}}\n")


def test_keys_of_a_recipe_and_of_a_stage_are_completed(editor: LanguageServer) -> None:
    assert {"recipe", "items", "stages", "export", "vars"} <= set(
        editor.completions("f.yaml", f"{MODELINE}|\n")
    )
    assert {"use", "with", "when", "include"} <= set(editor.completions("g.yaml", f"{BEGIN}  plan:\n    |\n"))


def test_a_param_is_explained(editor: LanguageServer) -> None:
    told = editor.hover("h.yaml", f"{BEGIN}  plan: {{use: plan, with: {{st|eps: 20}}}}\n")
    assert "denoising steps" in told


def test_ready_recipes_are_not_underlined(editor: LanguageServer) -> None:
    recipes = Path(__file__).parents[2].joinpath("pipelines").glob("*.yaml")
    texts = {path.name: MODELINE + path.read_text(encoding="utf-8") for path in recipes}
    assert editor.diagnostics(texts) == {name: [] for name in texts}


def test_findings_are_underlined_at_the_line_of_the_page(editor: LanguageServer) -> None:
    pages = _pages()
    found = editor.diagnostics({f"{code}.yaml": MODELINE + pages[code] for code in UNDERLINED})
    for code in UNDERLINED:
        lines = {diagnostic["range"]["start"]["line"] for diagnostic in found[f"{code}.yaml"]}
        page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
        told = {int(line) for line in re.findall(rf"\[{code}\].*\n  --> recipe\.yaml:(\d+):", page)}
        assert told, code
        assert lines & told, (code, found[f"{code}.yaml"])


def test_what_is_well_written_is_not_underlined(editor: LanguageServer) -> None:
    texts = {
        f"{code}.yaml": MODELINE + text
        for code, text in _pages().items()
        if code.startswith(RUNS) and _is_built_in(text)
    }
    assert len(texts) > 20
    assert editor.diagnostics(texts) == {name: [] for name in texts}


def _is_built_in(recipe: str) -> bool:
    """Whether every stage is one of ours; a page may bring its own."""
    return all(name in _built_in() for name in re.findall(r"use: ?([\w.-]+)", recipe))


def _built_in() -> set[str]:
    return {stage.name for stage in orchestrator.stages()}
