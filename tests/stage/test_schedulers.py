"""What other tools call schedulers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.stage.schedulers import SETTINGS, Scheduler, advice, can_run, meant_by, read_scheduler

SETTLED = st.sampled_from(sorted(SETTINGS)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.fixed_dictionaries(
            {}, optional={key: st.sampled_from(values) for key, values in SETTINGS[name].items()}
        ),
    )
)


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        ("Euler a, euler_a, euler_ancestral, k_euler_a, EULER_A", "EulerAncestralDiscreteScheduler"),
        ("Euler, k_euler, EulerDiscrete, eulerdiscretescheduler", "EulerDiscreteScheduler"),
        ("DPM++ 2M, dpmpp_2m, k_dpmpp_2m, DPMSolverMultistep", "DPMSolverMultistepScheduler"),
        ("DPM++ 2M Karras, dpmpp_2m_karras", "DPMSolverMultistepScheduler(use_karras_sigmas=true)"),
        ("DPM++ 2M SDE, dpmpp_2m_sde_gpu", "DPMSolverMultistepScheduler(algorithm_type=sde-dpmsolver++)"),
        ("DPM2 a, dpm_2_ancestral, k_dpm_2_a", "KDPM2AncestralDiscreteScheduler"),
        ("DPM++ 2S a, dpmpp_2s_ancestral, DPM++ SDE", "DPMSolverSinglestepScheduler"),
        ("UniPC, uni_pc, uni_pc_bh2", "UniPCMultistepScheduler"),
        ("ddim, DDIM, DDIMScheduler", "DDIMScheduler"),
        ("PLMS, pndm", "PNDMScheduler"),
        ("Heun SGM Uniform", "HeunDiscreteScheduler(timestep_spacing=trailing)"),
        ("LCM", "LCMScheduler"),
        ("Restart, DPM adaptive, , Karras", "None"),
    ],
)
def test_names_of_other_tools(names: str, meant: str) -> None:
    assert {str(meant_by(name.strip())) for name in names.split(",")} == {meant}


@given(SETTLED)
def test_what_is_written_reads_back(chosen: tuple[str, dict[str, bool | int | str]]) -> None:
    scheduler = Scheduler(*chosen)
    assert read_scheduler(str(scheduler)) == scheduler
    assert can_run(str(scheduler), [scheduler.name])


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    read = read_scheduler(text)
    assert read is None or can_run(text, [read.name])
    _, instead = advice(text, ["DDIMScheduler", "PNDMScheduler"])
    assert instead == "" or can_run(instead, ["DDIMScheduler", "PNDMScheduler"])


@pytest.mark.parametrize(
    "text",
    ["DDIMScheduler(use_karras_sigmas=true)", "EulerDiscreteScheduler(use_karras_sigmas=1)", "A(b=c)", "()",
     "EulerDiscreteScheduler(use_karras_sigmas=true use_karras_sigmas=false)", "os.system", "a" * 300],
)  # fmt: skip
def test_settings_of_other_classes_and_other_values_are_refused(text: str) -> None:
    assert not can_run(text, sorted(SETTINGS))
