"""The table of schedulers, against diffusers itself."""

from __future__ import annotations

import inspect

import diffusers
import pytest
import torch

from orchestrator.backends.diffusion.families import steps_of
from orchestrator.stage.schedulers import _NAMES, SETTINGS, Scheduler

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Of numpy, about a function of diffusers."""
STABLE_DIFFUSION = {
    "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
    "steps_offset": 1, "skip_prk_steps": True, "_class_name": "PNDMScheduler",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_is_one_of_the_class(name: str) -> None:
    taken = inspect.signature(getattr(diffusers, name).__init__).parameters
    assert set(SETTINGS[name]) <= set(taken)


@pytest.mark.parametrize("sampler", sorted(_NAMES))
def test_what_another_tool_means_steps_to_the_end(sampler: str) -> None:
    chosen = Scheduler(*_NAMES[sampler])
    if not chosen.name.startswith("FlowMatch"):
        assert _ends_well(chosen, 12)
        if "use_karras_sigmas" in SETTINGS[chosen.name]:
            assert _ends_well(Scheduler(chosen.name, {**chosen.settings, "use_karras_sigmas": True}), 12)


@pytest.mark.parametrize("own", [STABLE_DIFFUSION, {**STABLE_DIFFUSION, "skip_prk_steps": False}])
def test_beyond_the_bounds_schedulers_fail_and_within_they_do_not(own: dict[str, object]) -> None:
    small = {**own, "num_train_timesteps": 60}
    for name, (least, most) in steps_of(small).items():
        scheduler = Scheduler(name, {})
        assert all(_ends_well(scheduler, steps, small) for steps in {least, most}), name
        assert least == 1 or not _ends_well(scheduler, least - 1, small), name
        assert most == 60 or not _ends_well(scheduler, most + 1, small), name


def _ends_well(chosen: Scheduler, steps: int, own: dict[str, object] = STABLE_DIFFUSION) -> bool:
    config = {key: value for key, value in own.items() if key != "_class_name"}
    made = getattr(diffusers, chosen.name).from_config(config, **chosen.settings)
    picture = torch.randn(1, 1, 2, 2, generator=torch.manual_seed(0)) * made.init_noise_sigma
    try:
        made.set_timesteps(steps)
        for time in made.timesteps:
            picture = made.step(made.scale_model_input(picture, time) * 0.3, time, picture)[0]
    except (ValueError, IndexError):
        return False
    return bool(torch.isfinite(picture).all())
