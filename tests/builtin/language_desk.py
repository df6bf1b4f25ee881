"""What tests of the language stages share: the shipped resources and a context with a scripted writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from orchestrator.backends.llm.scripted import ScriptedWriter
from orchestrator.builtin.expand.stage import Expand, expand
from orchestrator.library import Library, shipped_folder
from orchestrator.stage import Context, Failure, Idea, Prompt, batch_of

_NAMES = (("template", "game-icon"), ("glossary", "default"), ("lexicon", "default"), ("lexicon", "things"))


@cache
def shipped() -> Mapping[tuple[str, str], Any]:
    """The resources that `expand` reads by default."""
    library = Library([shipped_folder("prompts")])
    found = {key: library.find(*key) for key in _NAMES}
    return {key: loaded.value for key, loaded in found.items() if loaded is not None}


def context(count: int, writer: object, **resources: object) -> Context:
    """A context for `count` ideas; resources by room replace the shipped ones."""
    held = {
        key: resources.get(key[0], value) if key[1] != "things" else value for key, value in shipped().items()
    }
    return Context(
        seeds=(0,) * count,
        models=lambda _: writer,
        resources=held,
        notes=tuple({} for _ in range(count)),
    )


def expanded(
    ideas: Sequence[str], writer: object | None = None, **resources: object
) -> tuple[list[Prompt | Failure], tuple[dict[str, Any], ...]]:
    """What `expand` makes of ideas, and its notes."""
    ctx = context(len(ideas), writer or ScriptedWriter(), **resources)
    results = expand(batch_of([Idea(text=text) for text in ideas]), Expand(), ctx)
    return list(results), ctx.notes


def prompt_of(idea: str, writer: object | None = None, **resources: object) -> Prompt:
    """The prompt of one idea."""
    (result,), _ = expanded([idea], writer, **resources)
    assert isinstance(result, Prompt), result
    return result
