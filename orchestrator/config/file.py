"""`config.toml` and `orchestrator.toml`: read with places; in a project's only harmless keys count."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Final, cast

from orchestrator.config.endpoint import EndpointSettings
from orchestrator.config.places import Places
from orchestrator.config.read_endpoints import masked, read_endpoints
from orchestrator.config.trust import Trust
from orchestrator.config.usable import DTYPES
from orchestrator.errors import Diagnostic, InvalidInput, Span, unknown
from orchestrator.errors.unknown import NAME
from orchestrator.frozen import Frozen
from orchestrator.plain_file import read_plain_file

_MOST_THREADS: Final = 256
_MOST_BYTES: Final = 256 * 1024
_DEEPEST: Final = 16
_TEXTS: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""|'
    r"'''(?:[^']|'(?!''))*+'''|"
    r'"(?:[^"\\\n]|\\.)*+"|'
    r"'[^'\n]*+'|\#[^\n]*+",
    re.DOTALL,
)
"""Texts and comments, in which a dot or a bracket means nothing."""
_DOTTED: Final = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{_DEEPEST}}}")
_BRACKET: Final = re.compile(r"[\[\]{}]")
HARMLESS: Final = ("device", "dtype", "threads")
KEYS: Final = (*HARMLESS, "store", "roots", "stages", "caps", "endpoints")
CAPS: Final = (
    "bytes", "depth", "nodes", "aliases", "scalar", "idea", "variants", "dimensions", "items", "table",
    "cells", "members", "files", "choices", "expanded", "includes", "include_depth", "stages",
    "exports",
)  # fmt: skip
"""The caps of `orchestrator.recipe.Caps`, which this room does not import; a test compares the two."""
_FORMS: Final = {
    "device": 'a text, such as "cpu" or "cuda:1"',
    "dtype": "one of " + ", ".join(f'"{name}"' for name in DTYPES),
    "threads": f"a whole number from 1 to {_MOST_THREADS}",
    "store": "the path of a folder",
    "roots": "a list of folders",
    "stages": "a list of Python files",
    "caps": f"a table of whole numbers; the caps are {', '.join(CAPS)}",
}


class StageFile(Frozen):
    """A stage file and the place that names it."""

    path: Path
    span: Span


class ConfigFile(Frozen):
    """What one file says; `values` holds plain settings by their names."""

    name: str
    text: str
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    roots: tuple[Path, ...] = ()
    stages: tuple[StageFile, ...] = ()
    offered: tuple[StageFile, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    caps: Mapping[str, int] = field(default_factory=dict[str, int])
    endpoints: Mapping[str, EndpointSettings] = field(default_factory=dict[str, EndpointSettings])


def read_config(path: Path, role: str, trusting: Path) -> ConfigFile:
    """Reads a file; `role` is operator or project, `trusting` the folder of what the operator trusts.

    A project's file that the operator trusts counts as their own, but for the stage files that it names:
    each is trusted by itself.

    Raises:
        InvalidInput: E450, or all that is wrong with its keys (E451).
    """
    name = _shown(path)
    within = path.parent if role == "project" else None
    try:
        data = read_plain_file(path, _MOST_BYTES, within)
        text = data.decode("utf-8-sig")
        _refuse_deep(text)
        document = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput([_unreadable(name, error)]) from error
    places = Places(name, text)
    spans = {key: places.of(key).key for key in document}
    full = role == "operator" or Trust(trusting).state(path, data) == "trusted"
    endpoints = read_endpoints(document.get("endpoints", {}), places)
    text = masked(text, endpoints.secrets)
    findings = [found for key, value in document.items() if (found := _checked(key, value, spans[key]))]
    findings += endpoints.findings if full else ()
    if findings:
        raise InvalidInput(findings, {name: text})
    read = _counted(path, name, text, document, spans, full=full, project=role == "project")
    return replace(read, endpoints=endpoints.endpoints) if full else read


def _refuse_deep(text: str) -> None:
    """What a person writes is flat; tomllib takes memory with the square of the parts of a key.

    Raises:
        ValueError: with the place, as tomllib's own errors have it.
    """
    bare = _TEXTS.sub(lambda found: "_" + "\n" * found[0].count("\n"), text)
    dotted = _DOTTED.search(bare)
    if dotted is not None:
        line = bare.count("\n", 0, dotted.start()) + 1
        raise ValueError(f"a key of more than {_DEEPEST} parts (at line {line}, column 1)")
    depth = 0
    for found in _BRACKET.finditer(bare):
        depth += 1 if found[0] in "[{" else -1
        if depth > _DEEPEST:
            line = bare.count("\n", 0, found.start()) + 1
            raise ValueError(f"lists and tables more than {_DEEPEST} deep (at line {line}, column 1)")


def _counted(
    path: Path,
    name: str,
    text: str,
    document: Mapping[str, Any],
    spans: Mapping[str, Span],
    *,
    full: bool,
    project: bool,
) -> ConfigFile:
    files = tuple(StageFile(_path(path, file), spans["stages"]) for file in document.get("stages", ()))
    values = {key: document[key] for key in HARMLESS if key in document}
    if full and "store" in document:
        values["store"] = _path(path, document["store"])
    refused = [] if full else [key for key in ("store", "roots", "caps", "endpoints") if key in document]
    return ConfigFile(
        name, text, values,
        roots=tuple(_path(path, root) for root in document.get("roots", ())) if full else (),
        stages=() if project else files,
        offered=files if project else (),
        findings=tuple(_passed_over(key, name, spans[key]) for key in refused),
        caps=document.get("caps", {}) if full else {},
    )  # fmt: skip


def _path(config: Path, text: str) -> Path:
    """A path in a config file counts from the file's folder; a `~name` of nobody stands for itself."""
    try:
        return config.parent / Path(text).expanduser()
    except RuntimeError:
        return config.parent / text


def _checked(key: str, value: object, span: Span) -> Diagnostic | None:
    if key not in KEYS:
        return _unknown(key, span)
    return None if _fits(key, value) else _wrong(key, span)


def _fits(key: str, value: object) -> bool:
    if key == "threads":
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_THREADS
    if key == "dtype":
        return value in DTYPES
    if key == "caps":
        return isinstance(value, dict) and all(
            name in CAPS and type(cap) is int and cap > 0
            for name, cap in cast("dict[str, object]", value).items()
        )
    if key == "endpoints":
        return True  # `read_endpoints` checks them
    if key in {"device", "store"}:
        return _is_text(value)
    return isinstance(value, list) and all(_is_text(member) for member in cast("list[object]", value))


def _is_text(value: object) -> bool:
    """No name of a file or a device holds a NUL."""
    return isinstance(value, str) and value != "" and "\0" not in value


def _shown(path: Path) -> str:
    here = Path.cwd().resolve()
    full = path.resolve()
    return (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()


def _unreadable(name: str, error: Exception) -> Diagnostic:
    said = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
    place = re.search(r" \(at line (\d+), column (\d+)\)$", said)
    span = Span.point(name, int(place[1]), int(place[2])) if place else Span.point(name)
    return Diagnostic(
        code="E450",
        message=f"the config file {name} cannot be read: {said[: place.start()] if place else said}",
        span=span,
        why="It says what this machine allows, so it is not passed over.",
        help="a config file is TOML, a key a line",
        fix="threads = 2",
    )


def _unknown(key: str, span: Span) -> Diagnostic:
    return unknown(
        "E451",
        f"a config file has no key {key!r}",
        key,
        span,
        KEYS,
        why=f"Its keys are: {', '.join(KEYS)}.",
        pasted=f"{NAME} =",
        otherwise="take it out",
    )


def _wrong(key: str, span: Span) -> Diagnostic:
    return Diagnostic(
        code="E451",
        message=f"`{key}` is {_FORMS[key]}",
        span=span,
        why="Types and limits of settings are checked before anything runs.",
        help="give it such a value",
    )


def _passed_over(key: str, name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        code="W640",
        message=f"`{key}` in {name} does not count",
        span=span,
        why="A project may come from a stranger, so there only "
        f"{', '.join(HARMLESS[:-1])} and {HARMLESS[-1]} count.",
        help="if you have read the file and it is yours, trust it as it is now",
        fix=f"orchestrator trust {name}",
        severity="warning",
    )
