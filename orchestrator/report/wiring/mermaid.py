"""The wiring as a Mermaid flowchart, which Markdown of GitHub, GitLab and many wikis draws."""

from __future__ import annotations

from orchestrator.report.wiring.model import Box, Wiring


def as_mermaid(wiring: Wiring) -> str:
    """A `flowchart TD`; ids are numbers, for a stage may be called `end`."""
    ids = {box.name: f"s{number}" for number, box in enumerate(wiring.boxes)}
    boxes = [f"    {ids[box.name]}{_shape(box)}" for box in wiring.boxes]
    wires = [
        f'    {ids[line.source]} -->|"{_escaped(line.label)}"| {ids[line.target]}' for line in wiring.lines
    ]
    ends = ",".join(ids[box.name] for box in wiring.boxes if box.end)
    marks = ["    classDef written stroke-width:3px", f"    class {ends} written"] if ends else []
    head = [f"%% {_one_line(wiring.name)}: {_one_line(wiring.items)}", "flowchart TD"]
    return "\n".join([*head, *boxes, *wires, *marks])


def _shape(box: Box) -> str:
    text = "<br>".join(_escaped(part) for part in (box.shown, *box.facts))
    return f'["{text}"]' if box.is_stage else f'(["{text}"])'


def _escaped(text: str) -> str:
    """Entity codes as Mermaid reads them, for whatever would end a label or begin a tag."""
    codes = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "|": "#124;"}
    return "".join(codes.get(character, character) for character in _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())
