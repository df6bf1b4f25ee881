"""Findings about a painter's folder, in one place so that their words agree."""

from __future__ import annotations

from pathlib import Path

from orchestrator.backends.unavailable import holding, names_in, only_pickles, unavailable
from orchestrator.errors import ModelUnavailable, Span, did_you_mean

_SAVE = "name the folder that `pipeline.save_pretrained(FOLDER)` wrote: model_index.json lies at its top"


def no_model(folder: Path, source: str, span: Span | None) -> ModelUnavailable:
    """E304 for a folder (or file) that is no diffusers model; E307 where it holds nothing but pickles."""
    names = names_in(folder)
    if any(is_pickle(name) for name in names) and not any(name.endswith(".safetensors") for name in names):
        return pickles_alone(source, next(name for name in names if is_pickle(name)), span)
    language = "config.json" in names
    return unavailable(
        "E304",
        f"{source!r} is no model that diffusers can draw with",
        span,
        f"It has no model_index.json; it holds: {holding(names)}.",
        "it looks like a language model: name it as `llm:`" if language else _convert(names),
    )


def _convert(names: list[str]) -> str:
    single = next((name for name in names if name.endswith(".safetensors")), None)
    if single is None:
        return _SAVE
    return (
        f"convert the single file once:\nStableDiffusionPipeline.from_single_file({single!r})"
        ".save_pretrained('FOLDER')"
    )


def is_pickle(name: str) -> bool:
    """Whether a file of this name is a pickle, which can run any code when it is opened."""
    return name.endswith((".bin", ".ckpt", ".pt", ".pth", ".pkl"))


def pickles_alone(source: str, name: str, span: Span | None) -> ModelUnavailable:
    """E307: weights that nothing but unpickling could read."""
    resaved = "DiffusionPipeline.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER, safe_serialization=True)"
    return only_pickles("E307", source, name, resaved, span)


def broken_json(source: str, name: str, problem: str, span: Span | None) -> ModelUnavailable:
    """E305: a config that cannot be read."""
    return unavailable(
        "E305",
        f"{name} of {source!r} cannot be read: {problem}",
        span,
        "The settings of a model are JSON objects in UTF-8.",
        "copy or download the model again",
    )


def not_text_to_image(source: str, name: str, known: list[str], span: Span | None) -> ModelUnavailable:
    """E306: a pipeline class that does not draw from text."""
    near = did_you_mean(name, known)
    return unavailable(
        "E306",
        f"{source!r} is a {name}, which is not known to draw pictures from text",
        span,
        "model_index.json names the pipeline's class; only diffusers' own text-to-image classes load.",
        f"did it mean {near}? else name another model"
        if near
        else "name another model, such as a StableDiffusionPipeline",
    )


def no_weights(source: str, component: str, span: Span | None) -> ModelUnavailable:
    """E308: files that the loader would need are not there."""
    return unavailable(
        "E308",
        f"{source!r} lacks the files of its component {component!r}",
        span,
        f"model_index.json names the component, and {component}/ does not hold what it is loaded from.",
        "the copy or download was not finished: do it again",
    )


def may_be_left_out(source: str, component: str, span: Span | None) -> ModelUnavailable:
    """E308 too: T5 of Stable Diffusion 3, which many take away on purpose."""
    return unavailable(
        "E308",
        f"{source!r} lacks its component {component!r}",
        span,
        "model_index.json names T5, and its folder is not there. The model draws without it, "
        "and follows prompts less.",
        "to draw without T5, write into model_index.json:\n"
        '"text_encoder_3": [null, null],\n"tokenizer_3": [null, null],\nelse download the model again',
    )


def no_vocabulary(source: str, component: str, span: Span | None) -> ModelUnavailable:
    """E308 for a tokenizer without words."""
    return unavailable(
        "E308",
        f"{source!r} lacks the vocabulary of its component {component!r}",
        span,
        f"{component}/ holds none of tokenizer.json, vocab.json with merges.txt, spiece.model, "
        "tokenizer.model and vocab.txt.",
        "the copy or download was not finished: do it again",
    )


def damaged(source: str, name: str, problem: str, span: Span | None) -> ModelUnavailable:
    """E309: a weights file cut short or altered."""
    return unavailable(
        "E309",
        f"{name} of {source!r} is damaged: {problem}",
        span,
        "Weights are checked before they are used; half a file would draw noise or nothing.",
        "install the package again" if source == "embedded" else "copy or download the model again",
    )


def foreign_component(source: str, component: str, library: str, span: Span | None) -> ModelUnavailable:
    """E312: a component that would run code from the model's folder."""
    return unavailable(
        "E312",
        f"the component {component!r} of {source!r} comes from {library!r}",
        span,
        "Components are classes of diffusers and transformers; code that comes with a model is never run.",
        "name a model that needs no code of its own",
    )


def broken_card(source: str, problem: str, span: Span | None) -> ModelUnavailable:
    """E313: a card.json that does not say what a card says."""
    return unavailable(
        "E313",
        f"card.json of {source!r} is no card: {problem}",
        span,
        "A card.json in a model's folder tells the planner its sizes, settings and vocabulary.",
        "correct the field, or take card.json away: the card is then made from the model's own settings",
    )
