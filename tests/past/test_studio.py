"""A store, a review file and approved pictures that earlier code wrote are opened by today's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import PIL
import pytest
from PIL import Image

import orchestrator
from tests.past.inside import HERE, place_of, surroundings_of, versions_of
from tests.past.record import in_studio, results_of

THEN = json.loads((HERE / "studio" / "written.json").read_text("utf-8"))
EXPORTED = HERE / "studio" / "exported"
ABOVE = {"looked": ("sketch", "cut", "shade"), "icon": ("expand", "plan", "render")}
COMMAND = """
import sys
from orchestrator.cli import main
sys.argv = ["orchestrator", "export", "studio.yaml"]
try:
    main()
finally:
    print("loaded:", [name for name in ("torch", "transformers", "diffusers") if name in sys.modules])
"""


@pytest.fixture
def studio(tmp_path: Path, own_store: Path) -> Path:
    folder = Path(shutil.copytree(HERE / "studio", tmp_path / "studio"))
    shutil.copy(own_store / "model-digests.json", folder / "store")
    return folder


def changed(run: orchestrator.Run, review: str) -> bool:
    """Whether something above a review is another thing than it was: a version, a model, a resource."""
    graph = run.checked.graph
    versions, told = versions_of(graph), surroundings_of(graph)
    if any(versions[stage] != THEN["versions"][stage] for stage in ABOVE[review]):
        return True
    models = {role: model["identity"] for role, model in told["models"].items()}
    return review == "icon" and (models, told["resources"]) != (THEN["models"], THEN["resources"])


def texts(picture: Path) -> dict[str, str]:
    with Image.open(picture) as opened:
        opened.load()
        return {name: str(text) for name, text in opened.info.items()}


def test_approved_pictures_are_exported_as_they_were(studio):
    loading: list[object] = []
    watch = orchestrator.Watch(
        listener=lambda event: loading.append(event) if "Loading" in type(event).__name__ else None
    )
    run = in_studio(studio, watch=watch)
    assert not run.failures
    assert loading == []
    run.export()
    names = sorted(path.relative_to(EXPORTED) for path in EXPORTED.rglob("*.png"))
    assert sorted(path.relative_to(studio / "build") for path in (studio / "build").rglob("*.png")) == names
    for name in names:
        before, after = EXPORTED / name, studio / "build" / name
        with Image.open(before) as old, Image.open(after) as new:
            assert (new.mode, new.size, new.tobytes()) == (old.mode, old.size, old.tobytes())
        review = {"cuts": "looked", "icons": "icon"}[name.parts[0]]
        if not changed(run, review):  # else what stands above is not what made it, and is not told
            assert texts(before).items() <= texts(after).items(), name
            if THEN["pillow"] == PIL.__version__ and texts(before) == texts(after):
                assert after.read_bytes() == before.read_bytes()


def test_nothing_approved_is_made_again_and_what_was_made_is_found(studio):
    run = in_studio(studio)
    then = {result["place"]: result for result in THEN["results"]}
    for result in results_of(run):
        before = then[result["place"]]
        outcome = run.results.items[place_in(run, result["place"])].outcome
        if result["stage"] in ABOVE and before["artifact"]:
            assert (outcome, result["artifact"]) == ("stored", before["artifact"]), result["place"]
        elif result["stage"] in ABOVE["icon"]:
            assert outcome in {"stored", "skipped"}, result["place"]
        elif before["artifact"] and not changed(run, "looked") and result["stage"] in ABOVE["looked"]:
            assert (outcome, result["key"], result["artifact"]) == (
                "stored",
                before["key"],
                before["artifact"],
            )


def place_in(run: orchestrator.Run, place: str):
    return next(each for each in run.results.items if place_of(each[0], dict(each[1])) == place)


def test_what_is_stale_is_told_with_its_reason(studio):
    run = in_studio(studio)
    told = [finding for finding in run.checked.findings if finding.code == "W660"]
    states = {place_of(shown.review, shown.coordinates): shown.state for shown in run.report.reviews}
    stale = sorted(place for place, state in states.items() if state == "stale")
    assert all(finding.why and finding.span and finding.span.file.endswith("review.yaml") for finding in told)
    approved = sorted(place for place, state in states.items() if state in {"approved", "stale"})
    assert len(approved) == 5
    expected = {place for place in approved if changed(run, place.partition("(")[0])} | set(THEN["stale"])
    assert stale == sorted(expected)
    decided = len(expected) + changed(run, "looked")  # the rejected one may be of another picture too
    assert len(told) == decided
    assert states["looked(ref=leaf)"] in {"rejected", "waiting"}


def test_the_command_exports_them_without_loading_a_library_of_models(studio):
    done = subprocess.run(
        [sys.executable, "-c", COMMAND], cwd=studio, capture_output=True, text=True, check=False,
        env={**environment(), "ORCHESTRATOR_STORE": str(studio / "store")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "loaded: []" in done.stdout, done.stdout
    assert "W660" in done.stdout + done.stderr
    assert {path.name for path in (studio / "build" / "icons").glob("*.png")} == {
        "red-apple.png",
        "blue-gem.png",
    }


def test_without_the_store_they_come_from_beside_the_review_file(studio):
    digests = (studio / "store" / "model-digests.json").read_bytes()
    shutil.rmtree(studio / "store")
    (studio / "store").mkdir()
    (studio / "store" / "model-digests.json").write_bytes(digests)
    run = in_studio(studio)
    assert not run.failures
    run.export()
    for before in EXPORTED.rglob("*.png"):
        with Image.open(before) as old, Image.open(studio / "build" / before.relative_to(EXPORTED)) as new:
            assert (new.mode, new.size, new.tobytes()) == (old.mode, old.size, old.tobytes())


def environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
