"""Schedulers by name: diffusers' classes, their settings, and what other tools call them.

A plan names one as `CLASS` or `CLASS(SETTING=VALUE SETTING=VALUE)`; what is not set is as the model has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from orchestrator.errors import did_you_mean
from orchestrator.frozen import Frozen

Value: TypeAlias = bool | int | str
_FORM: Final = r"(\w+)(?:\(((?:\w+=[\w+-]+ ?)+)\))?"
_LONGEST: Final = 200

_BOOL: Final[tuple[Value, ...]] = (True, False)
_SIGMAS: Final[Mapping[str, tuple[Value, ...]]] = {
    "use_karras_sigmas": _BOOL,
    "use_exponential_sigmas": _BOOL,
}
_SPACED: Final[Mapping[str, tuple[Value, ...]]] = {"timestep_spacing": ("leading", "linspace", "trailing")}
_ORDER: Final[Mapping[str, tuple[Value, ...]]] = {"solver_order": (1, 2, 3)}
_SOLVER: Final[Mapping[str, tuple[Value, ...]]] = {
    "algorithm_type": ("dpmsolver++", "sde-dpmsolver++"),
    "solver_type": ("midpoint", "heun"),
    **_ORDER,
}
SETTINGS: Final[Mapping[str, Mapping[str, tuple[Value, ...]]]] = {
    "DPMSolverMultistepScheduler": {**_SIGMAS, **_SOLVER, **_SPACED},
    "DPMSolverSinglestepScheduler": {**_SIGMAS, **_SOLVER},
    "DDIMScheduler": _SPACED,
    "DDPMScheduler": _SPACED,
    "PNDMScheduler": _SPACED,
    "EulerDiscreteScheduler": {**_SIGMAS, **_SPACED},
    "EulerAncestralDiscreteScheduler": _SPACED,
    "HeunDiscreteScheduler": {**_SIGMAS, **_SPACED},
    "KDPM2DiscreteScheduler": {**_SIGMAS, **_SPACED},
    "KDPM2AncestralDiscreteScheduler": {**_SIGMAS, **_SPACED},
    "DEISMultistepScheduler": {**_SIGMAS, **_SPACED, **_ORDER},
    "UniPCMultistepScheduler": {**_SIGMAS, **_SPACED, **_ORDER},
    "LCMScheduler": _SPACED,
    "TCDScheduler": _SPACED,
    "FlowMatchEulerDiscreteScheduler": _SIGMAS,
}
"""Which settings may be chosen of which class, with the values that they take."""

_SDE: Final[Mapping[str, Value]] = {"algorithm_type": "sde-dpmsolver++"}
_NAMES: Final[Mapping[str, tuple[str, Mapping[str, Value]]]] = {
    "euler": ("EulerDiscreteScheduler", {}),
    "euler a": ("EulerAncestralDiscreteScheduler", {}),
    "ddim": ("DDIMScheduler", {}),
    "ddpm": ("DDPMScheduler", {}),
    "pndm": ("PNDMScheduler", {}),
    "plms": ("PNDMScheduler", {}),
    "heun": ("HeunDiscreteScheduler", {}),
    "dpm2": ("KDPM2DiscreteScheduler", {}),
    "dpm2 a": ("KDPM2AncestralDiscreteScheduler", {}),
    "dpmpp 2m": ("DPMSolverMultistepScheduler", {}),
    "dpmpp 2m sde": ("DPMSolverMultistepScheduler", _SDE),
    "dpmpp 2m sde heun": ("DPMSolverMultistepScheduler", {**_SDE, "solver_type": "heun"}),
    "dpmpp 3m": ("DPMSolverMultistepScheduler", {"solver_order": 3}),
    "dpmpp 3m sde": ("DPMSolverMultistepScheduler", {**_SDE, "solver_order": 3}),
    "dpmpp 2s": ("DPMSolverSinglestepScheduler", {}),
    "dpmpp 2s a": ("DPMSolverSinglestepScheduler", {}),
    "dpmpp sde": ("DPMSolverSinglestepScheduler", {}),
    "dpmpp": ("DPMSolverMultistepScheduler", {}),
    "dpm multi": ("DPMSolverMultistepScheduler", {}),
    "dpm single": ("DPMSolverSinglestepScheduler", {}),
    "dpmsolver": ("DPMSolverMultistepScheduler", {}),
    "dpmsolverpp": ("DPMSolverMultistepScheduler", {}),
    "dpmsolver multistep": ("DPMSolverMultistepScheduler", {}),
    "dpmsolver singlestep": ("DPMSolverSinglestepScheduler", {}),
    "unipc": ("UniPCMultistepScheduler", {}),
    "deis": ("DEISMultistepScheduler", {}),
    "lcm": ("LCMScheduler", {}),
    "tcd": ("TCDScheduler", {}),
    "flow match euler": ("FlowMatchEulerDiscreteScheduler", {}),
}
"""By the samplers of A1111, ComfyUI and InvokeAI in lower case, `++` as `pp`; diffusers has such a table."""
_SCHEDULES: Final[Mapping[str, Mapping[str, Value]]] = {
    "karras": {"use_karras_sigmas": True},
    "exponential": {"use_exponential_sigmas": True},
    "sgm uniform": {"timestep_spacing": "trailing"},
    "trailing": {"timestep_spacing": "trailing"},
}
"""What other tools put behind a sampler, or choose beside it."""


_LIKE: Final[Mapping[str, Sequence[str]]] = {
    "DPMSolverMultistepScheduler": ("UniPCMultistepScheduler", "DEISMultistepScheduler"),
    "DPMSolverSinglestepScheduler": ("DPMSolverMultistepScheduler", "UniPCMultistepScheduler"),
    "DDPMScheduler": ("DDIMScheduler",),
    "PNDMScheduler": ("DDIMScheduler",),
    "EulerDiscreteScheduler": ("DDIMScheduler",),
    "EulerAncestralDiscreteScheduler": ("EulerDiscreteScheduler",),
    "HeunDiscreteScheduler": ("KDPM2DiscreteScheduler", "EulerDiscreteScheduler"),
    "KDPM2DiscreteScheduler": ("HeunDiscreteScheduler", "EulerDiscreteScheduler"),
    "KDPM2AncestralDiscreteScheduler": ("EulerAncestralDiscreteScheduler", "EulerDiscreteScheduler"),
    "DEISMultistepScheduler": ("DPMSolverMultistepScheduler", "UniPCMultistepScheduler"),
    "UniPCMultistepScheduler": ("DPMSolverMultistepScheduler", "DEISMultistepScheduler"),
    "LCMScheduler": ("TCDScheduler",),
    "TCDScheduler": ("LCMScheduler",),
}
"""What comes nearest to one by the way in which it steps, best first."""


class Scheduler(Frozen):
    """A scheduler that a plan names: diffusers' class, and the settings that differ from the model's own."""

    name: str
    settings: Mapping[str, Value]

    def __str__(self) -> str:
        chosen = " ".join(f"{key}={str(each).lower()}" for key, each in self.settings.items())
        return f"{self.name}({chosen})" if chosen else self.name


def read_scheduler(text: str) -> Scheduler | None:
    """What `CLASS` or `CLASS(SETTING=VALUE …)` means; None where it is neither, or no such setting."""
    found = re.fullmatch(_FORM, text, re.ASCII) if len(text) <= _LONGEST else None
    if found is None:
        return None
    settings: dict[str, Value] = {}
    for pair in (found[2] or "").split():
        key, _, word = pair.partition("=")
        values = {str(each).lower(): each for each in SETTINGS.get(found[1], {}).get(key, ())}
        if key in settings or word not in values:
            return None
        settings[key] = values[word]
    return Scheduler(found[1], settings)


def can_run(text: str, known: Sequence[str]) -> bool:
    """Whether a painter with these schedulers can draw with the one that is named so."""
    read = read_scheduler(text)
    return text in known or (read is not None and read.name in known)


def meant_by(text: str) -> Scheduler | None:
    """The scheduler that another tool calls so, or that was written without its ending; else None."""
    if len(text) > _LONGEST:
        return None
    words, settings = _bare(text)
    found = _NAMES.get(words)
    name = found[0] if found else _ENDLESS.get(words.replace(" ", ""))
    if name is None:
        return None
    taken = SETTINGS.get(name, {})
    chosen = {**(found[1] if found else {}), **settings}
    return Scheduler(name, {key: each for key, each in chosen.items() if key in taken})


def advice(text: str, known: Sequence[str]) -> tuple[str, str]:
    """What is meant by a scheduler that the painter lacks, and what to write instead; "" where unclear."""
    meant = meant_by(text)
    if meant is None:
        found = did_you_mean(text[:_LONGEST].partition("(")[0], known)
        return "", found or (known[0] if len(known) == 1 else "")
    if meant.name in known:
        return str(meant), str(meant)
    alike = (name for name in _LIKE.get(meant.name, ()) if name in known)
    return str(meant), next(alike, known[0] if known else "")


def _bare(text: str) -> tuple[str, Mapping[str, Value]]:
    """The words of a sampler, and the settings of the schedule that is named behind it."""
    words = re.sub(r"[\s_()-]+", " ", text.lower().replace("++", "pp")).strip()
    words = re.sub(r"^k |^sample ", "", words)
    settings: dict[str, Value] = {}
    for schedule, meaning in _SCHEDULES.items():
        if words.endswith(f" {schedule}"):
            words, settings = words.removesuffix(f" {schedule}"), {**settings, **meaning}
    words = re.sub(r" ancestral\b", " a", re.sub(r"\bdpm 2\b", "dpm2", words))
    words = re.sub(r"\bdpm (?=pp)", "dpm", re.sub(r"\bdpm solver", "dpmsolver", words))
    words = re.sub(r"\buni pc\b", "unipc", words).removesuffix(" gpu").removesuffix(" bh2")
    return re.sub(r"(?<=dpmpp )(2m|3m|2s)(?=sde|a)", r"\1 ", words), settings


def _endless() -> Iterator[tuple[str, str]]:
    for name in SETTINGS:
        short = name.removesuffix("Scheduler")
        yield from ((each.lower(), name) for each in (name, short, short.removesuffix("Discrete")))


_ENDLESS: Final = dict(_endless())

