"""Old names of stages and params: they go on working, with a warning that says what to write now."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.errors import Diagnostic, Findings, Span
from orchestrator.errors.edits import respelt
from orchestrator.recipe.model import StageEntry
from orchestrator.stage import Params, StageSpec
from orchestrator.stage.params import earlier_names
from orchestrator.text import Entry


def as_named_now(entry: StageEntry, spec: StageSpec, findings: Findings) -> StageEntry:
    """The entry with the params' names of today; warns of each old name and each deprecated param."""
    if entry.use.value != spec.name:
        findings.add(_stage_renamed(entry, spec))
    now = _new_names(spec.params)
    params: dict[str, Entry] = {}
    for name, given in entry.params.items():
        current = now.get(name, name)
        if current != name and current not in entry.params and current not in params:
            findings.add(_param_renamed(entry, name, current, given))
            params[current] = given
            continue
        params[name] = given
        _warn_if_deprecated(entry, name, given, spec.params, findings)
    return replace(entry, params=params)


def _new_names(params: type[Params]) -> dict[str, str]:
    return {
        old: name
        for name, declared in params.model_fields.items()
        if declared.json_schema_extra
        for old in earlier_names(declared)
        if old not in params.model_fields
    }


def _warn_if_deprecated(
    entry: StageEntry, name: str, given: Entry, params: type[Params], findings: Findings
) -> None:
    declared = params.model_fields.get(name)
    if declared is None or not declared.deprecated:
        return
    said = declared.deprecated if isinstance(declared.deprecated, str) else ""
    findings.add(
        Diagnostic(
            code="W652",
            message=f"the param {name!r} of {entry.use.value!r} is deprecated",
            span=given.key_span,
            why="It still works, and will be gone in a later version.",
            help=said or "take it out",
            severity="warning",
        )
    )


def _stage_renamed(entry: StageEntry, spec: StageSpec) -> Diagnostic:
    message = f"the stage {entry.use.value!r} is called {spec.name!r} now"
    return _renamed("W650", message, entry.use.value, entry.use.span, spec.name)


def _param_renamed(entry: StageEntry, old: str, name: str, given: Entry) -> Diagnostic:
    message = f"the param {old!r} of {entry.use.value!r} is called {name!r} now"
    return _renamed("W651", message, old, given.key_span, name)


def _renamed(code: str, message: str, old: str, span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        message=message,
        span=span,
        why="The old name goes on working; seeds, keys and pictures stay as they are under either.",
        help="write the new name",
        fix=name,
        severity="warning",
        edits=respelt(old, span, name),
    )
