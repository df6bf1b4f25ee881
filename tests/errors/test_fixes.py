"""Every fix is right: an edit ends its finding; a fix that is pasted leads to a recipe that reads better."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

import orchestrator
from benchmarks.mending import findings_of
from benchmarks.mutants import mutants
from orchestrator.errors import Diagnostic
from orchestrator.errors.edits import applied
from orchestrator.library import ready_recipes
from tests.errors.pasting import pasted
from tests.fences import fences

PAGES = Path(orchestrator.__file__).parent / "errors" / "pages"
COMMANDS = ("orchestrator ", "hf ", "pip ", "python", "--set", "@stage")
PLACEHOLDERS = ("…", "COMMIT", "PARAM", "VALUE", "STAGE", "NAME")
MUTANTS = 60


def recipes_of_pages() -> list[object]:
    """The pages whose recipe is checked as it stands, with no other file and no program."""
    found = ((path.stem, {fence.language: fence.text for fence in fences(path.read_text("utf-8"))})
             for path in sorted(PAGES.glob("*.md")))  # fmt: skip
    return [
        pytest.param(blocks["yaml"], id=code)
        for code, blocks in found
        if "yaml" in blocks and "python" not in blocks and "console" not in blocks
    ]


def seeded_mistakes() -> list[object]:
    """Some mutants of each operator."""
    every = [
        (path, mutant)
        for path in ready_recipes().values()
        for mutant in mutants(path.name, path.read_text("utf-8"), 7)
    ]
    chosen = random.Random(7).sample(every, MUTANTS)  # noqa: S311 - which ones, for each run the same
    return [pytest.param(path, mutant.text, id=mutant.what[:60]) for path, mutant in chosen]


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", recipes_of_pages())
def test_the_fixes_of_a_page_can_be_pasted(text: str, base: Path) -> None:
    check_fixes(text, "recipe.yaml", base)


@pytest.mark.parametrize(("path", "text"), seeded_mistakes())
def test_the_fixes_of_a_seeded_mistake_can_be_pasted(path: Path, text: str) -> None:
    check_fixes(text, str(path), path.parent)


def check_fixes(text: str, file: str, base: Path) -> None:
    found = findings_of(text, file, base)
    for finding in found:
        if finding.edits:
            after = findings_of(applied(text, finding.edits), file, base)
            assert is_gone(finding, found, after), finding
        if finding.fix and not finding.fix.startswith(COMMANDS):
            assert not any(word in finding.fix for word in PLACEHOLDERS), finding.fix
            assert leads_on(text, finding, found, file, base), finding


def leads_on(
    text: str, finding: Diagnostic, found: Sequence[Diagnostic], file: str, base: Path, rounds: int = 2
) -> bool:
    """Whether some way to paste ends the finding with fewer errors, at the latest after a second round."""
    for other in dict.fromkeys(pasted(text, finding)):
        after = findings_of(other, file, base)
        if not is_gone(finding, found, after):
            continue
        if errors(after) < errors(found) or not errors(after):
            return True
        new = [each for each in after if each not in found and each.fix]
        if rounds > 1 and any(leads_on(other, each, after, file, base, rounds - 1) for each in new):
            return True
    return False


def is_gone(finding: Diagnostic, found: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> bool:
    kind = finding.code, finding.message
    before, now = (Counter((each.code, each.message) for each in all_) for all_ in (found, after))
    return now[kind] < before[kind]


def errors(findings: Sequence[Diagnostic]) -> int:
    return sum(finding.severity == "error" for finding in findings)
