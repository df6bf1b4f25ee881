"""Assets as files: their folder, their names, the data inside their PNGs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orchestrator.api.assets import Asset
from orchestrator.api.locate import Located
from orchestrator.api.portable import shown_source
from orchestrator.errors import InvalidInput
from orchestrator.export import OutputFile, led_elsewhere, png_with_metadata
from orchestrator.graph import Graph
from orchestrator.stage import Picture
from orchestrator.stage.file_stem import stem_of

if TYPE_CHECKING:
    from orchestrator.api.selection import Part
    from orchestrator.api.validate import Checked


def output_folder(checked: Checked, named: str | Path | None, part: Part) -> Path | None:
    """Where a run's files go unless told: `out/NAME`; nowhere for a run that ends before a picture.

    Raises:
        InvalidInput: it is a link, and nobody named it (E426).
    """
    if named is not None:
        return Path(named)
    last = checked.graph.nodes.get(part.to or "")
    if last is not None and not last.gives_files:
        return None
    folder = Path("out") / checked.graph.recipe.name
    if (finding := led_elsewhere(folder)) is not None:
        raise InvalidInput([finding])
    return folder


def file_name(asset: Asset, graph: Graph, ends: Sequence[str]) -> str:
    """An item under its ids joined by `_`; without coordinates, under its registered stage name.

    A member of a `Many[T]` has its number at the end. If several stages give items with coordinates, each
    has a folder; if two artifacts without coordinates would clash, they take their names in the recipe.
    """
    named = list(asset.file_ids.values())
    number = "" if asset.whole is None else f"_{named[-1]}"
    ids = named[: len(graph.nodes[asset.stage].dimensions)]
    if ids:
        stem = stem_of(ids) + number
        pictured = [end for end in ends if graph.nodes[end].dimensions and graph.nodes[end].gives_files]
        return f"{asset.stage}/{stem}.png" if len(pictured) > 1 else f"{stem}.png"
    registered = graph.nodes[asset.stage].spec.name
    same = [
        end for end in ends if not graph.nodes[end].dimensions and graph.nodes[end].spec.name == registered
    ]
    return f"{asset.stage if len(same) > 1 else registered}{number}.png"


def picture_files(assets: Sequence[Asset], ends: Sequence[str], located: Located) -> Iterator[OutputFile]:
    """A PNG for each asset that is a picture, with what made it inside; made when its turn has come."""
    for asset in assets:
        if asset.shows:
            yield OutputFile(file_name(asset, asset.graph, ends), partial(png_of, asset, located))


def png_of(asset: Asset, located: Located) -> bytes:
    """The picture as a PNG file that says what made it."""
    return png_with_metadata(cast("Picture", asset.artifact), metadata_of(asset, located))


def metadata_of(asset: Asset, located: Located) -> dict[str, str]:
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
        "model": f"{model.card.name} ({shown_source(model.source, located)})" if model and plan else "",
        "model digest": model.identity if model and plan else "",
        "licence": model.card.licence if model and plan else "",
        "identity": asset.identity,
    }
    return {name: value for name, value in facts.items() if value}


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
