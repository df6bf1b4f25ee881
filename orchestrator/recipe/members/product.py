"""`zip:` and `exclude:`: which points of the dimensions are items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from orchestrator.errors import Diagnostic, Findings, Label, Span, unknown
from orchestrator.errors.edits import respelt
from orchestrator.errors.phrases import listed, shown
from orchestrator.recipe.findings import wrong_kind
from orchestrator.recipe.model import VARIANT, Dimension, Exclusion, Recipe
from orchestrator.recipe.stage_keys import names_in
from orchestrator.text import Caps, Entry, Node, Text, capped

_SMALLEST_GROUP = 2


def read_zip(entry: Entry | None, findings: Findings, caps: Caps) -> tuple[tuple[Text, ...], ...]:
    """`zip: [idea, ref]`, or a list of such groups."""
    if entry is None:
        return ()
    node = entry.node
    if not isinstance(node.value, tuple) or not node.value:
        fix = "zip: [idea, ref]"
        wrong_kind(findings, node, "`zip:`", "a list of dimensions, or a list of such lists", fix=fix)
        return ()
    if _names(node) > caps.dimensions:
        what = f"`zip:` names {_names(node):,} dimensions"
        findings.add(capped("dimensions", caps.dimensions, what, node.span))
        return ()
    several = all(isinstance(member.value, tuple) for member in node.value)
    lists = node.value if several else (node,)
    groups = [_group(each, findings) for each in lists]
    _refuse_shared(groups, findings)
    return tuple(group for group in groups if len(group) >= _SMALLEST_GROUP)


def read_exclude(entry: Entry | None, findings: Findings) -> tuple[Exclusion, ...]:
    """`exclude:`, a list of mappings of dimensions to an id or several."""
    if entry is None:
        return ()
    nodes = entry.node.value
    if not isinstance(nodes, tuple):
        fix = "exclude: [{idea: fire-sword, style: flat}]"
        wrong_kind(findings, entry.node, "`exclude:`", "a list of `{DIMENSION: ID}`", fix=fix)
        return ()
    read = (_exclusion(node, findings) for node in nodes)
    return tuple(exclusion for exclusion in read if exclusion is not None)


def check_product(recipe: Recipe) -> tuple[Diagnostic, ...]:
    """What `zip:` and `exclude:` have wrong against the dimensions as they came to be.

    The members of a dimension may come from the command line or from Python, so this is looked at last.
    """
    findings = Findings()
    for group in recipe.zip:
        known = [name for name in group if _is_known(name, recipe, "zip", findings)]
        _refuse_unequal(recipe, known, findings)
    for exclusion in recipe.exclude:
        for name, ids in exclusion.ids.items():
            named = Text(name, exclusion.names.get(name, ids[0].span))
            _check_ids(recipe, named, ids, findings)
    return tuple(findings.all())


def _names(node: Node) -> int:
    return sum(_names(member) for member in node.value) if isinstance(node.value, tuple) else 1


def _group(node: Node, findings: Findings) -> tuple[Text, ...]:
    if not isinstance(node.value, tuple):
        wrong_kind(findings, node, "a member of `zip:`", "a list of dimensions", fix="zip: [[idea, ref]]")
        return ()
    names = names_in(node.value, "zip", findings)
    if len(names) < _SMALLEST_GROUP and len(node.value) == len(names):
        findings.error(
            "E150",
            "`zip:` with fewer than two dimensions",
            node.span,
            why="Dimensions that are zipped go in step: the first of one with the first of the other.",
            help="name the dimension that it goes with, or take `zip:` out",
        )
    others = ", ".join(name.value for name in names if name.value != VARIANT)
    others = others if "," in others else ""
    for name in names:
        if name.value == VARIANT:
            findings.error(
                "E150",
                "`variant` cannot be zipped",
                name.span,
                why="Variants are more pictures of each item, told apart by their noise alone.",
                help="take it out of `zip:`, or `zip:` out with it",
                fix=f"zip: [{others}]" if others else "",
            )
    return tuple(name for name in names if name.value != VARIANT)


def _refuse_shared(groups: Sequence[tuple[Text, ...]], findings: Findings) -> None:
    seen: dict[str, Text] = {}
    for name in (name for group in groups for name in group):
        first = seen.setdefault(name.value, name)
        if first is not name:
            findings.error(
                "E150",
                f"`{shown(name.value)}` stands in two groups of `zip:`",
                name.span,
                why="A dimension goes in step with one group.",
                help="make one group of the two, or take it out of one",
                labels=(Label(first.span, "the first one"),),
            )


def _exclusion(node: Node, findings: Findings) -> Exclusion | None:
    if not isinstance(node.value, Mapping) or not node.value:
        fix = "{idea: fire-sword, style: flat}"
        wrong_kind(findings, node, "a member of `exclude:`", "a mapping of dimensions to ids", fix=fix)
        return None
    ids = {name: _ids(name, entry.node, findings) for name, entry in node.value.items()}
    if not all(ids.values()):
        return None
    names = {name: entry.key_span for name, entry in node.value.items()}
    return Exclusion({name: texts for name, texts in ids.items() if texts}, node.span, names)


def _ids(name: str, node: Node, findings: Findings) -> tuple[Text, ...]:
    members = node.value if isinstance(node.value, tuple) else (node,)
    texts = [_id(name, member, findings) for member in members]
    if not texts:
        wrong_kind(findings, node, f"`{shown(name)}` of an exclusion", "an id or several")
    return tuple(text for text in texts if text is not None)


def _id(name: str, node: Node, findings: Findings) -> Text | None:
    value = node.value
    if isinstance(value, (str, int, float)):
        return Text(str(value).lower() if isinstance(value, bool) else str(value), node.span)
    wrong_kind(findings, node, f"`{shown(name)}` of an exclusion", "an id or several")
    return None


def _is_known(name: Text, recipe: Recipe, key: str, findings: Findings) -> bool:
    names = [dimension.name for dimension in recipe.dimensions]
    if name.value in names:
        return True
    if findings.full or recipe.is_unknown("items", name.value):
        return False
    found = unknown(
        "E151",
        f"`{key}:` names the dimension `{shown(name.value)}`, which the recipe does not have",
        name.value,
        name.span,
        names,
        why=f"Its dimensions: {listed(names)}." if names else "It has no dimensions.",
        otherwise="name a dimension of `items:`",
    )
    findings.add(found)
    return False


def _refuse_unequal(recipe: Recipe, group: Sequence[Text], findings: Findings) -> None:
    sizes = {
        name.value: len(each.records)
        for name in group
        if (each := recipe.dimension(name.value)) is not None and each.whole
    }
    if len(set(sizes.values())) <= 1:
        return
    counts = ", ".join(f"`{name}` has {size:,}" for name, size in sizes.items())
    first = recipe.dimension(group[0].value)
    findings.error(
        "E152",
        f"zipped dimensions differ in length: {counts}",
        _whole(group),
        why="The first member of one goes with the first of the other, and so on to the last.",
        help="add the members that are missing, or take `zip:` out to draw every combination",
        labels=(Label(first.span, f"`{first.name}` stands here"),) if first else (),
    )


def _whole(group: Sequence[Text]) -> Span:
    first, last = group[0].span, group[-1].span
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)


def _check_ids(recipe: Recipe, name: Text, ids: Sequence[Text], findings: Findings) -> None:
    dimension = recipe.dimension(name.value)
    if dimension is None:
        _is_known(name, recipe, "exclude", findings)
        return
    told = dimension.given or not dimension.whole
    for each in ids:
        if dimension.record(each.value) is None and not (told or findings.full):
            _no_such_id(dimension, each, findings)


def _no_such_id(dimension: Dimension, given: Text, findings: Findings) -> None:
    from orchestrator.recipe.names import slug

    known = [record.id for record in dimension.records]
    by_value = slug(given.value)
    meant = by_value if dimension.record(by_value) else ""
    found = unknown(
        "E153",
        f"`{dimension.name}` has no member with the id `{shown(given.value)}`",
        given.value,
        given.span,
        () if meant else known,
        why=f"Its ids: {listed(known)}." if known else "It has no members.",
        otherwise=f"did you mean `{meant}`?" if meant else "name a member by its id",
        otherwise_fix=meant,
    )
    findings.add(replace(found, edits=respelt(given.value, given.span, meant)) if meant else found)


def refuse_too_many(recipe: Recipe, findings: Findings, caps: Caps) -> None:
    """E106 where the product of the dimensions is over the cap."""
    factors = recipe.axes()
    count = prod(max(len(each.records) for each in axis) for axis in factors)
    if count <= caps.items:
        return
    sizes = " × ".join(f"{len(axis[0].records):,} {'+'.join(each.name for each in axis)}" for axis in factors)
    findings.add(
        capped(
            "items",
            caps.items,
            f"the dimensions make {count:,} items",
            recipe.dimensions[-1].span,
            why=f"Items are the product of the dimensions: {sizes}.",
            help="take members out, or part the recipe in two",
        )
    )
