"""Loads language models as writers."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import cast

from orchestrator.backends.digests import FileDigests
from orchestrator.backends.embedded import writer as embedded
from orchestrator.backends.llm import findings
from orchestrator.backends.llm.chat import LocalChat
from orchestrator.backends.llm.describe import files_of
from orchestrator.backends.llm.json_writer import JsonWriter
from orchestrator.backends.llm.writer import LikelihoodWriter
from orchestrator.backends.torch_process import torch_threads
from orchestrator.config import Settings
from orchestrator.stage import Description, Writer


def load_writer(description: Description, settings: Settings) -> Writer:
    """The writer behind a description; raises ModelUnavailable with a finding."""
    if description.handed_in is not None:
        return _handed_in(description.handed_in, settings)
    folder = _folder(description, settings)
    device, dtype = _device(settings), settings.dtype
    try:
        chat = LocalChat.load(
            folder,
            device=device,
            dtype=_dtype(device) if dtype == "auto" else dtype,
            threads=settings.threads,
        )
    except Exception as error:  # whatever transformers raises on a stranger's files
        raise findings.broken(description.source, f"{type(error).__name__}: {error}") from error
    return LikelihoodWriter(chat, _environment(chat))


def _folder(description: Description, settings: Settings) -> Path:
    location = Path(description.location)
    if description.source != "embedded":
        files_of(location, description.source)
        return location
    if not location.is_file():
        raise findings.no_wheel(description.role, None)
    memory = FileDigests.remembered(settings.store)
    try:
        with torch_threads(1):
            return embedded.converted(location, memory.of(location), settings.store)
    except OSError as error:
        raise findings.no_place(settings.store, error.strerror or str(error)) from error
    except Exception as error:  # whatever gguf raises on a damaged file
        raise findings.broken("embedded", f"{type(error).__name__}: {error}") from error


def _handed_in(given: object, settings: Settings) -> Writer:
    if callable(getattr(given, "write", None)):
        return cast("Writer", given)
    if isinstance(given, LocalChat):
        return LikelihoodWriter(given, _environment(given))
    del settings
    return JsonWriter(given, {"langchain-core": version("langchain-core")})  # pyright: ignore[reportArgumentType]


def _device(settings: Settings) -> str:
    import torch

    if settings.device != "auto":
        return settings.device
    return "cuda" if torch.cuda.is_available() else "cpu"


def _dtype(device: str) -> str:
    """Full precision on CPUs: few are fast in bfloat16, and rankings then agree between machines."""
    return "float32" if device == "cpu" else "bfloat16"


def _environment(chat: LocalChat) -> dict[str, str]:
    import torch

    model = chat.ranker.model
    return {
        "torch": torch.__version__,
        "transformers": version("transformers"),
        "device": str(model.device),
        "dtype": str(model.dtype).removeprefix("torch."),
        "threads": str(chat.ranker.threads),
        "instructions": torch.backends.cpu.get_cpu_capability(),
    }
