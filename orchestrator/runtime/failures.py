"""Exceptions as failures of one item: a message in one line, a code, what to do."""

from __future__ import annotations

import logging

from orchestrator.errors import ModelUnavailable, StageFailure
from orchestrator.stage import Failure, Picture, StageSpec

_LONGEST = 400
_log = logging.getLogger("orchestrator.runtime")


def failure_of(spec: StageSpec, error: Exception) -> Failure:
    """What an exception of a stage means for its item; the traceback goes to the debug log alone."""
    if isinstance(error, StageFailure):
        return Failure(one_line(str(error)), error.code, error.help)
    if isinstance(error, ModelUnavailable):
        finding = error.finding
        return Failure(one_line(finding.message), finding.code, finding.help or finding.fix)
    _log.debug("stage %s raised", spec.name, exc_info=error)
    said = one_line(str(error))
    name = type(error).__name__
    return Failure(
        f"{spec.name} stopped with {name}: {said}" if said else f"{spec.name} stopped with {name}",
        "E501",
        "an error of the stage's own code; the other items went on",
    )


def not_stored(error: Exception | None) -> Failure:
    """A result that was made but could not be kept."""
    _log.debug("a result could not be stored", exc_info=error)
    return Failure(
        f"the result could not be stored: {one_line(str(error))}",
        "E530",
        "free space on the store's disk, then run again: what is stored is not made again",
    )


def input_lost(error: Exception) -> Failure:
    """An input was stored, and cannot be read any more."""
    return Failure(
        f"an input was lost while the run went on: {one_line(str(error))}",
        "E535",
        "run again: what is missing in the store is made anew",
    )


def wrong_result(spec: StageSpec, result: object) -> Failure:
    """A stage that gave another type than it declares; most often a Pillow image as it is."""
    kind, declared = type(result), spec.output.__name__
    name = kind.__name__ if kind.__name__ != declared else f"{kind.__module__}.{kind.__name__}"
    pillow = kind.__module__.partition(".")[0] == "PIL" and issubclass(spec.output, Picture)
    return Failure(
        f"{spec.name} gave {_article(name)}, but it declares {declared}",
        "E534",
        f"write `return {declared}.of(picture)`"
        if pillow
        else f"let the stage return {_article(declared)}, or change its return annotation",
    )


def wrong_count(spec: StageSpec, given: int, asked: int) -> Failure:
    """A batch stage whose results cannot be told apart."""
    return Failure(
        f"{spec.name} gave {given} results for a batch of {asked}",
        "E534",
        "return one result, or a Failure, for each member of the batch, in the same order",
    )


def one_line(text: str) -> str:
    """A message without line breaks, of bearable length."""
    joined = " ".join(text.split())
    return joined if len(joined) <= _LONGEST else joined[: _LONGEST - 1] + "…"


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
