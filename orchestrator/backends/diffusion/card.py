"""A painter's card: its card.json, or one made from the settings in its folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from orchestrator.backends.diffusion import findings
from orchestrator.backends.diffusion.families import FAMILIES, Family, schedulers_beside
from orchestrator.backends.diffusion.folder import PainterFolder
from orchestrator.errors import Span
from orchestrator.stage import Card
from orchestrator.stage.validated import problems_in

CAPTION_FIELDS = frozenset(
    {"style", "colour", "noun", "subject", "material", "lighting", "view", "background", "details"}
)
_LARGEST_CARD = 1_000_000
_BEYOND_ANY_TOKENIZER = 100_000


def card_of(folder: PainterFolder, source: str, span: Span | None) -> Card:
    """The card; raises ModelUnavailable (E313) where card.json is broken."""
    path = folder.path / "card.json"
    if path.is_file():
        return _read(path, source, span)
    return card_from_settings(folder.pipeline, folder.configs, _name(folder.path, source))


def _read(path: Path, source: str, span: Span | None) -> Card:
    try:
        if path.stat().st_size > _LARGEST_CARD:
            raise findings.broken_card(source, "it is larger than a megabyte", span)
        data = path.read_bytes()
        card = Card.shipped(data) if source == "embedded" else Card.model_validate_json(data)
    except ValueError as error:
        path_in_card, problem = problems_in(error)[0]
        raise findings.broken_card(source, f"{path_in_card}: {problem}".removeprefix(": "), span) from error
    if problem := _caption_problem(card.caption):
        raise findings.broken_card(source, problem, span)
    return card


def _caption_problem(caption: str) -> str:
    """A caption holds plain `{field}`s: attributes, conversions and widths would reach into Python."""
    known = [f"{{{field}}}" for field in sorted(CAPTION_FIELDS)]
    for part in re.findall(r"\{[^{}]*\}?|\}", caption):
        if part not in known:
            return f"caption: {part} is none of {', '.join(known)}"
    return ""


def card_from_settings(pipeline: str, configs: Mapping[str, Mapping[str, object]], name: str) -> Card:
    """A card made from the settings of a pipeline's components."""
    family = FAMILIES[pipeline]
    side = _side(configs, family)
    scheduler = str(configs.get("scheduler", {}).get("_class_name", ""))
    steps, guidance = _usual(configs, family)
    return Card(
        name=name,
        kind="diffusion",
        family=family.name,
        width=side,
        height=side,
        size_multiple=_scale(configs) * family.patch,
        steps=steps,
        guidance_scale=guidance,
        schedulers=schedulers_beside(scheduler) if scheduler else (),
        prompt_tokens=_tokens(configs, family),
        takes_negative_prompt=family.negative,
    )


def _usual(configs: Mapping[str, Mapping[str, object]], family: Family) -> tuple[int, float]:
    """Flux without guidance embeddings is the distilled one, which takes four steps and no guidance."""
    if family.name == "flux" and configs.get("transformer", {}).get("guidance_embeds") is False:
        return 4, 0.0
    return family.steps, family.guidance_scale


def _name(path: Path, source: str) -> str:
    if source.startswith("huggingface:"):
        repo, _, revision = source.removeprefix("huggingface:").partition("@")
        return f"{repo}@{revision[:8]}"
    return path.resolve().name


def _scale(configs: Mapping[str, Mapping[str, object]]) -> int:
    """Pixels of a side for each latent cell."""
    channels = configs.get("vae", {}).get("block_out_channels")
    return 2 ** (len(channels) - 1) if isinstance(channels, list) and 1 < len(channels) < 8 else 8  # noqa: PLR2004


def _side(configs: Mapping[str, Mapping[str, object]], family: Family) -> int:
    network = configs.get("unet") or configs.get("transformer") or {}
    cells = network.get("sample_size")
    if isinstance(cells, list) and cells:
        cells = cells[0]
    return cells * _scale(configs) if isinstance(cells, int) and cells > 0 else family.size


def _tokens(configs: Mapping[str, Mapping[str, object]], family: Family) -> int:
    limits = [configs[name].get("model_max_length") for name in configs if name.startswith("tokenizer")]
    known = [limit for limit in limits if isinstance(limit, int) and 0 < limit < _BEYOND_ANY_TOKENIZER]
    return min(max(known), family.tokens) if known else family.tokens
