"""`validate --fix`: what is clear is mended in the files, and nothing else is touched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.mending import findings_of, mended
from benchmarks.mutants import mutants
from benchmarks.mutation_table import OTHER, end_of
from orchestrator.api import Request, mend_many
from orchestrator.api.locate import Located
from orchestrator.api.mend import MOST_ROUNDS, mend
from orchestrator.errors import Diagnostic, Edit, Span
from orchestrator.library import ready_recipes
from tests.fences import typed

MISSPELT = """\
recipe: 1
sede: 7   # mine

items:
  idea: [fire sword]
  style: ["flat", 'pixel']
stages:
  expand: {use: expnd}
  plan: {use: 'plna', with: {stlye: $itm.style}}   # two of them
  render:
    use: "rendr"
"""
MENDED = (
    MISSPELT.replace("sede", "seed").replace("expnd", "expand").replace("plna", "plan")
    .replace("stlye", "style").replace("$itm", "$item").replace("rendr", "render")
)  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_comments_order_line_ends_quotes_and_mark_stay(end: str, mark: str) -> None:
    path = write("r.yaml", mark + MISSPELT.replace("\n", end))
    path.chmod(0o640)
    outcome = typed("orchestrator validate r.yaml --fix")
    assert outcome.status == 0, outcome.output
    assert path.read_bytes() == (mark + MENDED.replace("\n", end)).encode()
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in Path().iterdir()] == ["r.yaml"]


def test_it_says_what_it_changed_and_what_is_left() -> None:
    write("r.yaml", MISSPELT.replace("render:\n    use", "render:\n    with: {nothing: 1}\n    use"))
    outcome = typed("orchestrator validate r.yaml --fix --format concise")
    assert outcome.status == 2
    *done, summary, _, left = outcome.output.splitlines()
    assert done[0] == "r.yaml:2:1: mended[E111]: unknown key `sede` in the recipe → seed"
    assert summary == "6 findings mended in r.yaml."
    assert "E202" in left


def test_diff_shows_the_same_and_writes_nothing() -> None:
    path = write("r.yaml", MISSPELT)
    before = path.stat().st_mtime_ns
    outcome = typed("orchestrator validate r.yaml --fix --diff")
    assert outcome.status == 2
    assert "\n-sede: 7   # mine\n+seed: 7   # mine\n" in outcome.output
    assert path.read_text() == MISSPELT
    assert path.stat().st_mtime_ns == before
    assert typed("orchestrator validate r.yaml --diff").status == 2


def test_tables_reviews_and_includes_below_the_folder_are_mended_too() -> None:
    write("parts/draw.yaml", "recipe: 1\nstages:\n  plan: {use: plna}\n  render: {use: rendr}\n")
    review = write("r.review.yaml", "- {itm: {idea: fire-sword}, attempt: 1}   # once more\n")
    write("r.yaml", "recipe: 1\nitems: {idea: [fire sword]}\n"
          "stages: {expand: {use: expand}, look: {include: parts/darw.yaml}}\n")  # fmt: skip
    assert typed("orchestrator validate r.yaml --fix").status == 0
    assert Path("parts/draw.yaml").read_text().splitlines()[2:] == [
        "  plan: {use: plan}", "  render: {use: render}",
    ]  # fmt: skip
    assert review.read_text() == "- {item: {idea: fire-sword}, attempt: 1}   # once more\n"


def test_what_a_link_leads_to_outside_the_folder_is_left_alone() -> None:
    outside = write("else/where.yaml", MISSPELT)
    Path("mine").mkdir()
    Path("mine/r.yaml").symlink_to(outside.resolve())
    typed("orchestrator validate mine/r.yaml --fix")
    assert outside.read_text() == MISSPELT
    assert Path("mine/r.yaml").is_symlink()


def test_a_link_within_the_folder_stays_one() -> None:
    write("real.yaml", MISSPELT)
    Path("r.yaml").symlink_to("real.yaml")
    assert typed("orchestrator validate r.yaml --fix").status == 0
    assert Path("r.yaml").is_symlink()
    assert Path("real.yaml").read_text() == MENDED


def test_a_ready_recipe_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    found = mend_many(["item-icons"], Request(overrides=["plan.stpes=9"]))
    assert found.files == ()


def test_a_file_that_cannot_be_written_is_a_finding() -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("this user may write everywhere")
    path = write("r.yaml", MISSPELT)
    Path().chmod(0o555)
    try:
        outcome = typed("orchestrator validate r.yaml --fix --format concise")
    finally:
        Path().chmod(0o755)
    assert outcome.status == 2
    assert "E407" in outcome.output
    assert path.read_text() == MISSPELT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('seed: "7"', "seed: 7"),
        ("seed: [7]", "seed: 7"),
        ("name: Item Icons", "name: item-icons"),
        ("items: {idea: fire sword}", "items: {idea: [fire sword]}"),
        ("items: {idea: [fire sword], style: 'flat'}", "items: {idea: [fire sword], style: ['flat']}"),
        ("items: {idea: [42]}", 'items: {idea: ["42"]}'),
        ("items: {idea: [a], variant: '2'}", "items: {idea: [a], variant: 2}"),
        ("items: {idea: [{id: Fire Sword, value: x}]}", "items: {idea: [{id: fire-sword, value: x}]}"),
        ("models: {painter: embedded}", "models: {painter: {diffusion: embedded}}"),
        ("models: {painter: {diffusion: [embedded]}}", "models: {painter: {diffusion: embedded}}"),
        ("models: {painter: {diffusion: embeded}}", "models: {painter: {diffusion: embedded}}"),
        ("items: {idea: [a], n: [1]}\nzip: [idea, n, n]", "items: {idea: [a], n: [1]}\nzip: [idea, n]"),
    ],
)  # fmt: skip
def test_what_is_meant_is_written(before: str, after: str) -> None:
    rest = "stages: {expand: {use: expand}, plan: {use: plan}, render: {use: render}}\n"
    items = "" if "items:" in before else "items: {idea: [fire sword]}\n"
    path = write("r.yaml", f"recipe: 1\n{before}\n{items}{rest}")
    typed("orchestrator validate r.yaml --fix")
    assert path.read_text() == f"recipe: 1\n{after}\n{items}{rest}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("expand: expand", "expand: {use: expand}"),
        ("expand: {use: [expand]}", "expand: {use: expand}"),
        ("expand: {use: expand, per: idea}", "expand: {use: expand, per: [idea]}"),
        ("expand: {use: expand, seed_by: idea}", "expand: {use: expand, seed_by: [idea]}"),
        ("expand: {use: expand}\n  plan: {use: plan, with: {steps: '12'}}",
         "expand: {use: expand}\n  plan: {use: plan, with: {steps: 12}}"),
        ("expand: {use: expand}\n  plan: {use: plan, with: {steps: [12]}}",
         "expand: {use: expand}\n  plan: {use: plan, with: {steps: 12}}"),
    ],
)  # fmt: skip
def test_stages_are_written_as_they_are_meant(before: str, after: str) -> None:
    path = write("r.yaml", f"recipe: 1\nitems: {{idea: [fire sword]}}\nstages:\n  {before}\n")
    typed("orchestrator validate r.yaml --fix")
    assert path.read_text() == f"recipe: 1\nitems: {{idea: [fire sword]}}\nstages:\n  {after}\n"


@pytest.mark.parametrize(
    "text",
    [
        "recipe: 2\nstages: {expand: {use: expand}}\n",
        "recipe: 1\nitems: {idea: [a]}\nstages: {expand: {use: quaternion}}\n",
        "recipe: 1\nitems: {idea: [a]}\nstages: {a: {use: expand}, b: {use: plan, with: {steps: many}}}\n",
        "recipe: 1\nitems: {idea: [a]}\nstages: {a: {use: expand}, b: {use: plan, with: {steps: -3}}}\n",
        "recipe: 1\nitems: {idea: [a]}\nstages: {a: {use: expand}, b: {use: plan, inputs: {prompt: no}}}\n",
        "recipe: [\n",
        "",
    ],
)
def test_what_is_not_clear_is_left_as_it_is(text: str) -> None:
    path = write("r.yaml", text)
    assert typed("orchestrator validate r.yaml --fix").status == 2
    assert path.read_text() == text


def located(text: str) -> Located:
    write("r.yaml", text)
    return Located(text.encode(), "r.yaml", Path())


def finding(text: str, word: str, new: str, code: str = "E111") -> Diagnostic:
    at = text.index(word) + 1
    span = Span("r.yaml", 1, at, 1, at + len(word))
    return Diagnostic(code, f"{word} is wrong", span, edits=(Edit(span, new),))


def test_it_ends_after_five_rounds() -> None:
    def never_content(draft: Located) -> Sequence[Diagnostic]:
        left = draft.data.decode().lstrip("y")
        first = finding(draft.data.decode(), "x", "y")
        return [replace(first, message=f"{len(left)} are left")] if left else []

    done = mend(located("x" * 9), never_content)
    assert done.located.data == b"yyyyyxxxx"
    assert len(done.mended) == MOST_ROUNDS


def test_an_edit_that_puts_an_error_in_its_place_is_withdrawn_and_the_others_are_made() -> None:
    def check(draft: Located) -> Sequence[Diagnostic]:
        text = draft.data.decode()
        found = [finding(text, word, "good") for word in ("bad", "worse") if word in text]
        found = [replace(each, edits=(Edit(each.edits[0].span, "evil"),)) if "bad" in each.message else each
                 for each in found]  # fmt: skip
        return [*found, *([finding(text, "evil", "evil", "E203")] if "evil" in text else [])]

    done = mend(located("bad and worse"), check)
    assert done.located.data == b"bad and good"
    assert [each.message for each in done.mended] == ["worse is wrong"]


def test_more_errors_in_the_end_than_at_first_are_not_accepted() -> None:
    def check(draft: Located) -> Sequence[Diagnostic]:
        text = draft.data.decode()
        hidden = [replace(finding(text, word, word), edits=()) for word in ("one", "two")]
        return [finding(text, "key", "good")] if "key" in text else hidden

    assert mend(located("key one two"), check).located.data == b"key one two"


def test_of_edits_that_touch_the_first_is_made_and_the_other_waits_for_the_next_round() -> None:
    def check(draft: Located) -> Sequence[Diagnostic]:
        text = draft.data.decode()
        first = [finding(text, "ab", "xb")] if "ab" in text else []
        return [*first, *([finding(text, "bc", "yc")] if "bc" in text else [])]

    done = mend(located("abc"), check)
    assert [each.message for each in done.mended] == ["ab is wrong", "bc is wrong"]


RECIPES = {name: path for name, path in ready_recipes().items() if name in {"item-icons", "pick-best"}}


@given(st.sampled_from(sorted(RECIPES)), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_mended_mutant_means_what_the_original_did_or_is_as_it_was(name: str, random: object) -> None:
    path = RECIPES[name]
    original = path.read_text(encoding="utf-8")
    every = list(mutants(path.name, original, random.randrange(10_000)))  # type: ignore[attr-defined]
    mutant = random.choice(every)  # type: ignore[attr-defined]
    if not findings_of(mutant.text, str(path), path.parent):
        return
    assert end_of(mutant, original, path) != OTHER


def test_two_mistakes_are_mended_together() -> None:
    path = ready_recipes()["item-icons"]
    original = path.read_text(encoding="utf-8")
    text = original.replace("use: render", "use: rendr").replace("recipe: 1", "recpe: 1")
    assert mended(text, str(path), path.parent) == original


def test_a_field_in_a_name_and_a_key_of_a_format_are_mended() -> None:
    rest = ("items: {idea: [a]}\nstages: {expand: {use: expand}, plan: {use: plan}, render: {use: render}}\n"
            "export:\n  - {from: render, to: build, format: files, ")  # fmt: skip
    path = write("r.yaml", f"recipe: 1\n{rest}name: 'x-{{idae}}'}}\n")
    typed("orchestrator validate r.yaml --fix")
    assert path.read_text().endswith("name: 'x-{idea}'}\n")
