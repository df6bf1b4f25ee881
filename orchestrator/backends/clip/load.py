"""Loads a scorer: weights from safetensors alone, nothing from the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import torch

from orchestrator.backends.clip import findings
from orchestrator.backends.clip.describe import identity_of
from orchestrator.backends.clip.pixels import Preparation
from orchestrator.backends.clip.scorer import ClipScorer
from orchestrator.backends.diffusion.device import chosen_device, environment, make_repeatable
from orchestrator.config import Settings
from orchestrator.stage import Description, Scorer


def load_scorer(description: Description, settings: Settings) -> Scorer:
    """The scorer that was described; raises ModelUnavailable (E320, E370 to E374)."""
    if description.handed_in is not None:
        return cast("Scorer", description.handed_in)
    folder = Path(description.location)
    if identity_of(folder, description.source, settings) != description.identity:
        raise findings.broken(
            description.source, "the folder", "its files changed after they were checked", None
        )
    device = chosen_device(settings)
    make_repeatable(device)
    try:
        return _loaded(folder, device, settings)
    except Exception as error:  # a library raises anything over a stranger's folder
        raise findings.broken(description.source, "the folder", str(error), None) from error


def _loaded(folder: Path, device: torch.device, settings: Settings) -> ClipScorer:
    from transformers import CLIPModel, CLIPTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    model: Any = CLIPModel.from_pretrained(
        str(folder), local_files_only=True, use_safetensors=True, trust_remote_code=False, dtype=torch.float32
    )
    tokenizer = CLIPTokenizer.from_pretrained(str(folder), local_files_only=True)
    prepared = json.loads((folder / "preprocessor_config.json").read_text("utf-8"))
    return ClipScorer(
        model.to(device).eval(),
        tokenizer,
        Preparation.read(prepared),
        environment(device, torch.float32, settings.threads),
        settings.threads,
    )
