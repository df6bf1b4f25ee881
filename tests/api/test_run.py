import json
import threading

import pytest
from PIL import Image as PillowImage

import orchestrator
from orchestrator.api.run_recipe import Part, Watch
from orchestrator.errors import InvalidInput
from orchestrator.events import ItemEnded


def run(studio, settings, **more):
    return orchestrator.run(
        studio / "recipe.yaml", stages_files=[studio / "stages.py"], settings=settings, **more
    )


def files(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


def test_a_run_leaves_one_picture_an_item_a_sheet_a_page_and_run_json(studio, settings):
    out = studio / "out"
    done = run(studio, settings, out=out)
    assert set(files(out)) == {
        "fire-sword.png",
        "一只可爱的猫咪.png",
        "health-potion.png",
        "contact-sheet.png",
    }
    assert (out / "index.html").exists()
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["counts"]["done"] == 7
    assert done.counts["done"] == 7
    assert [picture.size for picture in done.pictures] == [(10, 10)] * 3
    assert len(done.sheets) == 1
    assert len(set(done.seeds)) == len(done.items) == 3
    assert "data:image/png" in done._repr_html_()
    assert repr(done) == "<Run of swatches: 4 assets; 7 done>"


def test_a_dimension_that_nothing_names_is_not_passed_over_in_a_notebook(studio, settings):
    done = run(studio, settings, items={"idae": ["gem"]})
    assert repr(done).endswith("; 1 warning>")
    assert "the dimension &#x27;idae&#x27; changes nothing" in done._repr_html_()


def test_pngs_say_what_made_them_and_nothing_of_the_run(studio, settings):
    out = studio / "out"
    done = run(studio, settings, out=out)
    with PillowImage.open(out / "fire-sword.png") as picture:
        picture.load()
        assert picture.text["identity"] == done.items[0].identity
        assert picture.text["idea"] == "fire sword"
        assert json.loads(picture.text["coordinates"]) == {"idea": "fire-sword"}


def test_a_second_run_makes_nothing_and_an_idea_more_makes_only_its_own(studio, settings):
    out = studio / "out"
    run(studio, settings, out=out)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.glob("*.png")}
    again = run(studio, settings, out=out)
    assert set(again.counts) - {key for key, count in again.counts.items() if not count} == {"stored"}
    recipe = studio / "recipe.yaml"
    recipe.write_text(
        recipe.read_text(encoding="utf-8").replace("health potion]", "health potion, bow]"), encoding="utf-8"
    )
    more = run(studio, settings, out=out)
    assert more.counts["done"] == 3
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.glob("*.png")}
    assert set(after) - set(before) == {"bow.png"}
    unchanged = set(before) - {"contact-sheet.png"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}


def test_an_idea_less_removes_its_file_and_no_other(studio, settings):
    out = studio / "out"
    run(studio, settings, out=out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    run(studio, settings, out=out, items={"idea": ["fire sword"]})
    assert set(files(out)) == {"fire-sword.png", "contact-sheet.png"}
    assert (out / "notes.txt").exists()


def test_a_partial_run_only_adds(studio, settings):
    out = studio / "out"
    run(studio, settings, out=out, part=Part(only={"idea": ["fire sword"]}))
    assert set(files(out)) == {"fire-sword.png"}
    run(studio, settings, out=out, part=Part(limit=2))
    assert set(files(out)) == {"fire-sword.png", "一只可爱的猫咪.png"}


def test_a_recipe_without_pictures_hands_over_its_last_documents(studio, settings):
    (studio / "words.py").write_text(
        """
from orchestrator.stage import Idea, Prompt, stage

@stage("studio.words", version=1)
def words(idea: Idea) -> Prompt:
    return Prompt(subject=idea.text)
""",
        encoding="utf-8",
    )
    recipe = studio / "words.yaml"
    recipe.write_text(
        "recipe: 1\nname: words\nitems: {idea: [fire sword]}\nstages: {words: {use: studio.words}}\n",
        encoding="utf-8",
    )
    done = orchestrator.run(recipe, stages_files=[studio / "words.py"], settings=settings)
    assert [prompt.subject for prompt in done.prompts] == ["fire sword"]
    assert done.pictures == ()


def test_up_to_a_stage(studio, settings):
    done = run(studio, settings, part=Part(to="draw"))
    assert [picture.size for picture in done.pictures] == [(8, 8)] * 3
    assert done.counts["done"] == 3


def test_one_item_that_fails_leaves_all_others_finished(studio, settings):
    done = run(studio, settings, items={"idea": ["fire sword", "fail here", "bow"]})
    ((stage, at), failure), *rest = done.failures.items()
    assert (stage, dict(at), rest) == ("draw", {"idea": "fail-here"}, [])
    assert (failure.message, failure.code, failure.help) == ("the brush broke", "E501", "use another idea")
    assert len(done.pictures) == 2
    assert len(done.sheets) == 1
    assert sum(done.counts.values()) == 7


def test_adding_a_variant_moves_no_picture(studio, settings):
    first = run(studio, settings)
    two = run(studio, settings, items={"variant": 2})
    ones = [asset for asset in two.items if asset.coordinates["variant"] == "1"]
    assert [asset.image.tobytes() for asset in ones] == [picture.tobytes() for picture in first.pictures]
    assert len({asset.seed for asset in two.items}) == 6


def test_a_stopped_run_keeps_what_is_finished_and_the_next_goes_on(studio, settings):
    stop = threading.Event()
    ended = []

    def listen(event):
        if isinstance(event, ItemEnded) and event.outcome == "done":
            ended.append(event)
            stop.set()

    stopped = run(studio, settings, watch=Watch(listen, stop.is_set))
    assert stopped.counts["cancelled"] > 0
    assert sum(stopped.counts.values()) == 7
    finished = run(studio, settings)
    assert finished.counts["stored"] >= len(ended) >= 1
    assert finished.counts["stored"] + finished.counts["done"] == 7


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (Part(only={"ide": ["x"]}), "E230"),
        (Part(only={"idea": ["fire-swrod"]}), "E231"),
        (Part(to="drw"), "E232"),
        (Part(limit=0), "E233"),
    ],
)
def test_a_part_that_is_not_there(studio, settings, part, code):
    with pytest.raises(InvalidInput) as raised:
        run(studio, settings, part=part)
    assert [finding.code for finding in raised.value.findings] == [code]
    assert raised.value.findings[0].help


def test_ids_that_no_item_has_together_leave_nothing_to_do(studio, settings):
    recipe = studio / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    zipped = text.replace("stages:", "  look: [a, b, c]\nzip: [idea, look]\nstages:")
    recipe.write_text(zipped, encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        run(studio, settings, part=Part(only={"idea": ["fire-sword"], "look": ["b"]}))
    assert [finding.code for finding in raised.value.findings] == ["E234"]


def test_an_output_folder_that_cannot_be_written_stops_before_anything_runs(studio, settings):
    (studio / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(InvalidInput):
        run(studio, settings, out=studio / "taken")
    assert not settings.store.exists()
