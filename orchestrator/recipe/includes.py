"""`include:`: the stages of another recipe, spliced in under a namespace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from orchestrator.errors import Label, Span, unknown
from orchestrator.errors.edits import respelt
from orchestrator.errors.phrases import listed, near, shown
from orchestrator.frozen import Frozen
from orchestrator.recipe.files import Refusal, below, folder_of
from orchestrator.recipe.model import ModelChoice, Recipe, StageEntry
from orchestrator.recipe.names import is_id
from orchestrator.recipe.parameters import with_parameters
from orchestrator.recipe.reach import Chain, Reach
from orchestrator.recipe.stages import Include, refuse_too_many_stages, unread_stage
from orchestrator.text import Node, Text, Tree, capped, read_tree

_READY: Final = "<ready>/"

ReadPart = Callable[[Node, str, Reach, Chain], Recipe | None]
"""Reads a tree as a part: models, variables and stages."""


class _Source(Frozen):
    """A text to take in: its name in the chain and in findings, its bytes, and where its own names count."""

    name: str
    file: str
    data: bytes
    reach: Reach


def splice(
    own: Recipe, parts: Sequence[StageEntry | Include], reach: Reach, chain: Chain, read_part: ReadPart
) -> Recipe:
    """The recipe with its stages, those of its includes at their places, their variables and models."""
    stages: list[StageEntry] = []
    for part in parts:
        if isinstance(part, StageEntry):
            stages.append(part)
            continue
        inner = _read(part, reach, chain, read_part)
        if inner is None or "stages" in inner.unknown:
            stages.append(unread_stage(part.name, part.name_span, part.span))
            continue
        inner = with_parameters(inner, part, own, reach.findings)
        stages += _renamed(inner, part)
        variables = (replace(each, scope=_joined(part.name, each.scope)) for each in inner.variables)
        models = _with_models(own.models, inner.models, part, reach)
        unknown = own.unknown | frozenset(_unknown_outside(inner, part))
        own = replace(own, models=models, variables=(*own.variables, *variables), unknown=unknown)
    refuse_too_many_stages(stages, reach)
    return replace(own, stages=tuple(stages))


def _read(part: Include, reach: Reach, chain: Chain, read_part: ReadPart) -> Recipe | None:
    if len(chain.names) > reach.caps.include_depth:
        what = "recipes take one another in too deep"
        reach.findings.add(capped("include_depth", reach.caps.include_depth, what, part.source.span))
        return None
    source = _source(part, reach)
    if source is None or _is_cycle(source, part, reach, chain) or _is_too_much(source, part, reach, chain):
        return None
    tree = _tree(source, reach, chain)
    if tree.root is None or tree.root.value is None:
        if not tree.findings:
            _no_stages(part, source, reach)
        return None
    return read_part(tree.root, source.file, source.reach, chain.and_(source.name))


def _tree(source: _Source, reach: Reach, chain: Chain) -> Tree:
    left = replace(reach.caps, nodes=max(1, reach.caps.nodes - chain.taken.nodes))
    tree = read_tree(source.data, source.file, left)
    chain.taken.nodes += tree.nodes
    reach.texts[source.file] = tree.text
    reach.findings.read(tree.findings)
    return tree


def _source(part: Include, reach: Reach) -> _Source | None:
    word = part.source.value
    if "/" not in word and "." not in word:
        return _ready(part, reach)
    if reach.ready_only:
        refusal = Refusal("is a file; a ready recipe takes in ready ones only", "name a ready recipe")
        reach.outside(word, refusal, part.source.span)
        return None
    name = reach.sound(Node(word, part.source.span), f"`include:` of `{part.name}`")
    data = None if name is None else reach.data(name, part.source.span, "bytes")
    if name is None or data is None:
        return None
    return _Source(name, reach.shown(name), data, reach.inside(folder_of(name)))


def _ready(part: Include, reach: Reach) -> _Source | None:
    word, span = part.source.value, part.source.span
    found = reach.files.ready(word) if reach.files is not None and is_id(word) else None
    if found is not None:
        return _Source(f"{_READY}{word}", f"{_READY}{found[0]}", found[1], replace(reach, ready_only=True))
    if reach.files is None:
        reach.no_files(word, span)
        return None
    names = reach.files.ready_names()
    beside = _beside(word, reach) if near(word, names) is None else None
    otherwise = f"did you mean `{beside}`?" if beside else "name a ready recipe, or a file: `parts/cut.yaml`"
    found = unknown(
        "E162",
        f"there is no ready recipe `{shown(word)}`",
        word,
        span,
        names,
        why=f"A bare word names a ready recipe: {listed(list(names))}. A file is written with its ending.",
        otherwise=otherwise,
        otherwise_fix=beside or "",
    )
    reach.findings.add(replace(found, edits=respelt(word, span, beside)) if beside else found)
    return None


def _beside(word: str, reach: Reach) -> str | None:
    """The file that a word without an ending means."""
    files = reach.files
    if files is None or not is_id(word) or reach.ready_only:
        return None
    return next(iter(files.glob(below(reach.folder, f"{word}.y*ml"), reach.caps.files)), None)


def _is_cycle(source: _Source, part: Include, reach: Reach, chain: Chain) -> bool:
    if source.name not in chain.names:
        return False
    way = " → ".join(shown(name) for name in (*chain.names[chain.names.index(source.name) :], source.name))
    reach.findings.error(
        "E163",
        f"`{shown(part.source.value, 80)}` takes itself in",
        part.source.span,
        why=f"It would have no end: {way}.",
        help="take one of these includes out; put what both need into a recipe of its own",
    )
    return True


def _is_too_much(source: _Source, part: Include, reach: Reach, chain: Chain) -> bool:
    taken, caps = chain.taken, reach.caps
    taken.includes += 1
    taken.bytes += len(source.data)
    for cap, count, limit, what in (
        ("includes", taken.includes, caps.includes, "the recipe takes in too many recipes"),
        ("bytes", taken.bytes, caps.bytes, f"the recipes that are taken in have {taken.bytes:,} bytes"),
    ):
        if count > limit:
            reach.findings.add(capped(cap, limit, what, part.source.span))
            return True
    return False


def _no_stages(part: Include, source: _Source, reach: Reach) -> None:
    what, help_ = f"`{shown(source.file, 80)}` is empty", "name a recipe with stages"
    reach.findings.error("E162", what, part.source.span, why="Its stages are taken in.", help=help_)


def _joined(namespace: str, name: str) -> str:
    return f"{namespace}.{name}" if name else namespace


def _unknown_outside(inner: Recipe, part: Include) -> Iterator[str]:
    """What reads wrong in the included recipe, by the names that it has in the whole one."""
    for path in inner.unknown:
        section, _, name = path.partition(".")
        if section == "vars":
            yield f"vars.{_joined(part.name, name)}"
        elif section == "models":
            yield path


def _renamed(inner: Recipe, part: Include) -> list[StageEntry]:
    own = {stage.name for stage in inner.stages}

    def sources(texts: Mapping[str, Text]) -> Mapping[str, Text]:
        """Names mean the namespace's own stages first."""
        return {
            port: Text(f"{part.name}.{text.value}", text.span) if text.value in own else text
            for port, text in texts.items()
        }

    return [
        replace(
            stage,
            name=f"{part.name}.{stage.name}",
            scope=_joined(part.name, stage.scope),
            unknown=stage.unknown | (part.unknown & {"inputs"}),
            inputs=sources(stage.inputs),
            each=sources(stage.each),
            given={
                **{f"{part.name}/{port}": text for port, text in part.inputs.items()},
                **{f"{part.name}.{place}": text for place, text in sources(stage.given).items()},
            },
        )
        for stage in inner.stages
    ]


def _with_models(
    outer: tuple[ModelChoice, ...], inner: tuple[ModelChoice, ...], part: Include, reach: Reach
) -> tuple[ModelChoice, ...]:
    """One choice for each role; two that differ are a clash of names."""
    declared = {choice.role: choice for choice in outer}
    for choice in inner:
        first = declared.setdefault(choice.role, choice)
        if choice.role in reach.given_roles:
            continue
        if (first.kind, first.source) != (choice.kind, choice.source):
            _clash(first, choice, part.name_span, reach)
    return tuple(declared.values())


def _clash(first: ModelChoice, other: ModelChoice, span: Span, reach: Reach) -> None:
    reach.findings.error(
        "E165",
        f"the include declares the role `{other.role}` as `{shown(f'{other.kind}: {other.source}', 80)}`; "
        f"here it is `{shown(f'{first.kind}: {first.source}', 80)}`",
        span,
        why="A role is one model in the whole recipe.",
        help="choose the same model in both, or give one of the roles another name",
        labels=(Label(first.span, "chosen here"), Label(other.span, "and in the include")),
    )


