"""YAML text to a tree of nodes with their places, by a restricted reader.

The parser's events are composed here, in a loop and not by recursion, so that depth, nodes and aliases are
checked as they come: an alias bomb and 3,000 nested lists end within milliseconds. The parser in C gives the
same marks as the one in Python (a test compares them) and is eight times as fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Final, cast

import yaml

from orchestrator.errors import Diagnostic, Findings, Label, Span
from orchestrator.errors.phrases import shown
from orchestrator.frozen import Frozen, Slotted
from orchestrator.text.caps import DEFAULT_CAPS, Caps, capped
from orchestrator.text.decode import decode, unseen_finding, unseen_in
from orchestrator.text.nodes import Entry, Node, Scalar
from orchestrator.text.scalars import NumberTooLarge, meaning_of

_LOADER: Final = cast("type[yaml.Loader]", getattr(yaml, "CLoader", yaml.Loader))


class Tree(Frozen):
    """What was read; `root` is None for an empty file and where reading stopped. `text` may be printed."""

    root: Node | None
    text: str
    findings: tuple[Diagnostic, ...]
    nodes: int = 0


def read_tree(
    data: str | bytes, file: str, caps: Caps = DEFAULT_CAPS, what: str = "recipe"
) -> Tree:
    """The tree of a file, with all that its YAML has wrong; `what` says what a finding calls the file."""
    decoded = decode(data, file, caps, f"the {what}")
    if decoded.finding is not None:
        return Tree(None, decoded.text, (decoded.finding,))
    composer = _Composer(file, caps, what)
    try:
        root = composer.compose(_events(decoded.text))
    except yaml.YAMLError as error:
        composer.findings.add(_stopped(error, decoded.text, file, composer))
        root = None
    except _Stop as stop:
        composer.findings.add(stop.finding)
        root = None
    return Tree(root, decoded.text, tuple(composer.findings.all()), composer.count)


def _events(text: str) -> Iterator[yaml.Event]:
    return cast("Iterator[yaml.Event]", yaml.parse(text, Loader=_LOADER))  # pyright: ignore[reportUnknownMemberType]


def _stopped(error: yaml.YAMLError, text: str, file: str, composer: _Composer) -> Diagnostic:
    from orchestrator.text.complaints import not_yaml  # only for who errs

    finding = not_yaml(error, text, file)
    if (
        "nesting depth" in str(getattr(error, "problem", "")) and finding.span is not None
    ):  # libyaml's own cap
        return composer.capped("depth", _TOO_DEEP, finding.span)
    return finding


_TOO_DEEP: Final = "lists and mappings too deep in one another"


class _Stop(Exception):  # noqa: N818 - it ends the reading, with a finding
    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _Open(Slotted):
    """A list or mapping whose end has not come. `size` and `height` count what it holds, aliases followed."""

    start: Span
    anchor: str | None
    is_mapping: bool
    nodes: list[Node] = field(default_factory=list[Node])
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    key: tuple[str | None, Span] | None = None
    size: int = 1
    height: int = 1


class _Anchored(Frozen):
    node: Node
    size: int
    height: int


class _Composer:
    def __init__(self, file: str, caps: Caps, what: str) -> None:
        self.findings = Findings()
        self._file, self._caps, self._what = file, caps, what
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._root: Node | None = None
        self.count = self._aliases = self._documents = 0

    def compose(self, events: Iterator[yaml.Event]) -> Node | None:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                self._document(event)
        return self._root

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        span = self._span(event)
        self._counted(1, span)
        text = cast("str", event.value)
        if len(text) > self._caps.scalar:
            raise _Stop(self.capped("scalar", f"a text of {len(text):,} characters", span))
        plain = event.implicit[0] and not event.tag
        self._no_tag(event, span)
        if self._stack and self._stack[-1].is_mapping and self._stack[-1].key is None:
            self._key(text, span, plain=plain)
        else:
            self._take(Node(self._value(text, span, plain=plain), span), event.anchor, 1, 0)

    def _key(self, text: str, span: Span, *, plain: bool) -> None:
        top = self._stack[-1]
        top.size += 1
        top.key = (text, span)
        if plain and text == "<<":
            help_ = "write the keys out: which of two values wins is hard to see"
            self.findings.add(self._feature("a merge key `<<`", span, help_))
            top.key = (None, span)
        elif (first := top.entries.get(text)) is not None:
            self.findings.add(_twice(text, span, first.key_span))
            top.key = (None, span)

    def _value(self, text: str, span: Span, *, plain: bool) -> Scalar:
        if not plain:
            if unseen := unseen_in(text):  # written as an escape
                self.findings.add(unseen_finding(span, unseen.group()))
            return text
        try:
            return meaning_of(text)
        except NumberTooLarge:
            self.findings.add(_no_number(text, span))
            return None

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        span = self._span(event)
        self._counted(1, span)
        self._no_tag(event, span)
        self._deep(1, span)
        self._stack.append(_Open(span, event.anchor, isinstance(event, yaml.MappingStartEvent)))

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        done = self._stack.pop()
        value = done.entries if done.is_mapping else tuple(done.nodes)
        node = Node(value, self._whole(done, event))
        self._take(node, done.anchor, done.size, done.height)

    def _whole(self, done: _Open, event: yaml.CollectionEndEvent) -> Span:
        """From the start to the end; a block has no end of its own, so that of its last member."""
        end = self._span(event)
        if (end.line, end.column) != (end.end_line, end.end_column):  # a closing bracket
            last = end
        elif done.is_mapping:
            last = max((entry.node.span for entry in done.entries.values()), default=done.start, key=_end)
        else:
            last = max((node.span for node in done.nodes), default=done.start, key=_end)
        if _end(last) <= (done.start.line, done.start.column):
            last = done.start
        return Span(self._file, done.start.line, done.start.column, last.end_line, last.end_column)

    def _alias(self, event: yaml.AliasEvent) -> None:
        span = self._span(event)
        self._aliases += 1
        if not self._caps.aliases:
            help_ = "write the value out; quote a text that begins with `*`"
            raise _Stop(self._feature("an alias", span, help_))
        if self._aliases > self._caps.aliases:
            raise _Stop(self.capped("aliases", "too many aliases", span))
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            self.findings.add(_no_anchor(event.anchor, span, inside=self._is_inside(event.anchor)))
            anchored = _Anchored(Node(None, span), 1, 0)
        self._counted(anchored.size, span)
        self._deep(anchored.height, span)
        self._take(anchored.node, None, anchored.size, anchored.height)

    def _is_inside(self, anchor: str) -> bool:
        return any(part.anchor == anchor for part in self._stack)

    def _take(self, node: Node, anchor: str | None, size: int, height: int) -> None:
        """Gives a finished node to the list or mapping that is open."""
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, size, height)
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        top.size += size
        top.height = max(top.height, height + 1)
        if not top.is_mapping:
            top.nodes.append(node)
        elif top.key is None:
            help_ = "a key is a word: `key: value`; quote a text that begins with `[`, `{` or `*`"
            self.findings.add(self._feature("a key that is no plain text", node.span, help_))
            top.key = (None, node.span)
        else:
            name, span = top.key
            top.key = None
            if name is not None:
                top.entries[name] = Entry(span, node)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            help_ = f"a {self._what} is one document; take out the `---`"
            raise _Stop(self._feature("a second document", self._span(event), help_))
        if event.version or event.tags:
            span = Span.point(self._file, self._span(event).line)
            help_ = f"take the line out; a {self._what} is YAML 1.2"
            self.findings.add(self._feature("a `%` directive", span, help_))

    def _no_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, span: Span) -> None:
        if event.tag:
            help_ = "take the tag out; a number or `true` that is meant as text is put in quotes"
            self.findings.add(self._feature(f"the tag `{shown(_written(event.tag))}`", span, help_))

    def _counted(self, size: int, span: Span) -> None:
        self.count += size
        if self.count > self._caps.nodes:
            raise _Stop(self.capped("nodes", "too many values, aliases followed", span))

    def _deep(self, height: int, span: Span) -> None:
        if len(self._stack) + height > self._caps.depth:
            raise _Stop(self.capped("depth", _TOO_DEEP, span))

    def capped(self, cap: str, what: str, span: Span) -> Diagnostic:
        """E106 for a cap of Caps that the file exceeds."""
        point = Span.point(span.file, span.line, span.column)
        help_ = "take members or aliases out; a long list of ideas can be a table, `idea: {csv: ideas.csv}`"
        limit = getattr(self._caps, cap)
        return capped(cap, limit, f"the {self._what} has {what}", point, help=help_)

    def _feature(self, what: str, span: Span, help_: str) -> Diagnostic:
        why = "Only the plain part of YAML is read, which means the same in every program and runs nothing."
        return Diagnostic("E107", f"{what} has no place in a {self._what}", span, why=why, help=help_)

    def _span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _written(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!", 1)


def _end(span: Span) -> tuple[int, int]:
    return span.end_line, span.end_column


def _twice(key: str, span: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        "E104",
        f"the key `{shown(key)}` stands twice",
        span,
        why="Most YAML readers keep the last one and drop the first without a word.",
        help="take one of them out, or give it another name",
        labels=(Label(first, "the first one"),),
    )


def _no_anchor(name: str, span: Span, *, inside: bool) -> Diagnostic:
    if inside:
        message = f"`*{shown(name)}` stands inside what it names"
        return Diagnostic("E108", message, span, why="It would have no end.", help="write the value out")
    return Diagnostic(
        "E108",
        f"`*{shown(name)}` names no anchor above it",
        span,
        why="A text that begins with `*` is an alias in YAML.",
        help="put a text that begins with `*` in quotes",
        fix=f'"*{shown(name)}"',
    )


def _no_number(text: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "E109",
        f"`{shown(text)}` is not a number that can be kept exactly",
        span,
        why="Whole numbers have at most 64 bits, others are finite.",
        help="write a smaller number, or put it in quotes if it is a text",
        fix=f'"{text}"' if len(text) <= 40 else "",  # noqa: PLR2004 - what fits a line
    )
