"""What the findings of every backend have in common: the error that they raise, and words about a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator.errors import Diagnostic, ModelUnavailable, Span

_SHOWN = 5


def unavailable(
    code: str,
    message: str,
    span: Span | None,
    why: str,
    help: str,  # noqa: A002 - the field's word
    fix: str = "",
) -> ModelUnavailable:
    """The error that a model cannot be used, with its one finding."""
    return ModelUnavailable(Diagnostic(code, message, span, why=why, help=help, fix=fix))


def only_pickles(code: str, source: str, name: str, resaved: str, span: Span | None) -> ModelUnavailable:
    """Weights that nothing but unpickling could read; `resaved` is the call that converts them."""
    return unavailable(
        code,
        f"{source!r} has weights as pickles alone ({name})",
        span,
        "A pickle can run any program when it is opened, so it never is; safetensors files cannot.",
        f"take a revision that has .safetensors files, or convert it where you trust it:\n`{resaved}`",
    )


def names_in(folder: Path) -> list[str]:
    """What a folder holds, sorted; a file stands for itself."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else [folder.name]


def holding(names: Sequence[str]) -> str:
    """The first names of a folder, as many as fit a line."""
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "") or "nothing"
