"""Keys and seeds of the ready recipes are those that earlier code gave them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.past.inside import HERE, RECIPES, as_it_was, graph_of, identities, versions_of

THEN = json.loads((HERE / "keys.json").read_text("utf-8"))
RAISE = "raise the stage's version, or mend what moved them"


def then(name: str) -> dict[str, Any]:
    recorded = THEN["recipes"][name]
    models = {role: THEN["models"][identity] for role, identity in recorded["models"].items()}
    return {**recorded, "models": models}


@pytest.fixture(scope="module")
def graphs(known_models) -> dict[str, Any]:
    return {name: graph_of(name) for name in RECIPES}


def test_every_recipe_is_recorded():
    assert sorted(THEN["recipes"]) == RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_keys_and_seeds_have_not_moved(name, graphs):
    recorded = then(name)
    graph = as_it_was(graphs[name], recorded)
    before = {item["place"]: item for item in recorded["items"]}
    now = list(
        identities(graph, recorded["versions"], {place: item["key"] for place, item in before.items()})
    )
    assert [item["place"] for item in now] == list(before)
    raised = {
        stage for stage, version in versions_of(graph).items() if version != recorded["versions"][stage]
    }
    moved = [line for item in now for line in differences(before[item["place"]], item, raised)]
    assert not moved, f"{len(moved)} moved; {RAISE}:\n" + "\n".join(moved[:20])


def differences(before: dict[str, Any], now: dict[str, Any], raised: set[str]) -> Iterator[str]:
    """What moved of an item, in words."""
    if str(now["seed"]) != before["seed"]:
        yield f"{now['place']}: its seed"
    if now["key"] == before["key"]:
        return
    old, new = before["params"], json.loads(json.dumps(now["identity"]["params"]))
    parts = [name for name in {**old, **new} if old.get(name, ...) != new.get(name, ...)]
    if parts:
        changes = (f"{name}: {old.get(name, 'absent')} -> {new.get(name, 'absent')}" for name in parts)
        yield f"{now['place']}: its key, by params {'; '.join(changes)}"[:400]
    else:
        yield f"{now['place']}: its key, by its seed, its inputs, or how keys are made"


def test_what_differs_today_is_told_by_name(graphs):
    """A change of models or resources moves keys by themselves alone, and a change of a param is named."""
    name = "item-icons"
    recorded = then(name)
    recorded["resources"] = dict.fromkeys(recorded["resources"], "sha256:other")
    graph = as_it_was(graphs[name], recorded)
    before = {item["place"]: item for item in recorded["items"]}
    moved = [
        line for item in identities(graph, {}, {}) for line in differences(before[item["place"]], item, set())
    ]
    assert moved[0].startswith("expand(idea=fire-sword): its key, by params ")
    assert "template" in moved[0]
    assert any(line.startswith("render(idea=fire-sword): its key, by its seed, its inputs") for line in moved)
    assert not any("its seed" in line.partition("key")[0] for line in moved)


def test_a_raised_version_moves_that_stage_alone(graphs):
    name = "item-icons"
    recorded = then(name)
    recorded["versions"] = {**recorded["versions"], "expand": 0}
    keys = {item["place"]: f"sha256:of then {at}" for at, item in enumerate(recorded["items"])}
    taken = {
        item["place"]: item
        for item in identities(as_it_was(graphs[name], recorded), recorded["versions"], keys)
    }
    assert taken["expand(idea=fire-sword)"]["key"] == keys["expand(idea=fire-sword)"]
    assert taken["plan(idea=fire-sword)"]["identity"]["inputs"] == {"prompt": keys["expand(idea=fire-sword)"]}
