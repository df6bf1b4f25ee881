"""The families of text-to-image pipelines: usual settings, for models that have no card of their own."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.frozen import Frozen

_MULTISTEP = (
    "DPMSolverMultistepScheduler",
    "DPMSolverSinglestepScheduler",
    "DDIMScheduler",
    "DDPMScheduler",
    "PNDMScheduler",
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "HeunDiscreteScheduler",
    "KDPM2DiscreteScheduler",
    "KDPM2AncestralDiscreteScheduler",
    "DEISMultistepScheduler",
    "UniPCMultistepScheduler",
)
"""Schedulers that share one noise schedule (diffusers' KarrasDiffusionSchedulers without those that need
packages of their own)."""


class Family(Frozen):
    """What a family of pipelines usually wants; sizes in pixels.

    Attributes:
        patch: latent cells that the network takes as one, so that sizes are multiples of it.
        tokens: the most tokens of the prompt that any of its text encoders reads.
        negative: whether a negative prompt is heeded.
    """

    name: str
    steps: int
    guidance_scale: float
    size: int = 1024
    patch: int = 1
    tokens: int = 77
    negative: bool = True


_SD = Family("stable-diffusion", steps=50, guidance_scale=7.5, size=512)

FAMILIES: Mapping[str, Family] = {
    "StableDiffusionPipeline": _SD,
    "StableDiffusionImg2ImgPipeline": _SD,
    "StableDiffusionPAGPipeline": _SD,
    "LatentConsistencyModelPipeline": Family("latent-consistency", 4, 8.5, 512, negative=False),
    "StableDiffusionXLPipeline": Family("stable-diffusion-xl", 40, 5.0),
    "StableDiffusionXLPAGPipeline": Family("stable-diffusion-xl", 40, 5.0),
    "StableDiffusion3Pipeline": Family("stable-diffusion-3", 28, 7.0, patch=2, tokens=256),
    "StableDiffusion3PAGPipeline": Family("stable-diffusion-3", 28, 7.0, patch=2, tokens=256),
    "FluxPipeline": Family("flux", 28, 3.5, patch=2, tokens=512, negative=False),
    "Flux2Pipeline": Family("flux-2", 50, 4.0, patch=2, tokens=512, negative=False),
    "Flux2KleinPipeline": Family("flux-2", 50, 4.0, patch=2, tokens=512, negative=False),
    "PixArtAlphaPipeline": Family("pixart", 20, 4.5, patch=2, tokens=120),
    "PixArtSigmaPipeline": Family("pixart", 20, 4.5, patch=2, tokens=300),
    "PixArtSigmaPAGPipeline": Family("pixart", 20, 4.5, patch=2, tokens=300),
    "SanaPipeline": Family("sana", 20, 4.5, tokens=300),
    "SanaPAGPipeline": Family("sana", 20, 4.5, tokens=300),
    "AuraFlowPipeline": Family("aura-flow", 50, 3.5, patch=2, tokens=256),
    "HunyuanDiTPipeline": Family("hunyuan-dit", 50, 5.0, patch=2, tokens=256),
    "HunyuanDiTPAGPipeline": Family("hunyuan-dit", 50, 5.0, patch=2, tokens=256),
    "Kandinsky3Pipeline": Family("kandinsky-3", 25, 3.0, tokens=128),
    "LuminaPipeline": Family("lumina", 30, 4.0, patch=2, tokens=256),
    "Lumina2Pipeline": Family("lumina-2", 30, 4.0, patch=2, tokens=256),
    "ChromaPipeline": Family("chroma", 35, 5.0, patch=2, tokens=512),
    "CogView3PlusPipeline": Family("cogview-3", 50, 5.0, patch=2, tokens=224),
    "CogView4Pipeline": Family("cogview-4", 50, 5.0, patch=2, tokens=1024),
    "QwenImagePipeline": Family("qwen-image", 50, 4.0, patch=2, tokens=1024),
    "ZImagePipeline": Family("z-image", 50, 5.0, patch=2, tokens=512),
}
"""By the class that model_index.json names."""


def schedulers_beside(own: str) -> tuple[str, ...]:
    """The scheduler that the folder has, then those that can run on its settings."""
    return (own, *(name for name in _MULTISTEP if name != own)) if own in _MULTISTEP else (own,)


_FEWER_THAN_TRAINED = ("DPMSolverMultistepScheduler", "DEISMultistepScheduler", "UniPCMultistepScheduler")
_LEADING = ("DDIMScheduler", "DDPMScheduler", "PNDMScheduler")
_DISTILLED = ("LCMScheduler", "TCDScheduler")
_RUNGE_KUTTA = 4


def steps_of(config: Mapping[str, object]) -> dict[str, tuple[int, int]]:
    """The least and the most steps of each scheduler that can run on the settings of a folder's own one.

    Beyond them diffusers raises or gives NaN: two steps fall on one noise level, or on one past the last; the
    first steps of PNDM are of another kind unless `skip_prk_steps`; distilled models know fewer levels.
    """
    own = str(config.get("_class_name", ""))
    trained = _number(config.get("num_train_timesteps"), 1000)
    if own in _DISTILLED:
        return {own: (1, _number(config.get("original_inference_steps"), 50))}
    leading = config.get("timestep_spacing", "leading") == "leading" and config.get("steps_offset", 0) != 0
    bounds = {name: (1, trained) for name in schedulers_beside(own) if name in _MULTISTEP}
    for name in bounds:
        if name in _FEWER_THAN_TRAINED or (leading and name in _LEADING):
            bounds[name] = (1, trained - 1)
    if "PNDMScheduler" in bounds and config.get("skip_prk_steps", False) is not True:
        bounds["PNDMScheduler"] = (_RUNGE_KUTTA, bounds["PNDMScheduler"][1])
    return bounds


def _number(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else otherwise
