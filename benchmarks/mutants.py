"""Recipes with one seeded mistake each: a word misspelt, a line gone, a value retyped, a wire elsewhere.

Only mistakes are made: every mutant means something else than its original, or nothing. Free text (ideas, a
recipe's name, comments) is left alone, for there no word is wrong.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestrator.errors import Span
from orchestrator.stage.registry import Registry
from orchestrator.text import Entry, Node, read_tree

FREE = {"name", "value", "id", "label", "text"}
"""Keys whose value is free text."""


@dataclass(frozen=True)
class Mutant:
    """A recipe with a mistake; a finding is at the exact place when it is in one of `lines`."""

    recipe: str
    operator: str
    what: str
    text: str
    lines: frozenset[int]


@dataclass(frozen=True)
class Place:
    """A scalar or key of the recipe: its words, where they stand, and the keys above it."""

    text: str
    span: Span
    path: tuple[str, ...]
    key: bool


def mutants(recipe: str, text: str, seed: int) -> Iterator[Mutant]:
    """All mutants of a recipe, each operator at each place where it makes a mistake."""
    root = read_tree(text, recipe).root
    if root is None:
        return
    rng = random.Random(f"{seed}/{recipe}")
    for place in places(root, ()):
        yield from _misspelt(recipe, text, place, rng)
        yield from _retyped(recipe, text, place, rng)
    yield from _deleted(recipe, text, root)
    yield from _rewired(recipe, text, root, rng)


def places(node: Node, path: tuple[str, ...]) -> Iterator[Place]:
    """Every key and every scalar below a node."""
    if isinstance(node.value, tuple):
        for member in node.value:
            yield from places(member, (*path, "[]"))
    elif isinstance(node.value, Mapping):
        for key, entry in node.value.items():
            yield Place(key, entry.key_span, (*path, key), key=True)
            yield from places(entry.node, (*path, key))
    else:
        yield Place(str(node.value), node.span, path, key=False)


def _misspelt(recipe: str, text: str, place: Place, rng: random.Random) -> Iterator[Mutant]:
    """A letter gone, doubled, or two exchanged, in a word that names something."""
    if not _names_something(place):
        return
    for operator, wrong in _misspellings(place.text, rng):
        yield _spliced(recipe, text, operator, place, wrong)


def _names_something(place: Place) -> bool:
    if len(place.text) < 4 or not re.search("[a-z]{2}", place.text):
        return False
    top = place.path[0]
    if place.key:
        is_new_name = len(place.path) == 2 and top in {"items", "stages", "models", "vars"}
        of_records = top != "items" or place.text in {"csv", "jsonl", "glob", "value"}
        is_new_name = is_new_name or (place.path[2:3] == ("each",) and len(place.path) > 3)
        return of_records and not is_new_name and top != "export"
    if place.text.startswith("$"):
        return True
    if top == "stages":
        return len(place.path) > 2 and place.path[2] not in {"with", "when"}
    return top == "models" or (top == "export" and place.path[-1] in {"from", "format"})


def _misspellings(word: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    letters = [at for at in range(len(word) - 1) if word[at].isalpha() and word[at + 1].isalpha()]
    at = rng.choice(letters)
    yield "letter gone", word[:at] + word[at + 1 :]
    at = rng.choice(letters)
    yield "letter doubled", word[:at] + word[at] + word[at:]
    swaps = [at for at in letters if word[at] != word[at + 1]]
    if swaps:
        at = rng.choice(swaps)
        yield "letters exchanged", word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _retyped(recipe: str, text: str, place: Place, rng: random.Random) -> Iterator[Mutant]:
    """A number as text, negative, or as a list; a name as a list or a number."""
    if place.key or place.path[0] not in {"recipe", "seed", "stages", "models"}:
        return
    if re.fullmatch(r"-?\d+(\.\d+)?", place.text):
        wrongs = [f'"{place.text}"', f"[{place.text}]", "many", "-3"]
    elif place.path[0] == "stages" and place.path[2:3] == ("with",) and place.path[-1] in FREE:
        return
    else:
        wrongs = ["{a: 1}"] if place.path[-1] == "[]" else [f"[{place.text}]", "{a: 1}"]
        wrongs += [str(rng.randrange(5, 99))] if place.path[-1] in {"use", "llm", "diffusion"} else []
    for wrong in wrongs:
        yield _spliced(recipe, text, "retyped", place, wrong)


def _deleted(recipe: str, text: str, root: Node) -> Iterator[Mutant]:
    """An entry gone without which the recipe does not stand: `recipe`, `use`, a stage that others need."""
    for key, entry in _entries(root).items():
        if key in {"recipe", "stages", "items"}:
            lines = {1, _line_of_first(root), entry.key_span.line, *_stage_lines(text, root, entry)}
            yield Mutant(recipe, "deleted", key, _without(text, entry), frozenset(lines))
    stages = _entries(_entries(root)["stages"].node)
    for name, stage in stages.items():
        for key, entry in _entries(stage.node).items():
            if key == "use":
                yield _deletion(recipe, text, f"{name}.{key}", entry, stage.key_span.line)
    for name, stage in list(stages.items())[:-1]:
        below = {other.key_span.line - _height(text, stage) for other in stages.values()}
        yield Mutant(recipe, "deleted", name, _without(text, stage), frozenset(below))


def _stage_lines(text: str, root: Node, gone: Entry) -> set[int]:
    """Where the stages stand once an entry is gone: what it gave is missing there."""
    stages = _entries(_entries(root)["stages"].node).values()
    moved = _height(text, gone)
    at = (stage.key_span.line for stage in stages)
    return {line - moved if line > gone.key_span.line else line for line in at}


def _deletion(recipe: str, text: str, what: str, entry: Entry, line: int) -> Mutant:
    return Mutant(recipe, "deleted", what, _without(text, entry), frozenset({line, entry.key_span.line}))


def _rewired(recipe: str, text: str, root: Node, rng: random.Random) -> Iterator[Mutant]:
    """Stages in another order, inputs that name what stands below or gives another type."""
    stages = list(_entries(_entries(root)["stages"].node).items())
    for (above, first), (below, second) in itertools.pairwise(stages):
        swapped = _exchanged(text, first, second)
        lines = range(first.key_span.line, second.node.span.end_line + 1)
        yield Mutant(recipe, "rewired", f"{below} above {above}", swapped, frozenset(lines))
    for at, (name, stage) in enumerate(stages):
        for port, source in _entries(_part(stage, "inputs")).items():
            others = [other for other, _ in stages if other != source.node.value]
            for wrong in rng.sample(others, min(2, len(others))):
                place = Place(str(source.node.value), source.node.span, ("stages", name, port), key=False)
                yield _spliced(recipe, text, "rewired", place, wrong)
        last = stages[-1][0]
        if "inputs" not in _entries(stage.node) and at < len(stages) - 1:
            wrong = f", inputs: {{{_port(stage)}: {last}}}}}"
            changed = _in_flow(text, stage, wrong)
            if changed is not None:
                lines_ = frozenset({stage.key_span.line})
                yield Mutant(recipe, "rewired", f"{name} from {last}", changed, lines_)


def _port(stage: Entry) -> str:
    """The first port of the stage that an entry uses."""
    spec = Registry().find(str(_part(stage, "use").value))
    return spec.inputs[0].name if spec is not None and spec.inputs else "image"


def _part(entry: Entry, key: str) -> Node:
    parts = _entries(entry.node)
    return parts[key].node if key in parts else Node({}, entry.key_span)


def _entries(node: Node) -> Mapping[str, Entry]:
    return node.value if isinstance(node.value, Mapping) else {}


def _line_of_first(root: Node) -> int:
    return min((entry.key_span.line for entry in _entries(root).values()), default=1)


def _spliced(recipe: str, text: str, operator: str, place: Place, wrong: str) -> Mutant:
    start, end = _offset(text, place.span.line, place.span.column), _end(text, place.span)
    what = f"{'.'.join(place.path)}: {place.text} → {wrong}"
    return Mutant(
        recipe, operator, what, text[:start] + wrong + text[end:], frozenset({place.span.line})
    )


def _without(text: str, entry: Entry) -> str:
    """The text without an entry; in a flow mapping with its comma, else with its lines."""
    start, end = _offset(text, entry.key_span.line, entry.key_span.column), _end(text, entry.node.span)
    line_start = text.rfind("\n", 0, start) + 1
    if not text[line_start:start].strip():
        stop = text.find("\n", end)
        return text[:line_start] + ("" if stop < 0 else text[stop + 1 :])
    rest = text[end:]
    if rest.lstrip().startswith(","):
        return text[:start] + rest.lstrip()[1:].lstrip()
    return text[:start].rstrip().removesuffix(",") + rest


def _height(text: str, entry: Entry) -> int:
    return text.count("\n") - _without(text, entry).count("\n")


def _exchanged(text: str, first: Entry, second: Entry) -> str:
    lines = text.splitlines(keepends=True)
    a, b, c = first.key_span.line - 1, second.key_span.line - 1, second.node.span.end_line
    return "".join([*lines[:a], *lines[b:c], *lines[a:b], *lines[c:]])


def _in_flow(text: str, stage: Entry, tail: str) -> str | None:
    end = _end(text, stage.node.span)
    return text[: end - 1] + tail + text[end:] if text[end - 1] == "}" else None


def _offset(text: str, line: int, column: int) -> int:
    lines = text.splitlines(keepends=True)
    return sum(len(above) for above in lines[: line - 1]) + column - 1


def _end(text: str, span: Span) -> int:
    return _offset(text, span.end_line, span.end_column)
