"""The one place where the tests of the past look inside: graphs as they were then, and keys without running.

Everything else of these tests goes through the public verbs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orchestrator
from orchestrator.graph import IDEA_SOURCE
from orchestrator.stage import Card, Description
from orchestrator.work import EVERYTHING, idea_of, identity_of, items_of, key_of, points

HERE = Path(__file__).parent
RECIPES = sorted(path.stem for path in (HERE / "recipes").glob("*.yaml"))
FRAMES = 2
"""How long a `Many[T]` is taken to be, since nothing runs."""
PRETENDED = {"stable-diffusion-1-4": "painter", "two-painters": "candidate"}
"""The role whose model is on few machines; its place is taken by the embedded one of its kind."""


class ThenResource:
    """A resource of which only the digest is known any more."""

    def __init__(self, digest: str) -> None:
        self.digest = digest

    @property
    def value(self) -> object:
        raise LookupError(self.digest)


def graph_of(name: str) -> Any:
    """The graph that today's code makes of a recipe of then, with today's models and resources."""
    return orchestrator.check(HERE / "recipes" / f"{name}.yaml", overrides=pretended(name)).graph


def pretended(name: str) -> list[str]:
    """The override that a recipe needs on this machine."""
    return [f"models.{PRETENDED[name]}=embedded"] if name in PRETENDED else []


def surroundings_of(graph: Any) -> dict[str, Any]:
    """Models and resources of a graph as plain JSON values: what it was told from outside."""
    return {
        "models": {
            role: {
                "identity": model.identity,
                "source": model.source,
                "card": model.card.model_dump(mode="json"),
            }
            for role, model in graph.models.items()
        },
        "resources": {
            f"{room}:{name}": resource.digest for (room, name), resource in graph.resources.items()
        },
    }  # fmt: skip


def as_it_was(graph: Any, then: Mapping[str, Any]) -> Any:
    """The graph with the models and resources of then in place of today's, so that only code can differ."""
    models = {
        role: Description(
            role, model.kind, then["models"][role]["source"], then["models"][role]["identity"],
            Card.model_validate_json(_text(then["models"][role]["card"])),
        )
        for role, model in graph.models.items()
    }  # fmt: skip
    digests = then["resources"]
    resources = {
        (room, name): ThenResource(digests.get(f"{room}:{name}", resource.digest))
        for (room, name), resource in graph.resources.items()
    }
    return replace(graph, models=models, resources=resources)


def identities(graph: Any, versions: Mapping[str, int], keys: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every work item in the order of work: place, seed, key, and the identity that the key is a digest of.

    In place of an input's artifact, which only a run could tell, stands the key of the item that makes it.
    A stage whose version is another than in `versions` may have other params too: then `keys` (those of then)
    say what its key is, so that what follows it is compared all the same.
    """
    made: dict[tuple[str, Any], str] = {}
    idea = idea_of(graph)

    def digest(given: Any) -> str | None:
        if given.stage == IDEA_SOURCE:
            return idea(given).digest
        return made[given.stage, given.coordinates] + ("" if given.member is None else f"[{given.member}]")

    for node in graph.nodes.values():
        for item in items_of(graph, node, points(graph, EVERYTHING), lambda _, __: FRAMES):
            identity = identity_of(graph, item, digest)
            place = place_of(item.stage, dict(item.coordinates))
            key = key_of(identity)
            if node.spec.version != versions.get(node.name, node.spec.version):
                key = keys.get(place, key)
            made[item.stage, item.coordinates] = key
            yield {"place": place, "stage": node.name, "seed": item.seed, "key": key, "identity": identity}


def versions_of(graph: Any) -> dict[str, int]:
    """The version of each stage, by its name in the recipe."""
    return {name: node.spec.version for name, node in graph.nodes.items()}


def place_of(stage: str, coordinates: Mapping[str, str]) -> str:
    """A stage at an item, in one line."""
    return f"{stage}({', '.join(f'{name}={value}' for name, value in coordinates.items())})"


def _text(card: object) -> str:
    import json

    return json.dumps(card)
