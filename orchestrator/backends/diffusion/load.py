"""Loads a painter: weights from safetensors alone, no code of the model's, nothing from the network."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, cast

import torch

from orchestrator.backends.diffusion.describe import identity_of
from orchestrator.backends.diffusion.device import chosen_device, chosen_dtype, environment, make_repeatable
from orchestrator.backends.diffusion.folder import UNUSED, PainterFolder, read_folder
from orchestrator.backends.diffusion.painter import DiffusersPainter
from orchestrator.backends.torch_process import default_precision_kept
from orchestrator.config import Settings
from orchestrator.errors import Diagnostic, ModelUnavailable
from orchestrator.stage import Description, Painter


def load_painter(description: Description, settings: Settings) -> Painter:
    """The painter that was described; raises ModelUnavailable (E309, E320, E321)."""
    if description.handed_in is not None:
        return _over(description.handed_in, description, settings)
    folder = read_folder(Path(description.location), description.source)
    if identity_of(folder, description.source, settings) != description.identity:
        raise ModelUnavailable(_changed(description))
    device = chosen_device(settings)
    make_repeatable(device)
    dtype = chosen_dtype(settings, device)
    pipe = _pipeline(folder, dtype, description).to(device)
    facts = {**environment(device, dtype, settings.threads), "layout": _laid_out(pipe)}
    return DiffusersPainter(pipe, description.card, facts, settings.threads)


def _laid_out(pipe: Any) -> str:
    """Channels innermost for convolutions on the CPU, whose kernels turn them so in each call otherwise."""
    if pipe.device.type != "cpu":
        return "contiguous"
    for name in ("unet", "vae"):
        part: Any = getattr(pipe, name, None)
        if part is not None:
            part.to(memory_format=torch.channels_last)
    return "channels_last"


def _over(given: object, description: Description, settings: Settings) -> Painter:
    """A handed-in object as it stands: a painter, or a pipeline on its device, in its precision."""
    pipe: Any = given
    if callable(getattr(pipe, "paint", None)):
        return pipe
    facts = environment(pipe.device, pipe.dtype, settings.threads)
    return DiffusersPainter(pipe, description.card, facts, settings.threads)


def _pipeline(folder: PainterFolder, dtype: torch.dtype, description: Description) -> Any:
    _be_quiet()
    from diffusers import AutoPipelineForText2Image

    left_out: dict[str, object] = {}
    left_out |= dict.fromkeys(_without(folder))
    if "requires_safety_checker" in folder.index:
        left_out["requires_safety_checker"] = False
    try:
        with default_precision_kept():
            return AutoPipelineForText2Image.from_pretrained(
                str(folder.path),
                **_precision(dtype),
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                **left_out,
                **_in_variants(folder, dtype),
            )
    except Exception as error:  # a library raises anything over a stranger's folder
        raise ModelUnavailable(_not_loadable(description, error)) from error


def _without(folder: PainterFolder) -> list[str]:
    """Components that are not loaded, and those that are not there, such as T5 of Stable Diffusion 3."""
    empty = [name for name, value in folder.index.items() if value == [None, None]]
    return [*(name for name in UNUSED if name in folder.index), *empty]


def _in_variants(folder: PainterFolder, dtype: torch.dtype) -> dict[str, object]:
    """Components that exist in a variant alone. Told of it, the pipeline would take others in it too."""
    made: dict[str, object] = {}
    for component, variant in folder.variants.items():
        library, kind = cast("list[str]", folder.index[component])
        load: Any = getattr(import_module(library), kind).from_pretrained
        made[component] = load(
            str(folder.path / component),
            **({"dtype": dtype} if library == "transformers" else _precision(dtype)),
            variant=variant,
            use_safetensors=True,
            local_files_only=True,
        )
    return made


def _precision(dtype: torch.dtype) -> dict[str, torch.dtype]:
    """The name of the option: newer diffusers renamed `torch_dtype`; and warn of the old name."""
    from diffusers.pipelines import pipeline_utils

    return {"dtype" if hasattr(pipeline_utils, "_resolve_dtype") else "torch_dtype": dtype}


def _be_quiet() -> None:
    """The run reports its own progress; the libraries' bars and advice would tear it."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    for logging in (diffusers_logging, transformers_logging):
        logging.set_verbosity_error()
        logging.disable_progress_bar()


def _changed(description: Description) -> Diagnostic:
    return Diagnostic(
        code="E309",
        message=f"the files of {description.source!r} changed after they were checked",
        why="A result is kept under the digest of the files that made it.",
        help="run again; do not write into a model's folder during a run",
    )


def _not_loadable(description: Description, error: Exception) -> Diagnostic:
    text = (str(error).strip() or type(error).__name__).splitlines()[0]
    return Diagnostic(
        code="E321",
        message=f"{description.source!r} cannot be loaded: {text}",
        why=f"diffusers refused the folder {description.location}.",
        help="it may need a newer diffusers: `pip install -U diffusers`; else download the model again",
    )
