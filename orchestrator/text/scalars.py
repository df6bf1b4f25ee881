"""What a plain scalar means: the YAML 1.2 core rules, so that `no`, `on`, `12:30` and `0123` stay text."""

from __future__ import annotations

import math
import re
from typing import Final

from orchestrator.text.nodes import Scalar

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT: Final = r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+"
_FLOAT: Final = r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_NOT_FINITE: Final = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_DIGITS: Final = frozenset("0123456789")
_LONGEST_INT: Final = 32
_WORDS: Final = 2**63
_MAY_BE_NUMBER: Final = frozenset("0123456789+-.")


class NumberTooLarge(ValueError):  # noqa: N818 - it names what the number is
    """Not a 64-bit integer, nor a finite float."""


def meaning_of(text: str) -> Scalar:
    """The value of an unquoted scalar; raises NumberTooLarge."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text[0] not in _MAY_BE_NUMBER:
        return text
    if text in _DIGITS or re.fullmatch(_INT, text):
        return _integer(text)
    if re.fullmatch(_FLOAT, text):
        return _finite(float(text))
    if re.fullmatch(_NOT_FINITE, text):
        raise NumberTooLarge(text)
    return text


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INT:  # int() of many digits takes long, and of very many raises
        raise NumberTooLarge(text)
    number = int(text, 0) if text[:2] in {"0x", "0o"} else int(text)
    if not -_WORDS <= number < _WORDS:
        raise NumberTooLarge(text)
    return number


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise NumberTooLarge(str(number))
    return number
