"""What a person reads when a run is over, and the structured prompts as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from orchestrator.events import Outcome
from orchestrator.report.model import PictureReport, PromptReport, RunReport, named
from orchestrator.report.tally import clock

_SHOWN_REASONS, _SHOWN_ITEMS = 20, 30


def summary(report: RunReport) -> str:
    """Where the pictures are, the counts, and each failed item with its reason."""
    parts = [_failures(report), _warnings(report), _headline(report), _place(report), _waiting(report)]
    return "\n".join(part for part in parts if part)


def _warnings(report: RunReport) -> str:
    """What stages warned of, each kind once; what the check warned of was said before the run."""
    shown = report.warnings[:_SHOWN_REASONS]
    lines = [f"warning: {line}" for line in shown]
    if len(report.warnings) > len(shown):
        more = len(report.warnings) - len(shown)
        lines.append(f"… and {_counted(more, 'other warning')}; {report.record_name} lists all.")
    return "\n".join(lines)


def prompts_text(prompts: Iterable[PromptReport]) -> str:
    """Each idea with its structured prompt, its settings and the reasons."""
    return "\n\n".join(_prompt(prompt) for prompt in prompts)


def _headline(report: RunReport) -> str:
    time = clock(report.seconds)
    if report.cancelled:
        kept = report.counts.get("done", 0) + report.counts.get("stored", 0)
        return f"Stopped after {time}; {_counted(kept, 'result')} kept. The same command goes on from here."
    if report.stopped_writing:
        there = _counted(len(report.there or ()), "file")
        rest = "The same command writes the rest."
        return f"Stopped while files were written: {there} in {report.out}/. {rest}"
    if report.nothing_rendered:
        found = _counted(sum(report.counts.values()), "result")
        return f"Nothing had to be rendered: {found} from the store ({time})."
    return f"{_outcomes(report.counts)} in {time}."


def _outcomes(counts: Mapping[Outcome, int]) -> str:
    words: dict[Outcome, str] = {
        "done": "made", "stored": "from the store", "failed": "failed", "skipped": "skipped",
        "waiting": "waiting for review",
    }
    said = [f"{counts[outcome]} {word}" for outcome, word in words.items() if counts.get(outcome)]
    return ", ".join(said) or "Nothing to do"


def _place(report: RunReport) -> str:
    pictures, sheets = _there(report, report.pictures), _there(report, report.sheets)
    if not report.out or not (pictures or sheets):
        return ""
    wholes = [sheet.name for sheet in sheets if not sheet.coordinates and pictures]
    overview = f" {report.out}/{wholes[0]} is the overview." if wholes else ""
    counts = {"picture": len(pictures), "sheet": len(sheets) - len(wholes)}
    made = " and ".join(_counted(count, word) for word, count in counts.items() if count)
    place = f"{made} in {report.out}/.{overview}"
    if report.there is not None and report.page_name not in report.there:
        return place
    return f"{place}\nOpen {report.out}/{report.page_name} to see how each was made."


def _there(report: RunReport, pictures: Iterable[PictureReport]) -> list[PictureReport]:
    """Those whose files stand in the folder."""
    return [picture for picture in pictures if report.there is None or picture.name in report.there]


def _waiting(report: RunReport) -> str:
    if not report.waiting or not report.out:
        return ""
    pictures = _counted(len(report.waiting), "picture")
    return (
        f"{pictures} to review in {report.out}/waiting/; "
        f"{report.out}/{report.page_name} has the line for each that approves it."
    )


def _failures(report: RunReport) -> str:
    """Each failed item with its reason; items that failed for the same reason share it."""
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for failure in report.failures:
        reason = (failure.stage, failure.code, failure.message, failure.help)
        alike.setdefault(reason, []).append(named(failure.coordinates) or "the only item")
    shown = list(alike.items())[:_SHOWN_REASONS]
    lines = [line for reason, items in shown for line in _failure(*reason, items)]
    if len(alike) > len(shown):
        lines.append(f"… and {len(alike) - len(shown)} other reasons; {report.record_name} lists all.")
    return "\n".join(lines)


def _failure(stage: str, code: str, message: str, advice: str, items: list[str]) -> list[str]:
    more = len(items) - _SHOWN_ITEMS
    names = ", ".join(items[:_SHOWN_ITEMS]) + (f" and {more} more" if more > 0 else "")
    lines = [f"failed[{code}]: {names} at {stage}: {message}"]
    return [*lines, f"  = help: {advice}"] if advice else lines


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _prompt(prompt: PromptReport) -> str:
    read_as = f" (read as: {prompt.translation})" if prompt.translation else ""
    lines = [f"{named(prompt.coordinates)}: {prompt.idea}{read_as}"]
    for fields in (prompt.prompt, prompt.settings):
        lines += [_field(name, value, prompt.reasons) for name, value in fields.items() if _says(value)]
    lines += [f"  {name}: {reason}" for name, reason in prompt.further_reasons.items()]
    return "\n".join(lines)


def _field(name: str, value: object, reasons: Mapping[str, str]) -> str:
    text = f"  {name}: {as_words(value)}"
    return f"{text}\n{textwrap.indent(reasons[name], '      ')}" if name in reasons else text


def _says(value: object) -> bool:
    return value not in ("", [], ())


def as_words(value: object) -> str:
    """A field's value as people write it: lists by commas, records by their fields."""
    if isinstance(value, Mapping):
        record = cast("Mapping[str, object]", value)
        return " ".join(f"{key} {as_words(part)}" for key, part in record.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(as_words(part) for part in cast("Sequence[object]", value))
    return f"{value:g}" if isinstance(value, float) else str(value)
