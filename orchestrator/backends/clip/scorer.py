"""A CLIPModel of transformers as a scorer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from PIL import Image

from orchestrator.backends.clip.pixels import Preparation
from orchestrator.errors import Cancelled
from orchestrator.stage import Failure


class ClipScorer:
    """Takes pictures one by one, so that a score never depends on what shares the call; keeps texts."""

    kinds: ClassVar[tuple[str, ...]] = ("clip",)

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        preparation: Preparation,
        environment: Mapping[str, str],
        threads: int,
    ) -> None:
        self.environment = environment
        self._model, self._tokenizer, self._preparation = model, tokenizer, preparation
        self._threads = threads
        self._texts: dict[str, torch.Tensor] = {}

    def score(
        self, images: Sequence[Image.Image], texts: Sequence[str], cancelled: Callable[[], bool]
    ) -> Sequence[float | Failure]:
        """The cosine of each picture with the text at its place."""
        cosines = (
            self._image(image, cancelled) @ self._text(text)
            for image, text in zip(images, texts, strict=True)
        )
        return [_finite(cosine) for cosine in cosines]

    def classify(
        self, images: Sequence[Image.Image], vocabulary: Sequence[str], cancelled: Callable[[], bool]
    ) -> Sequence[Mapping[str, float] | Failure]:
        """Probabilities over the vocabulary, at the temperature that the model learned."""
        texts = torch.stack([self._text(text) for text in vocabulary])
        return [self._shares(self._image(image, cancelled), texts, vocabulary) for image in images]

    def _shares(
        self, image: torch.Tensor, texts: torch.Tensor, vocabulary: Sequence[str]
    ) -> Mapping[str, float] | Failure:
        logits = texts @ image * self._model.logit_scale.detach().exp()
        if not bool(torch.isfinite(logits).all()):
            return _not_finite()
        return dict(zip(vocabulary, logits.softmax(0).tolist(), strict=True))

    def _image(self, image: Image.Image, cancelled: Callable[[], bool]) -> torch.Tensor:
        if cancelled():
            raise Cancelled
        pixels = torch.from_numpy(self._preparation.prepare(image))[None].to(self._model.device)
        return self._normal(lambda: self._model.get_image_features(pixel_values=pixels))

    def _text(self, text: str) -> torch.Tensor:
        if text not in self._texts:
            longest = self._model.config.text_config.max_position_embeddings
            tokens = self._tokenizer(text, truncation=True, max_length=longest, return_tensors="pt")
            ids, mask = (tokens[name].to(self._model.device) for name in ("input_ids", "attention_mask"))
            self._texts[text] = self._normal(
                lambda: self._model.get_text_features(input_ids=ids, attention_mask=mask)
            )
        return self._texts[text]

    def _normal(self, features: Callable[[], Any]) -> torch.Tensor:
        """The unit vector of one picture or text; newer transformers wrap it in an output."""
        torch.set_num_threads(self._threads)
        with torch.inference_mode():
            made = features()
            made = made if isinstance(made, torch.Tensor) else made.pooler_output
            return torch.nn.functional.normalize(made[0].float(), dim=-1).cpu()


def _finite(cosine: torch.Tensor) -> float | Failure:
    return float(cosine) if bool(torch.isfinite(cosine)) else _not_finite()


def _not_finite() -> Failure:
    return Failure("the score is not a number", help="the model's weights may be damaged; get it again")
