"""Writes what the code of today makes, for the tests of later days: `python -m tests.past.record [PART ...]`.

Parts: keys, drawn, studio. See README.md for when one records anew, which is seldom.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

import PIL

import orchestrator
from tests.past.inside import (
    HERE,
    RECIPES,
    graph_of,
    identities,
    place_of,
    pretended,
    surroundings_of,
    versions_of,
)

SMALL: dict[str, tuple[dict[str, Any], list[str]]] = {
    "item-icons": ({"idea": ["fire sword", "iron key"]}, ["plan.steps=2"]),
    "button-states": ({"idea": ["red heart"]}, ["plan.steps=2"]),
    "character-expressions": (
        {"idea": ["robot"], "mood": [{"id": "sad", "face": "sad eyes", "colour": "blue"}]},
        ["plan.steps=2", "mood_plan.steps=3"],
    ),
    "idle-animation": ({"idea": ["candle"]}, ["plan.steps=3"]),
    "tileable-textures": (
        {"idea": [{"id": "frost", "value": "snowflake", "ground": "sky"}]},
        ["plan.steps=2"],
    ),
    "two-painters": (
        {"idea": ["red apple"], "variant": 2},
        ["plan.steps=2", "candidate_plan.steps=3"],
    ),
}
"""Items and settings by recipe, few enough that all are drawn within seconds."""
FULL = "item-icons"
"""The recipe whose prompts are made again; the others find theirs, since a language model loads slowly."""
PROMPTS = HERE / "prompts.sqlite"
"""A journal with the prompts of the others."""
STUDIO = HERE / "studio"
RECIPE = STUDIO / "studio.yaml"


def keys() -> None:
    """Keys, seeds and all that enters them, of every item of the ready recipes."""
    models: dict[str, Any] = {}
    recipes = {}
    for name in RECIPES:
        graph = graph_of(name)
        told = surroundings_of(graph)
        models |= {model["identity"]: model for model in told["models"].values()}
        items = [
            {
                "place": item["place"], "seed": str(item["seed"]), "key": item["key"],
                "params": item["identity"]["params"],
            }
            for item in identities(graph, {}, {})
        ]  # fmt: skip
        recipes[name] = {
            "versions": versions_of(graph),
            "models": {role: model["identity"] for role, model in told["models"].items()},
            "resources": told["resources"],
            "items": items,
        }
    _write(HERE / "keys.json", {"models": models, "recipes": recipes})


def drawn_by(name: str, store: Path) -> orchestrator.Run:
    """A small run of a recipe of then, in single precision on one thread."""
    items, overrides = SMALL[name]
    settings = orchestrator.Settings(store=store, device="cpu", dtype="float32", threads=1)
    recipe = HERE / "recipes" / f"{name}.yaml"
    overrides = [*overrides, *pretended(name)]
    return orchestrator.run(recipe, items=items, overrides=overrides, settings=settings)


def results_of(run: orchestrator.Run) -> list[dict[str, Any]]:
    """Every result of a run as plain values."""
    graph = run.checked.graph
    return [
        {
            "place": place_of(result.stage, dict(result.coordinates)),
            "stage": result.stage,
            "version": graph.nodes[result.stage].spec.version,
            "key": result.key,
            "artifact": result.artifact_digest,
            "environment": dict(result.environment),
        }
        for result in run.results.items.values()
    ]


def drawn() -> None:
    """Digests of what a few items give, with the environment in which they gave it."""
    recipes = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in SMALL:
            run = drawn_by(name, Path(folder))
            assert not run.failures, run.failures
            told = surroundings_of(run.checked.graph)
            recipes[name] = {
                "models": {role: model["identity"] for role, model in told["models"].items()},
                "resources": told["resources"],
                "results": results_of(run),
            }
        _closed(Path(folder))
        shutil.copy(Path(folder) / "journal.sqlite", PROMPTS)
    with sqlite3.connect(PROMPTS) as journal:
        journal.execute("DELETE FROM results WHERE type != 'Prompt'")
    journal.execute("PRAGMA journal_mode = DELETE")
    journal.execute("VACUUM")
    journal.close()
    _write(HERE / "drawn.json", recipes)


def studio() -> None:
    """A store, a review file and a folder of approved pictures, with what is exported of them."""
    for name in ("store", "studio.approved", "exported", "build"):
        shutil.rmtree(STUDIO / name, ignore_errors=True)
    review = STUDIO / "studio.review.yaml"
    review.write_text(_SETTINGS, encoding="utf-8")
    text = RECIPE.read_text(encoding="utf-8")
    try:  # one picture is approved under another param than the recipe has in the end
        RECIPE.write_text(text.replace("specks: 4", "specks: 5"), encoding="utf-8")
        before = {_ids(shown): shown for shown in in_studio(STUDIO).report.reviews}
    finally:
        RECIPE.write_text(text, encoding="utf-8")
    run = in_studio(STUDIO)
    now = {_ids(shown): shown for shown in run.report.reviews}
    lines = [_SETTINGS]
    for ids, shown in now.items():
        if ids in _APPROVED:
            lines.append(_entry((before if ids == _STALE else now)[ids], run, STUDIO))
        elif ids == _REJECTED:
            lines.append(shown.entry.replace("approved", "rejected") + "\n")
    review.write_text("".join(lines), encoding="utf-8")
    done = in_studio(STUDIO)
    done.export()
    shutil.move(STUDIO / "build", STUDIO / "exported")
    told = surroundings_of(done.checked.graph)
    _write(
        STUDIO / "written.json",
        {
            "pillow": PIL.__version__,
            "versions": versions_of(done.checked.graph),
            "models": {role: model["identity"] for role, model in told["models"].items()},
            "resources": told["resources"],
            "stale": [place_of(_STALE[0], dict([_STALE[1]]))],
            "results": results_of(done),
        },
    )
    _closed(STUDIO / "store")


_SETTINGS = """\
# Written by tests/past/record.py; see README.md.
- {item: {idea: blue-gem}, attempt: 1, reason: too pale}
- {item: {idea: candle}, dropped: true}
- {item: {ref: ring}, set: {shade.factor: 0.75}}
- {item: {ref: stone}, dropped: true}
"""
_APPROVED = {
    ("looked", ("ref", "coin")), ("looked", ("ref", "ring")), ("looked", ("ref", "shard")),
    ("icon", ("idea", "red-apple")), ("icon", ("idea", "blue-gem")),
}  # fmt: skip
_STALE = ("looked", ("ref", "shard"))
_REJECTED = ("looked", ("ref", "leaf"))


def in_studio(folder: Path, **more: Any) -> orchestrator.Run:
    """A run of the studio's recipe on the studio's store."""
    settings = orchestrator.Settings(store=folder / "store", device="cpu", dtype="float32", threads=1)
    return orchestrator.run(folder / RECIPE.name, settings=settings, **more)


def _ids(shown: Any) -> tuple[str, tuple[str, str]]:
    ((name, value),) = shown.coordinates.items()
    return shown.review, (name, value)


def _entry(shown: Any, run: orchestrator.Run, folder: Path) -> str:
    """The approving line, its picture laid beside the review file."""
    ((_, value),) = shown.coordinates.items()
    beside = folder / "studio.approved" / shown.review / f"{value}.png"
    beside.parent.mkdir(parents=True, exist_ok=True)
    beside.write_bytes(shown.png())
    return shown.entry + "\n"


def _closed(store: Path) -> None:
    """The journal as one file, without what belongs to this machine alone."""
    with sqlite3.connect(store / "journal.sqlite") as journal:
        journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    journal.close()
    for path in store.rglob("*"):
        if path.is_file() and path.name != "journal.sqlite" and "blobs" not in path.parts:
            path.unlink()
    for path in sorted(store.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for part in sys.argv[1:] or ("keys", "drawn", "studio"):
        {"keys": keys, "drawn": drawn, "studio": studio}[part]()
