"""Assets as files: their folder, their names, the data inside their PNGs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orchestrator.api.assets import Asset
from orchestrator.api.request import Part
from orchestrator.api.validate import Checked
from orchestrator.export import OutputFile, png_with_metadata
from orchestrator.graph import Graph
from orchestrator.stage import Picture


def output_folder(checked: Checked, named: str | Path | None, part: Part) -> Path | None:
    """Where a run's files go unless told: `out/NAME`; nowhere for a run that ends before a picture."""
    if named is not None:
        return Path(named)
    last = checked.graph.nodes.get(part.to or "")
    if last is not None and not last.gives_files:
        return None
    return Path("out") / checked.graph.recipe.name


def file_name(asset: Asset, graph: Graph, ends: Sequence[str]) -> str:
    """An item under its ids joined by `_`; without coordinates, under its registered stage name.

    A member of a `Many[T]` has its number at the end. If several stages give items with coordinates, each
    has a folder; if two artifacts without coordinates would clash, they take their names in the recipe.
    """
    number = "" if asset.whole is None else f"_{asset.member}"
    ids = list(asset.coordinates.values())[: len(graph.nodes[asset.stage].dimensions)]
    if ids:
        stem = "_".join(ids) + number
        pictured = [end for end in ends if graph.nodes[end].dimensions and graph.nodes[end].gives_files]
        return f"{asset.stage}/{stem}.png" if len(pictured) > 1 else f"{stem}.png"
    registered = graph.nodes[asset.stage].spec.name
    same = [
        end for end in ends if not graph.nodes[end].dimensions and graph.nodes[end].spec.name == registered
    ]
    return f"{asset.stage if len(same) > 1 else registered}{number}.png"


def picture_files(assets: Sequence[Asset], graph: Graph, ends: Sequence[str]) -> Iterator[OutputFile]:
    """A PNG for each asset that is a picture, with what made it inside."""
    for asset in assets:
        if isinstance(asset.artifact, Picture):
            data = png_with_metadata(asset.artifact, metadata_of(asset))
            yield OutputFile(file_name(asset, graph, ends), data)


def metadata_of(asset: Asset) -> dict[str, str]:
    """What a PNG says of itself. Nothing here changes when another idea is added to the recipe."""
    plan, model = asset.settings, asset.model
    facts: dict[str, str | None] = {
        "Software": "orchestrator",
        "recipe": asset.graph.recipe.name,
        "idea": asset.idea,
        "coordinates": _json(dict(asset.coordinates)) if asset.coordinates else "",
        "prompt": plan.prompt if plan else "",
        "negative prompt": plan.negative_prompt if plan else "",
        "settings": _json(plan.model_dump(mode="json", exclude={"prompt", "negative_prompt"}))
        if plan
        else "",
        "seed": None if asset.seed is None or plan is None else str(asset.seed),
        "model": f"{model.card.name} ({model.source})" if model and plan else "",
        "model digest": model.identity if model and plan else "",
        "licence": model.card.licence if model and plan else "",
        "identity": asset.identity,
    }
    return {name: value for name, value in facts.items() if value}


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
