"""The keys of a stage beside `use:`: its params, where its inputs come from, how often it runs."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.errors import Edit, Findings, Span
from orchestrator.errors.edits import wrapped
from orchestrator.errors.phrases import shown
from orchestrator.recipe.findings import not_a_name, out_of_brackets, wrong_kind
from orchestrator.recipe.names import is_name
from orchestrator.text import Entry, Node, Text


def read_params(name: str, parts: Mapping[str, Entry], findings: Findings) -> Mapping[str, Entry]:
    """`with:` as it stands; which params exist is the graph's to say."""
    if "with" not in parts:
        return {}
    node = parts["with"].node
    if isinstance(node.value, Mapping):
        return node.value
    if node.value is not None:
        place = f"`with:` of the stage `{shown(name)}`"
        wrong_kind(findings, node, place, "a mapping of params", help="write `{PARAM: VALUE}`")
    return {}


def read_inputs(name: str, parts: Mapping[str, Entry], findings: Findings) -> Mapping[str, Text]:
    """`inputs:`: the stage above by port."""
    return _stages_by_word(name, "inputs", parts, findings)


def read_each(name: str, parts: Mapping[str, Entry], findings: Findings) -> Mapping[str, Text]:
    """`each:`: the stage that gives several, by the name of the dimension that numbers them."""
    dimensions = _stages_by_word(name, "each", parts, findings)
    for dimension in dimensions:
        if not is_name(dimension):
            entries = parts["each"].node.value
            span = entries[dimension].key_span if isinstance(entries, Mapping) else parts["each"].key_span
            not_a_name(findings, "a dimension", dimension, span)
    return {dimension: stage for dimension, stage in dimensions.items() if is_name(dimension)}


def places_of_words(parts: Mapping[str, Entry]) -> Mapping[str, Span]:
    """Where the ports of `inputs:` and the dimensions of `each:` stand, as `inputs.image`."""
    places: dict[str, Span] = {}
    for key in ("inputs", "each"):
        words = parts[key].node.value if key in parts else None
        if isinstance(words, Mapping):
            places |= {f"{key}.{word}": entry.key_span for word, entry in words.items()}
    return places


def read_dimension_names(
    name: str, key: str, parts: Mapping[str, Entry], findings: Findings
) -> tuple[Text, ...] | None:
    """`gather:`, `per:` and `seed_by:`: names of dimensions, each once; None where the key was left out."""
    if key not in parts:
        return None
    node = parts[key].node
    if not isinstance(node.value, tuple):
        bare = node.value if isinstance(node.value, str) else "idea"
        place = f"`{key}:` of the stage `{shown(name)}`"
        edits = wrapped(node.span, "[", "]") if bare is node.value else ()
        fix = f"{key}: [{shown(bare)}]"
        wrong_kind(findings, node, place, "a list of dimensions", fix=fix, edits=edits)
        return None
    return names_in(node.value, key, findings)


def names_in(nodes: tuple[Node, ...], key: str, findings: Findings) -> tuple[Text, ...]:
    """Names of dimensions in a list; one that stands twice is a finding."""
    seen: dict[str, Text] = {}
    before: Node | None = None
    given = dict.fromkeys(str(node.value) for node in nodes)
    for node in nodes:
        text = read_text(node, f"a member of `{key}:`", "the name of a dimension", findings)
        if text is None:
            continue
        if text.value in seen:
            findings.error(
                "E150",
                f"`{shown(text.value)}` stands twice in one list",
                text.span,
                why="A dimension counts once.",
                help="take it out",
                fix=f"{key}: [{shown(', '.join(given), 80)}]",
                edits=_taken_out(node, before),
            )
        seen.setdefault(text.value, text)
        before = node
    return tuple(seen.values())


def _taken_out(node: Node, before: Node | None) -> tuple[Edit, ...]:
    """A member of a list gone, with the comma before it."""
    if before is None or before.span.end_line != node.span.line:
        return ()
    span = node.span
    gone = Span(span.file, before.span.end_line, before.span.end_column, span.end_line, span.end_column)
    return (Edit(gone, ""),)


def read_when(name: str, parts: Mapping[str, Entry], findings: Findings) -> Text | None:
    """`when:`, a text; what it says is the graph's to check."""
    if "when" not in parts:
        return None
    node = parts["when"].node
    if isinstance(node.value, bool):
        wrong_kind(
            findings,
            node,
            f"`when:` of the stage `{shown(name)}`",
            "a condition",
            help="take `when: true` out; take out the whole stage that never runs",
        )
        return None
    place = f"`when:` of the stage `{shown(name)}`"
    return read_text(node, place, "a condition", findings, fix="when: '$item.style == \"flat\"'")


def read_text(node: Node, place: str, wanted: str, findings: Findings, *, fix: str = "") -> Text | None:
    """A text that is not empty, its blanks at both ends taken off."""
    if isinstance(node.value, str) and node.value.strip():
        return Text(node.value.strip(), node.span)
    alone = word_in(node, "")
    edits = out_of_brackets(node)
    wrong_kind(findings, node, place, wanted, fix=shown(alone) if alone else fix, edits=edits)
    return None


def word_in(node: Node, otherwise: str) -> str:
    """The text that stands alone in a list, for somebody who put brackets round it."""
    if isinstance(node.value, tuple) and len(node.value) == 1 and isinstance(node.value[0].value, str):
        return node.value[0].value
    return otherwise


def _stages_by_word(
    name: str, key: str, parts: Mapping[str, Entry], findings: Findings
) -> Mapping[str, Text]:
    if key not in parts:
        return {}
    node = parts[key].node
    what, word = ("inputs", "image") if key == "inputs" else ("dimensions", "frame")
    if not isinstance(node.value, Mapping):
        bare = node.value if isinstance(node.value, str) else "STAGE"
        place = f"`{key}:` of the stage `{shown(name)}`"
        fix = f"{key}: {{{word}: {shown(bare)}}}"
        wrong_kind(findings, node, place, f"a mapping of {what} to stages", fix=fix)
        return {}
    kind = "the input" if key == "inputs" else "the dimension"
    texts = {
        given: read_text(entry.node, f"{kind} `{shown(given)}`", "the name of a stage above", findings)
        for given, entry in node.value.items()
    }
    return {given: text for given, text in texts.items() if text is not None}
