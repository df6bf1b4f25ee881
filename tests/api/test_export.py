"""The `export:` block, from the recipe's text to files in folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image as PillowImage

import orchestrator
from orchestrator.api.run_recipe import Part
from orchestrator.errors import InvalidInput
from orchestrator.export.manifest import MANIFEST

EXPORT = """\
export:
  - {from: {plain: draw, framed: frame}, to: build/icons, format: files, name: "{idea}_{map}"}
  - {from: sheet, to: build, format: files, metadata: false}
"""


@pytest.fixture
def exporting(studio, monkeypatch):
    """The studio, its recipe with an `export:` block, and its folder as the current one."""
    monkeypatch.chdir(studio)
    with (studio / "recipe.yaml").open("a", encoding="utf-8") as file:
        file.write(EXPORT)
    return studio


def run(studio, settings, **more):
    return orchestrator.run(
        studio / "recipe.yaml", stages_files=[studio / "stages.py"], settings=settings, **more
    )


def names(folder: Path):
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted(name for name in found if not name.endswith(MANIFEST))


def test_several_maps_go_under_one_pattern_each_folder_with_its_manifest(exporting, settings):
    exported = run(exporting, settings).export()
    ideas = ("fire-sword", "health-potion", "一只可爱的猫咪")
    assert names(exporting / "build") == sorted(
        ["sheet.png", *(f"icons/{idea}_{map_}.png" for idea in ideas for map_ in ("plain", "framed"))]
    )
    assert [export.folder.as_posix() for export in exported] == ["build", "build/icons"]
    assert (exporting / "build" / MANIFEST).exists()
    assert (exporting / "build" / "icons" / MANIFEST).exists()
    with PillowImage.open(exporting / "build/icons/fire-sword_framed.png") as picture:
        picture.load()
        assert picture.text["idea"] == "fire sword"
    with PillowImage.open(exporting / "build/sheet.png") as picture:
        picture.load()
        assert picture.text == {}


def test_a_second_export_touches_nothing_and_an_idea_less_takes_its_files(exporting, settings):
    run(exporting, settings).export()
    assert not any(export.written.added for export in run(exporting, settings).export())
    _, icons = run(exporting, settings, items={"idea": ["fire sword"]}).export()
    assert len(icons.written.removed) == 4
    assert names(exporting / "build/icons") == ["fire-sword_framed.png", "fire-sword_plain.png"]


def test_what_a_person_edited_stays(exporting, settings):
    run(exporting, settings).export()
    (exporting / "build/icons/fire-sword_plain.png").write_bytes(b"painted over")
    _, icons = run(exporting, settings).export()
    assert icons.written.kept == ("fire-sword_plain.png",)


def test_a_partial_run_and_one_with_failures_remove_nothing(exporting, settings):
    run(exporting, settings).export()
    before = names(exporting / "build/icons")
    run(exporting, settings, part=Part(only={"idea": ["fire sword"]})).export()
    run(exporting, settings, items={"idea": ["fire sword", "fail"]}).export()
    assert names(exporting / "build/icons") == before


def test_the_folder_of_run_and_of_export_may_be_one(exporting, settings):
    out = exporting / "build/icons"
    run(exporting, settings, out=out).export()
    run(exporting, settings, out=out)
    assert (out / "fire-sword_plain.png").exists()
    assert (out / "index.html").exists()


def test_without_an_export_block_there_is_nothing_to_write(studio, settings):
    with pytest.raises(InvalidInput) as raised:
        run(studio, settings).export()
    assert raised.value.findings[0].code == "E438"


def test_a_file_in_the_way_is_known_before_anything_runs(exporting, settings):
    (exporting / "build").write_text("a file", encoding="utf-8")
    with orchestrator.Session(settings) as session, pytest.raises(InvalidInput) as raised:
        session.export(exporting / "recipe.yaml", stages_files=[exporting / "stages.py"])
    codes = [finding.code for finding in raised.value.findings]
    assert codes == ["E420", "E420"]
    assert raised.value.findings[0].span.file.endswith("recipe.yaml")
    assert not settings.store.exists()


def test_a_folder_that_cannot_be_written_after_the_run_is_told(exporting, settings):
    done = run(exporting, settings)
    (exporting / "build").write_text("a file", encoding="utf-8")
    done.export()
    assert {finding.code for finding in done.blocked} == {"E428"}
    assert done.counts["done"] > 0


def test_findings_of_the_graph_and_of_the_exports_come_at_once(studio, settings):
    text = (studio / "recipe.yaml").read_text(encoding="utf-8")
    wrong = text.replace("studio.frame", "studio.fram") + "export:\n  - {from: x, to: .., format: y}\n"
    (studio / "recipe.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        run(studio, settings)
    assert {finding.code for finding in raised.value.findings} == {"E201", "E430", "E431", "E433"}


def test_the_command_exports_alone_and_beside_a_run(exporting, settings, monkeypatch):
    from tests.fences import typed

    monkeypatch.setenv("ORCHESTRATOR_STORE", str(settings.store))
    said = typed("orchestrator export recipe.yaml --stages stages.py")
    assert said.status == 0
    assert "Exported 6 files to build/icons/ (6 new or changed)." in said.output
    assert not (exporting / "out").exists()
    said = typed("orchestrator run recipe.yaml --stages stages.py --export")
    assert "Exported 1 file to build/ (all as they were)." in said.output
    assert (exporting / "out/swatches/index.html").exists()
    said = typed("orchestrator export recipe.yaml --stages stages.py --json")
    document = json.loads(said.output[said.output.index("{\n") :])
    assert [export["folder"] for export in document["exported"]] == ["build", "build/icons"]


def test_an_export_alone_makes_only_what_it_takes(exporting, settings, monkeypatch):
    from tests.fences import typed

    monkeypatch.setenv("ORCHESTRATOR_STORE", str(settings.store))
    recipe = exporting / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8").partition("export:")[0]
    recipe.write_text(f"{text}export:\n  - {{from: draw, to: build, format: files}}\n", encoding="utf-8")
    said = typed("orchestrator export recipe.yaml --stages stages.py --json")
    document = json.loads(said.output[said.output.index("{\n") :])
    assert document["counts"]["done"] == 3
    assert len(names(exporting / "build")) == 3


FRAMES = """\
from orchestrator.stage import Idea, Image, Many, stage


@stage("studio.frames", version=1)
def frames(idea: Idea) -> Many[Image]:
    from PIL import Image as PillowImage

    return Many(Image.of(PillowImage.new("L", (1, 1), grey)) for grey in range(len(idea.text)))


@stage("studio.copy", version=1)
def copy(image: Image) -> Image:
    return image
"""

ANIMATED = """\
recipe: 1
items:
  idea: [ab, abc]
stages:
  idle: {use: studio.frames}
  cut: {use: studio.copy, each: {frame: idle}}
export:
  - {from: idle, to: whole, format: files}
  - {from: cut, to: parts, format: files, name: "{idea}/{frame}"}
"""


def test_members_of_an_animation_go_out_numbered_as_one_artifact_and_by_their_dimension(tmp_path, settings):
    (tmp_path / "stages.py").write_text(FRAMES, encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(ANIMATED, encoding="utf-8")
    run(tmp_path, settings).export()
    assert names(tmp_path / "whole") == ["ab_00.png", "ab_01.png", "abc_00.png", "abc_01.png", "abc_02.png"]
    assert names(tmp_path / "parts") == ["ab/0.png", "ab/1.png", "abc/0.png", "abc/1.png", "abc/2.png"]
    text = ANIMATED.replace("{idea}/{frame}", "{idea}")
    (tmp_path / "recipe.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        run(tmp_path, settings)
    assert [(finding.code, finding.fix) for finding in raised.value.findings] == [
        ("E435", 'name: "{idea}_{frame}"')
    ]


def test_frames_sort(tmp_path, settings):
    """In `out/` and where frames are exported one by one, names sort as the frames play."""
    (tmp_path / "stages.py").write_text(FRAMES, encoding="utf-8")
    text = ANIMATED.replace("[ab, abc]", "[abcdefghijkl, abc]")
    (tmp_path / "recipe.yaml").write_text(text, encoding="utf-8")
    done = run(tmp_path, settings)
    done.save(tmp_path / "out")
    done.export()
    for folder in (tmp_path / "parts", tmp_path / "out"):
        greys = {"abc": list[int](), "abcdefghijkl": list[int]()}
        for path in sorted(folder.rglob("*.png")):
            with PillowImage.open(path) as picture:
                greys[path.relative_to(folder).as_posix().partition("/")[0].partition("_")[0]].append(
                    picture.getpixel((0, 0))
                )
        assert greys == {"abc": [0, 1, 2], "abcdefghijkl": list(range(12))}
    assert (tmp_path / "parts/abc/0.png").exists()
    assert (tmp_path / "parts/abcdefghijkl/00.png").exists()


def test_zipped_items_are_told_apart_by_one_of_their_dimensions(tmp_path, settings):
    text = ANIMATED.replace("  idea: [ab, abc]\n", "  idea: [ab, abc]\n  tint: [x, y]\nzip: [idea, tint]\n")
    export = "export:\n  - {from: idle, to: whole, format: files, name: '{tint}'}\n"
    text = text[: text.index("  cut:")] + export
    text = text.replace("studio.frames}", "studio.frames, per: [tint]}")
    (tmp_path / "stages.py").write_text(FRAMES, encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(text, encoding="utf-8")
    run(tmp_path, settings).export()
    assert names(tmp_path / "whole") == ["x_00.png", "x_01.png", "y_00.png", "y_01.png", "y_02.png"]


def test_a_folder_that_became_a_link_after_the_check_is_not_written_through(exporting, settings):
    done = run(exporting, settings)
    (exporting / "elsewhere").mkdir()
    (exporting / "build").symlink_to("elsewhere", target_is_directory=True)
    done.export()
    assert {finding.code for finding in done.blocked} == {"E428"}
    assert not list((exporting / "elsewhere").iterdir())


def test_two_recipes_that_export_to_one_file_are_told(exporting, settings):
    run(exporting, settings).export()
    other = exporting / "other.yaml"
    other.write_text((exporting / "recipe.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    before = {path: path.read_bytes() for path in (exporting / "build").rglob("*.png")}
    second = orchestrator.run(
        other,
        stages_files=[exporting / "stages.py"],
        settings=settings,
        items={"idea": ["fire sword", "bow"]},
    )
    second.export()
    (finding, *_) = second.blocked
    assert finding.code == "E428"
    assert "recipe.yaml" in finding.message
    assert before
    assert {path: path.read_bytes() for path in before} == before
