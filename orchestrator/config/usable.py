"""Which devices, precisions and variables make sense, as far as it is known without torch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from orchestrator.errors import Diagnostic, did_you_mean

DTYPES: Final = ("auto", "float32", "bfloat16", "float16")
_DEVICE: Final = r"auto|(?:cpu|cuda|mps|xpu|hpu|mtia|npu|xla|meta)(?::\d{1,3})?"
_DEVICES: Final = ("auto", "cpu", "cuda", "mps", "xpu")
_MEANT: Final = {
    **dict.fromkeys(("gpu", "nvidia", "rocm", "hip", "amd"), "cuda"),
    **dict.fromkeys(("metal", "mac", "apple"), "mps"),
    **dict.fromkeys(("intel", "arc"), "xpu"),
    **dict.fromkeys(("fp16", "half", "f16", "16"), "float16"),
    **dict.fromkeys(("bf16", "brain"), "bfloat16"),
    **dict.fromkeys(("fp32", "full", "float", "single", "f32", "32"), "float32"),
}
"""What other tools call them."""


class Chosen(Protocol):
    """The settings that are looked at."""

    @property
    def device(self) -> str:
        """As `Settings.device`."""
        ...

    @property
    def dtype(self) -> str:
        """As `Settings.dtype`."""
        ...


def unusable_settings(settings: Chosen) -> Iterator[Diagnostic]:
    """E320 for a device or a precision that no machine has."""
    if settings.device not in _DEVICES and not _is_device(settings.device):
        near = _meant(settings.device, _DEVICES)
        yield unusable("device", settings.device, "torch knows no such device", near)
    if settings.dtype not in DTYPES:
        near = _meant(settings.dtype, DTYPES)
        yield unusable("dtype", settings.dtype, f"it is one of {', '.join(DTYPES)}", near)


def unusable(setting: str, value: str, problem: str, meant: str = "") -> Diagnostic:
    """E320 for `device` or `dtype`."""
    variable = f"ORCHESTRATOR_{setting.upper()}"
    return Diagnostic(
        code="E320",
        message=f"the painter cannot run with {setting} {value!r}: {problem}",
        why="Device and precision are the operator's settings.",
        help=f"did you mean `{meant}`?" if meant else f"unset {variable}, or set it to `auto`",
        fix=f"{variable}={meant}" if meant else "",
    )


def _is_device(word: str) -> bool:
    return re.fullmatch(_DEVICE, word) is not None


def _meant(value: str, known: tuple[str, ...]) -> str:
    word = value.strip().lower()
    kind, colon, number = word.partition(":")
    if word in known or (known is _DEVICES and _is_device(word)):
        return word
    if kind in _MEANT and _MEANT[kind] in known:
        return _MEANT[kind] + (colon + number if number.isdecimal() and known is _DEVICES else "")
    return did_you_mean(word, known) or ""


def threads_of(environment: Mapping[str, str]) -> tuple[int | None, tuple[Diagnostic, ...]]:
    """`ORCHESTRATOR_THREADS` as a number, None where it is unset or none; the latter has a warning."""
    given = environment.get("ORCHESTRATOR_THREADS", "").strip()
    if not given:
        return None, ()
    if given.isascii() and given.isdecimal() and len(given) <= 4 and int(given) > 0:  # noqa: PLR2004 - any CPU's
        return int(given), ()
    return None, (
        Diagnostic(
            code="W641",
            message=f"ORCHESTRATOR_THREADS is {given!r}, which does not count",
            why="It is a whole number from 1.",
            help="set it to a number, or unset it",
            fix="ORCHESTRATOR_THREADS=2",
            severity="warning",
        ),
    )
