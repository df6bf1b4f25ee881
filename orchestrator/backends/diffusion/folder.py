"""A painter's folder read without its library: which files the loader will open, and that they are sound."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from orchestrator.backends.diffusion import findings
from orchestrator.backends.diffusion.families import FAMILIES
from orchestrator.backends.safetensors_file import problem_in
from orchestrator.errors import Span
from orchestrator.frozen import Frozen

UNUSED = ("safety_checker", "feature_extractor", "image_encoder")
"""Components that drawing from text does not need; they are neither loaded nor counted."""

_LEFT_OUT = ("text_encoder_3", "tokenizer_3")
"""Stable Diffusion 3 draws without T5, its largest part."""

_VARIANT = re.compile(
    r"(?:diffusion_pytorch_)?model(?:\.(\w+)\.safetensors|\.safetensors\.index\.(\w+)\.json)", re.ASCII
)
_HALVES = ("bf16", "fp16")
_LIBRARIES = frozenset({"diffusers", "transformers"})
_VOCABULARIES = (
    ("tokenizer.json",),
    ("vocab.json", "merges.txt"),
    ("spiece.model",),
    ("tokenizer.model",),
    ("vocab.txt",),
)
"""Any of these is a tokenizer's vocabulary; without one it cannot be loaded."""
_TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "merges.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "spiece.model",
    "tokenizer.model",
    "vocab.txt",
    "chat_template.jinja",
    "processor_config.json",
    "preprocessor_config.json",
)


class PainterFolder(Frozen):
    """A folder in diffusers' format.

    Attributes:
        index: model_index.json as it stands.
        configs: settings of each component, by its name.
        files: every file that the loader opens, relative, with `/`.
        variants: components whose weights exist in a variant alone (`bf16`, `fp16`, `non_ema`), and in which.
    """

    path: Path
    index: Mapping[str, object]
    configs: Mapping[str, Mapping[str, object]]
    files: tuple[str, ...]
    variants: Mapping[str, str]

    @property
    def pipeline(self) -> str:
        """Name of the pipeline's class."""
        return str(self.index["_class_name"])

    @property
    def components(self) -> tuple[str, ...]:
        """The components that are loaded."""
        return tuple(self.configs)


class _Reader(Frozen):
    path: Path
    source: str
    span: Span | None

    def json(self, name: str) -> dict[str, object]:
        try:
            value: object = json.loads((self.path / name).read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise findings.broken_json(self.source, name, str(error).splitlines()[0], self.span) from error
        if not isinstance(value, dict):
            raise findings.broken_json(self.source, name, "it is no JSON object", self.span)
        return cast("dict[str, object]", value)

    def index(self) -> dict[str, object]:
        if not (self.path / "model_index.json").is_file():
            raise findings.no_model(self.path, self.source, self.span)
        index = self.json("model_index.json")
        if str(index.get("_class_name")) not in FAMILIES:
            raise findings.not_text_to_image(
                self.source, str(index.get("_class_name")), list(FAMILIES), self.span
            )
        return index

    def components(self, index: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """(component, class) of what will be loaded."""
        for name, value in index.items():
            if name.startswith("_") or name in UNUSED or not isinstance(value, list):
                continue
            library, kind = [*cast("list[object]", value), None, None][:2]
            if kind is None:
                continue
            if library not in _LIBRARIES or not name.isidentifier():
                raise findings.foreign_component(self.source, name, str(library), self.span)
            yield name, str(kind)

    def part(self, component: str, kind: str) -> tuple[Mapping[str, object], list[str], str]:
        """Settings, files and variant of one component."""
        if "Tokenizer" in kind and "ByT5" not in kind:  # which reads bytes, and has no words
            self._has_vocabulary(component)
        if "Tokenizer" in kind or "Processor" in kind:
            return self._small(component, _TOKENIZER_FILES, "tokenizer_config.json")
        if kind.endswith("Scheduler"):
            return self._small(component, ("scheduler_config.json",), "scheduler_config.json")
        if not (self.path / component / "config.json").is_file():
            left_out = component in _LEFT_OUT and not (self.path / component).exists()
            missing = findings.may_be_left_out if left_out else findings.no_weights
            raise missing(self.source, component, self.span)
        weights, variant = self._weights(component)
        return self.json(f"{component}/config.json"), [f"{component}/config.json", *weights], variant

    def _has_vocabulary(self, component: str) -> None:
        folder = self.path / component
        if folder.is_dir() and not any(
            all((folder / name).is_file() for name in names) for names in _VOCABULARIES
        ):
            raise findings.no_vocabulary(self.source, component, self.span)

    def _small(
        self, component: str, names: tuple[str, ...], config: str
    ) -> tuple[Mapping[str, object], list[str], str]:
        files = [f"{component}/{name}" for name in names if (self.path / component / name).is_file()]
        if not files:
            raise findings.no_weights(self.source, component, self.span)
        settings = self.json(f"{component}/{config}") if f"{component}/{config}" in files else {}
        return settings, files, ""

    def _weights(self, component: str) -> tuple[list[str], str]:
        names = sorted(path.name for path in (self.path / component).iterdir())
        for variant in ("", *_variants(names)):
            if found := self._weights_of(component, variant):
                return found, variant
        pickle = next((name for name in names if findings.is_pickle(name)), None)
        if pickle is not None:
            raise findings.pickles_alone(self.source, f"{component}/{pickle}", self.span)
        raise findings.no_weights(self.source, component, self.span)

    def _weights_of(self, component: str, variant: str) -> list[str]:
        dot = f".{variant}" if variant else ""
        found: list[str] = []
        for stem in ("diffusion_pytorch_model", "model"):
            single = f"{component}/{stem}{dot}.safetensors"
            index = f"{component}/{stem}.safetensors.index{dot}.json"
            if (self.path / single).is_file():
                found.append(single)
            elif (self.path / index).is_file():
                found += [index, *self._shards(component, index)]
        return found

    def _shards(self, component: str, index: str) -> list[str]:
        weight_map = self.json(index).get("weight_map")
        parts = cast("dict[str, object]", weight_map) if isinstance(weight_map, dict) else {"": ""}
        names = sorted({str(name) for name in parts.values()})
        for name in names:
            if "/" in name or "\\" in name or not name.endswith(".safetensors"):
                raise findings.broken_json(self.source, index, f"{name!r} is no name of a part", self.span)
            if not (self.path / component / name).is_file():
                raise findings.no_weights(self.source, component, self.span)
        return [f"{component}/{name}" for name in names]


def _variants(names: list[str]) -> list[str]:
    """The variants in which weights lie as safetensors, those of half precision first."""
    found = {match[1] or match[2] for name in names if (match := _VARIANT.fullmatch(name))}
    return sorted(found, key=lambda name: (name not in _HALVES, name))


def read_folder(path: Path, source: str, span: Span | None = None) -> PainterFolder:
    """Reads and checks a painter's folder; no weights are loaded.

    Raises:
        ModelUnavailable: E304 no model, E305 broken JSON, E306 not text-to-image, E307 pickles alone,
            E308 files missing, E309 a weights file cut short, E312 code of its own.
    """
    reader = _Reader(path, source, span)
    index = reader.index()
    configs: dict[str, Mapping[str, object]] = {}
    files: list[str] = ["model_index.json"]
    variants: dict[str, str] = {}
    for component, kind in reader.components(index):
        configs[component], opened, variant = reader.part(component, kind)
        files += opened
        variants |= {component: variant} if variant else {}
    for name in files:
        if name.endswith(".safetensors") and (problem := problem_in(path / name)):
            raise findings.damaged(source, name, problem, span)
    return PainterFolder(path, index, configs, tuple(files), variants)

