"""Exceptions as failures of one item: a message in one line, a code, what to do."""

from __future__ import annotations

import errno
import logging

from orchestrator.errors import InvalidInput, ModelUnavailable, StageFailure
from orchestrator.stage import Failure, Picture, StageSpec

_LONGEST = 400
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_log = logging.getLogger("orchestrator.runtime")


def failure_of(spec: StageSpec, error: BaseException) -> Failure:
    """What an exception of a stage means for its item; the traceback goes to the debug log alone."""
    if isinstance(error, StageFailure):
        return Failure(_said(error), error.code, error.help)
    if isinstance(error, ModelUnavailable):
        finding = error.finding
        return Failure(one_line(finding.message), finding.code, finding.help or finding.fix)
    said, name = _said(error), type(error).__name__
    _log.debug("stage %s raised %s: %s", spec.name, name, said, exc_info=error if _log.handlers else None)
    return Failure(
        f"{spec.name} stopped with {name}: {said}" if said else f"{spec.name} stopped with {name}",
        "E501",
        "an error of the stage's own code; the other items went on"
        if isinstance(error, Exception)
        else "a stage gives a result or raises an error; it does not end the program, which went on",
    )


def not_stored(error: BaseException | None) -> Failure:
    """A result that was made but could not be kept: by the disk, or because it cannot be written down."""
    _log.debug("a result could not be stored: %s", type(error).__name__)
    if isinstance(error, InvalidInput):
        finding = error.findings[0]
        return Failure(one_line(finding.message), finding.code, finding.help or finding.fix)
    if isinstance(error, OSError):
        return Failure(f"the result could not be stored: {_said(error)}", "E530", _help_of_disk(error))
    kind = type(error).__name__
    said = _said(error) if error is not None else ""
    return Failure(
        f"the result cannot be encoded: {kind}: {said}" if said else f"the result cannot be encoded: {kind}",
        "E547",
        "let the stage give what can be written down: texts without lone surrogates, pictures with as many "
        "bytes as their size says, notes of plain values",
    )


def _help_of_disk(error: OSError) -> str:
    again = "then run again: what is stored is not made again"
    if error.errno in _FULL or "full" in str(error):
        return f"free space on the store's disk, {again}"
    if error.errno in _FORBIDDEN or "readonly" in str(error):
        return f"make the store's folder writable, {again}"
    return f"see that the store's disk is sound and no other program holds its files, {again}"


def _said(error: BaseException) -> str:
    """The text of an exception in one line; there are some whose text raises."""
    try:
        return one_line(str(error))
    except BaseException:  # noqa: BLE001 - a stranger's code once more
        return "its text cannot be had"


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
