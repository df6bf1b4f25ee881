"""`zip:` and `exclude:`: which points of the dimensions are items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from orchestrator.errors import Diagnostic, Findings
from orchestrator.errors.phrases import shown
from orchestrator.recipe.findings import wrong_kind
from orchestrator.recipe.members import findings as told
from orchestrator.recipe.model import VARIANT, Exclusion, Recipe
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
        told.alone_in_zip(node.span, findings)
    others = [name.value for name in names if name.value != VARIANT]
    for name in names:
        if name.value == VARIANT:
            told.variant_in_zip(name.span, others, findings)
    return tuple(name for name in names if name.value != VARIANT)


def _refuse_shared(groups: Sequence[tuple[Text, ...]], findings: Findings) -> None:
    seen: dict[str, Text] = {}
    for name in (name for group in groups for name in group):
        first = seen.setdefault(name.value, name)
        if first is not name:
            told.in_two_groups(name, first, findings)


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
    findings.add(told.no_dimension(name, key, names))
    return False


def _refuse_unequal(recipe: Recipe, group: Sequence[Text], findings: Findings) -> None:
    sizes = {
        name.value: len(each.records)
        for name in group
        if (each := recipe.dimension(name.value)) is not None and each.whole
    }
    if len(set(sizes.values())) > 1:
        told.unequal(recipe, sizes, group, findings)


def _check_ids(recipe: Recipe, name: Text, ids: Sequence[Text], findings: Findings) -> None:
    dimension = recipe.dimension(name.value)
    if dimension is None:
        _is_known(name, recipe, "exclude", findings)
        return
    is_open = dimension.given or not dimension.whole
    for each in ids:
        if dimension.record(each.value) is None and not (is_open or findings.full):
            findings.add(told.no_such_id(dimension, each))


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
