"""pipeline: a text-to-image generator with a session of its own."""

from __future__ import annotations

from orchestrator.api.session import Session
from orchestrator.api.text_to_image import TextToImage, refuse_other
from orchestrator.config import Settings, settings_from


def pipeline(
    task: str = "text-to-image",
    model: object | None = None,
    *,
    writer: object | None = None,
    settings: Settings | None = None,
) -> TextToImage:
    """A text-to-image generator that rewrites ideas before it draws them.

    Its first call loads the models, and further calls load nothing; `close` lets them go.

    Args:
        task: "text-to-image" is the only one.
        model: None (the embedded painter), a folder or `huggingface:REPO@REVISION`, or a diffusers pipeline.
        writer: the language model, in the same forms.
        settings: of the operator; from the environment unless given.
    """
    refuse_other(task)
    settings = settings or settings_from()
    session = Session(settings)
    return TextToImage(model, writer, settings, session.carry_out, session.close)
