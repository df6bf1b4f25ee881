"""Findings about the `export:` block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.errors import Diagnostic, Label, unknown
from orchestrator.errors.edits import respelt
from orchestrator.errors.unknown import NAME
from orchestrator.recipe.model import ExportEntry
from orchestrator.stage import Artifact
from orchestrator.text import Text


def unknown_stage(stage: Text, known: Sequence[str]) -> Diagnostic:
    """E430: `from:` names no stage of the recipe."""
    return unknown(
        "E430",
        f"the export takes its pictures from {stage.value!r}, and no stage is called so",
        stage.value,
        stage.span,
        known,
        why=f"The stages of this recipe are: {', '.join(known)}." if known else "The recipe has no stage.",
    )


def unknown_format(given: Text, known: Sequence[str]) -> Diagnostic:
    """E431: no such format."""
    only = known[0] if len(known) == 1 else ""
    return unknown(
        "E431",
        f"there is no export format {given.value!r}",
        given.value,
        given.span,
        known,
        why=f"The formats are: {', '.join(known)}.",
        otherwise=f"write `format: {only}`" if only else "name one of them",
        otherwise_fix=only,
    )


def not_taken(entry: ExportEntry, stage: str, kind: type[Artifact]) -> Diagnostic:
    """E431: a format that cannot write what the stage gives."""
    return Diagnostic(
        code="E431",
        message=f"the format {entry.format.value!r} writes no {kind.__name__}, which {stage!r} gives",
        span=entry.format.span,
        why="Each format says which types it writes.",
        help="name another format, or take it from another stage",
    )


def outside(to: Text) -> Diagnostic:
    """E433: a folder that a recipe may not write to."""
    if "\\" in to.value:
        mended = to.value.replace("\\", "/")
        return Diagnostic(
            code="E433",
            message=f"`to: {to.value}` has a backslash",
            span=to.span,
            why="A folder is written with `/`, so that it reads the same on every system.",
            help="write it with `/`",
            fix=f"to: {mended}",
            edits=respelt(to.value, to.span, mended),
        )
    return Diagnostic(
        code="E433",
        message=f"`to: {to.value}` leaves the recipe's folder",
        span=to.span,
        why="A recipe may come from a stranger, so it writes below its own folder, links followed, and below "
        "the roots that the operator names.",
        help="name a folder beside the recipe; or, if this machine is yours, add the other one to `roots` in "
        "your config.toml",
        fix="to: build",
    )


def unknown_field(entry: ExportEntry, name: str, valid: Sequence[str]) -> Diagnostic:
    """E434: a field that the items do not have."""
    fields = ", ".join(f"{{{field}}}" for field in valid)
    pattern = entry.pattern or Text("", entry.span)
    whole = pattern.value.replace(f"{{{name}}}", "{" + NAME + "}")
    found = unknown(
        "E434",
        f"`{{{name}}}` in `name:` is no field of these items",
        name,
        pattern.span,
        valid,
        why=f"The fields here are {fields}: the dimensions over which the stage runs, and the names.",
        form="{" + NAME + "}",
        pasted=f'name: "{whole}"',
        written=pattern.value,
    )
    mended = found.fix.removeprefix('name: "').removesuffix('"')
    return replace(found, edits=respelt(pattern.value, pattern.span, mended) if found.edits else ())


def bad_name(entry: ExportEntry, problem: str, mended: str) -> Diagnostic:
    """E434: a pattern that names no file."""
    return Diagnostic(
        code="E434",
        message=f"`name:` cannot name files: {problem}",
        span=entry.pattern.span if entry.pattern else entry.span,
        why="A name must be one that Windows, macOS and Linux take; folders in it are parted by `/`.",
        help="write texts and fields in braces, without an ending",
        fix=f'name: "{mended}"',
    )


def same_name(entry: ExportEntry, name: str, one: str, other: str, lacking: Sequence[str]) -> Diagnostic:
    """E435: two items of one entry under one name."""
    written = entry.pattern.value if entry.pattern else ""
    mended = "_".join([written, *(f"{{{field}}}" for field in lacking)])
    return Diagnostic(
        code="E435",
        message=f"{one!r} and {other!r} would both be written to {name!r}",
        span=entry.pattern.span if entry.pattern else entry.span,
        why="Each item needs a name of its own, upper and lower case being one on some systems.",
        help="name what differs between them" if lacking else "put `_` between the fields",
        fix=f'name: "{mended}"' if lacking else "",
    )


def run_time_clash(entry: ExportEntry, dimension: str) -> Diagnostic:
    """E435: the members of a Many under one name."""
    written = entry.pattern.value if entry.pattern else ""
    return Diagnostic(
        code="E435",
        message=f"every {dimension} would be written to one file",
        span=entry.pattern.span if entry.pattern else entry.span,
        why=f"How many there are is known only at run time, so the name must hold {{{dimension}}}.",
        help="name it in the pattern",
        fix=f'name: "{written}_{{{dimension}}}"',
    )


def two_entries(entry: ExportEntry, other: ExportEntry, name: str, written: str) -> Diagnostic:
    """E436: two entries that write one file."""
    return Diagnostic(
        code="E436",
        message=f"two entries of `export:` would both write {name!r}",
        span=entry.to.span,
        why="The later one would replace what the earlier one wrote.",
        help="give one of them another folder, or another `name:`",
        fix=f'name: "{written}_{{stage}}"',
        labels=(Label(other.to.span, "the other one writes here"),),
    )


def added_twice(entry: ExportEntry, name: str) -> Diagnostic:
    """E436: a file that a format adds, and that an earlier entry has written."""
    return Diagnostic(
        code="E436",
        message=f"two entries of `export:` would both write {name!r}",
        span=entry.to.span,
        why=f"The format {entry.format.value!r} adds it beside its pictures. An earlier entry has it "
        "too, so nothing of this one was written.",
        help="give one of them another folder",
    )


def unknown_option(entry: ExportEntry, key: str, valid: Sequence[str]) -> Diagnostic:
    """E437: a key that neither the entry nor its format knows."""
    known = ("from", "to", "format", "name", *valid)
    return unknown(
        "E437",
        f"the format {entry.format.value!r} has no key {key!r}",
        key,
        entry.options[key].key_span,
        known,
        why=f"Keys of this entry are: {', '.join(known)}.",
        pasted=f"{NAME}:",
        otherwise="take it out",
    )


def wrong_option(entry: ExportEntry, path: Sequence[str], said: str) -> Diagnostic:
    """E437: a key of the format with a wrong value."""
    given = entry.options.get(path[0]) if path else None
    return Diagnostic(
        code="E437",
        message=f"{'.'.join(path) or 'these keys'} of the format {entry.format.value!r}: "
        f"{said[:1].lower()}{said[1:]}",
        span=given.node.span if given else entry.format.span,
        why="The format's own model says which values it takes.",
        help="give such a value, or take the key out",
    )
