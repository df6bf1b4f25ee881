"""What of an idea is not read, or not understood, as far as it is known before a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from orchestrator.errors import Diagnostic, Label
from orchestrator.graph.model import Graph
from orchestrator.graph.stage_node import StageNode
from orchestrator.recipe.model import Record
from orchestrator.stage import Glossary, Idea
from orchestrator.stage.params import resource_class

_MOST_SHOWN: Final = 5
_MOST_NAMED: Final = 12
_LAST_LATIN: Final = "\u024f"
_FIRST_CHINESE: Final = "\u3400"
_LAST_CHINESE: Final = "\u9fff"
_PLAIN: Final = frozenset("()[]<>:+-,_\"'")


def idea_warnings(graph: Graph) -> Iterator[Diagnostic]:
    """W608 for marks of other tools, W609 for languages that no glossary knows; each once."""
    dimension = graph.recipe.dimension("idea")
    reader = next((node for node in graph.nodes.values() if _reads_ideas(node)), None)
    if dimension is None or reader is None:
        return
    ideas = [(str(record.fields.get("value", "")), record) for record in dimension.records]
    marked = [(text, record, told) for text, record in ideas if (told := _marks(text))]
    if marked:
        yield _unread(marked)
    foreign = [(text, record) for text, record in ideas if not text.isascii() and any(map(_is_rare, text))]
    if foreign:
        yield from _not_understood(foreign, lambda: _glossaries(graph, reader))


def _is_rare(letter: str) -> bool:
    """Whether a letter is neither of the Latin script of Europe nor Chinese, so that a closer look is due."""
    return letter > _LAST_LATIN and letter.isalpha() and not _FIRST_CHINESE <= letter <= _LAST_CHINESE


def _reads_ideas(node: StageNode) -> bool:
    return any(port.type is Idea for port in node.spec.inputs)


def _marks(text: str) -> Sequence[str]:
    if _PLAIN.isdisjoint(text) and "BREAK" not in text:
        return ()
    from orchestrator.stage.idea.marks import read_marks

    return read_marks(text).told


def _unread(marked: Sequence[tuple[str, Record, Sequence[str]]]) -> Diagnostic:
    sentences = list(dict.fromkeys(sentence for _, _, told in marked for sentence in told))
    (first, record, told), *others = marked
    more = (
        f" and of {len(others)} other ideas" if len(others) > 1 else " and of another idea" if others else ""
    )
    return Diagnostic(
        code="W608",
        message=f"a part of {first!r}{more} is not read: {told[0]}",
        span=record.span,
        why="; ".join(sentences[1:_MOST_NAMED])
        or "Marks of other tools are taken out before an idea is read.",
        help="take it out; the id stays with `{id: OLD, value: NEW}`",
        labels=_places([other for _, other, _ in others], record, "here, too"),
        severity="warning",
    )


def _not_understood(
    foreign: Sequence[tuple[str, Record]], glossaries: Callable[[], Iterable[Mapping[str, str]] | None]
) -> Iterator[Diagnostic]:
    from orchestrator.stage.idea.translation import Words, foreign_words, is_chinese, script_of

    open_ideas = [(text, record) for text, record in foreign if foreign_words(text)]
    held = glossaries() if any(not is_chinese(text) for text, _ in open_ideas) else None
    words = (
        Words({word: english for glossary in held for word, english in glossary.items()}) if held else None
    )
    found: list[tuple[Record, tuple[str, ...]]] = []
    for text, record in open_ideas:
        if is_chinese(text) or (words is None and held is None):
            continue  # what a glossary of 26,000 words lacks is told by the run
        unknown = words.translated(text).unknown if words is not None else foreign_words(text)
        found += [(record, unknown)] if unknown else []
    if not found:
        return
    (record, first), others = found[0], found[1:]
    named = list(dict.fromkeys(word for _, unknown in found for word in unknown))
    yield Diagnostic(
        code="W609",
        message=f"no glossary knows {', '.join(named[:_MOST_NAMED])} ({script_of(first[0])})",
        span=record.span,
        why="Such words go to the painter as they stand; one that does not read them draws something else.",
        help="write the idea in English, or write a glossary and name it: `glossary: our-words` on the stage "
        "that reads ideas",
        labels=_places([other for other, _ in others], record, "nor this"),
        severity="warning",
    )


def _places(records: Iterable[Record], first: Record, text: str) -> tuple[Label, ...]:
    spans = dict.fromkeys(record.span for record in records if record.span != first.span)
    return tuple(Label(span, text) for span in list(spans)[:_MOST_SHOWN])


def _glossaries(graph: Graph, node: StageNode) -> list[Mapping[str, str]] | None:
    """The glossaries that a stage reads; None where it reads none."""
    names = [
        name
        for param, declared in node.spec.params.model_fields.items()
        if resource_class(declared.annotation) is Glossary
        and isinstance(
            name := node.values.get(
                param, getattr(declared.get_default(call_default_factory=True), "name", "")
            ),
            str,
        )
        and (Glossary.shelf, name) in graph.resources
    ]
    return [cast("Mapping[str, str]", graph.resources[Glossary.shelf, name].value) for name in names] or None
