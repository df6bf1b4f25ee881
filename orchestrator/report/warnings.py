"""What stages warn of, collected while a run goes on: each kind once, with the items that it is true of.

A stage keeps texts under the note `warnings`. Texts that differ only in what they quote are of one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from orchestrator.events import Event, ItemEnded

WARNINGS: Final = "warnings"
"""The note under which a stage keeps its warnings: a list of texts."""
_MOST_ITEMS: Final = 12
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|“[^”]*”|‘[^’]*’|\b\d+(?:\.\d+)?\b")


class Warnings:
    """Hears the events of a run; `lines` says what was warned of, in the order in which it came."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], dict[str, dict[str, None]]] = {}

    def __call__(self, event: Event) -> None:
        """Keeps the warnings of an item that has ended, whether it was made now or stored."""
        if isinstance(event, ItemEnded) and event.notes:
            item = ", ".join(event.coordinates.values())
            for text in warnings_in(event.notes):
                texts = self._kinds.setdefault((event.stage, _QUOTED.sub("…", text)), {})
                texts.setdefault(text, {})[item] = None

    def lines(self) -> tuple[str, ...]:
        """A line for each kind: `plan: the painter cannot draw 'harp' (harp); 'lute' (lute, lute-red)`."""
        return tuple(_line(stage, texts) for (stage, _), texts in self._kinds.items())


def warnings_in(notes: Mapping[str, object]) -> Iterator[str]:
    """The warnings among a result's notes, those of earlier versions too."""
    given = notes.get(WARNINGS)
    if isinstance(given, (list, tuple)):
        yield from (str(text) for text in cast("Iterable[object]", given))
    elif isinstance(given, str):
        yield given
    if "warning" in notes:  # several in one text
        yield from (text for text in str(notes["warning"]).split("; ") if text)
    if "cut_off" in notes and not given:  # a result of an earlier version
        yield f"the prompt is longer than the painter reads; cut off: '{notes['cut_off']}'"
    overruled = notes.get("overruled")
    if isinstance(overruled, Mapping):
        for name, reason in cast("Mapping[str, object]", overruled).items():
            yield f"{name}: {reason}"
    if "redrawn" in notes:
        yield f"{notes['redrawn']}; it was made again"


def _line(stage: str, texts: Mapping[str, Mapping[str, None]]) -> str:
    first, *others = texts
    told = f"{stage}: {first}{_items(texts[first])}"
    shown = others[: _MOST_ITEMS - 1]
    alike = [f"{_differs(text)}{_items(texts[text])}" for text in shown]
    more = [f"{len(others) - len(shown)} more"] if len(others) > len(shown) else []
    return "; ".join([told, *(["the same of " + ", ".join([*alike, *more])] if alike else [])])


def _differs(text: str) -> str:
    """What a text quotes, which is where it differs from others of its kind."""
    return " ".join(_QUOTED.findall(text)) or text


def _items(items: Mapping[str, None]) -> str:
    named = [item for item in items if item]
    if not named:
        return ""
    more = f" and {len(named) - _MOST_ITEMS} more" if len(named) > _MOST_ITEMS else ""
    return f" ({', '.join(named[:_MOST_ITEMS])}{more})"
