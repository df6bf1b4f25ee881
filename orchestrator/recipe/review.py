"""The review file `NAME.review.yaml`: settings, attempts and decisions for single items, read with places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from orchestrator.errors import Diagnostic, Findings, Label, Span, in_order_of_place, unknown
from orchestrator.errors.phrases import near, shown
from orchestrator.errors.unknown import NAME
from orchestrator.recipe.findings import missing_key, unknown_key, wrong_kind
from orchestrator.text import DEFAULT_CAPS, Caps, Entry, Node, Text, kind_of, read_tree

KEYS: Final = (
    "item", "review", "set", "attempt", "dropped", "decision", "artifact", "made_from", "reason", "by",
)  # fmt: skip
DECISIONS: Final = ("approved", "rejected")
_PATH: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_MOST_ATTEMPTS: Final = 1_000_000
_EXAMPLE: Final = "- {item: {idea: fire-sword}, set: {plan.steps: 40}}"


@dataclass(frozen=True, slots=True)
class Setting:
    """`STAGE.PARAM: VALUE` under `set:`; the stage is `vars` for a variable."""

    stage: str
    param: str
    value: Entry

    @property
    def path(self) -> str:
        """As it is written."""
        return f"{self.stage}.{self.param}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided of one picture; `artifact` and `made_from` say which one it was."""

    review: Text
    approved: bool
    artifact: str
    made_from: str
    span: Span
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One entry: the item that it names, and what it says of it.

    Attributes:
        item: id by dimension.
        names: where the name of each of these dimensions stands.
        settings: params that are otherwise at this item.
        attempt: how often it was asked for again.
        dropped: the item is not wanted.
        decision: None where nothing was decided.
    """

    item: Mapping[str, Text]
    span: Span
    settings: tuple[Setting, ...] = ()
    attempt: int = 0
    attempt_span: Span | None = None
    dropped: bool = False
    decision: Decision | None = None
    names: Mapping[str, Span] = field(default_factory=dict[str, Span])

    @property
    def coordinates(self) -> dict[str, str]:
        """Id by dimension, without places."""
        return {name: text.value for name, text in self.item.items()}


@dataclass(frozen=True, slots=True)
class Review:
    """A review file that reads well."""

    file: str
    text: str
    entries: tuple[ReviewEntry, ...] = ()


def read_review(
    data: str | bytes, file: str, caps: Caps = DEFAULT_CAPS
) -> tuple[Review, tuple[Diagnostic, ...]]:
    """The entries that are sound, and all findings, as for a recipe."""
    tree = read_tree(data, file, caps)
    findings = Findings(tree.findings)
    entries: tuple[ReviewEntry, ...] = ()
    if tree.root is not None and tree.root.value is not None:
        entries = _entries(tree.root, findings)
        _refuse_repeats(entries, findings)
    return Review(file, tree.text, entries), in_order_of_place(findings.all())


def _entries(root: Node, findings: Findings) -> tuple[ReviewEntry, ...]:
    if not isinstance(root.value, tuple):
        wrong_kind(findings, root, "a review file", "a list of entries", fix=_EXAMPLE)
        return ()
    read = (_entry(node, findings) for node in root.value)
    return tuple(entry for entry in read if entry is not None)


def _entry(node: Node, findings: Findings) -> ReviewEntry | None:
    if not isinstance(node.value, Mapping):
        wrong_kind(findings, node, "an entry of the review file", "a mapping", fix=_EXAMPLE)
        return None
    parts = node.value
    for key, entry in parts.items():
        if key not in KEYS:
            unknown_key(findings, key, entry.key_span, "an entry of the review file", KEYS)
    item = _item(parts, node, findings)
    if item is None:
        return None
    attempt = parts.get("attempt")
    return ReviewEntry(
        item, node.span,
        settings=_settings(parts, findings),
        attempt=_attempt(parts, findings),
        attempt_span=attempt.node.span if attempt else None,
        dropped=_dropped(parts, findings),
        decision=_decision(parts, node, findings),
        names=_places_of_names(parts["item"].node),
    )  # fmt: skip


def _item(parts: Mapping[str, Entry], node: Node, findings: Findings) -> Mapping[str, Text] | None:
    if "item" not in parts:
        if not any(key not in KEYS and near(key, ["item"]) for key in parts):
            missing_key(
                findings, "item", "an entry of the review file", node.span,
                why="It says which item the rest is about.", fix="item: {idea: fire-sword}",
            )  # fmt: skip
        return None
    given = parts["item"].node
    if not isinstance(given.value, Mapping):
        wrong_kind(findings, given, "`item:`", "a mapping, {DIMENSION: ID}", fix="item: {idea: fire-sword}")
        return None
    ids = {name: _id(name, entry.node, findings) for name, entry in given.value.items()}
    return {name: text for name, text in ids.items() if text is not None}


def _places_of_names(item: Node) -> Mapping[str, Span]:
    if not isinstance(item.value, Mapping):
        return {}
    return {name: entry.key_span for name, entry in item.value.items()}


def _id(dimension: str, node: Node, findings: Findings) -> Text | None:
    if isinstance(node.value, bool) or not isinstance(node.value, (str, int)):
        wrong_kind(findings, node, f"the id of `{shown(dimension)}`", "a text")
        return None
    return Text(str(node.value), node.span)


def _settings(parts: Mapping[str, Entry], findings: Findings) -> tuple[Setting, ...]:
    if "set" not in parts:
        return ()
    node = parts["set"].node
    if not isinstance(node.value, Mapping):
        wrong_kind(findings, node, "`set:`", "a mapping, {STAGE.PARAM: VALUE}", fix="set: {plan.steps: 40}")
        return ()
    read = (_setting(path, entry, findings) for path, entry in node.value.items())
    return tuple(setting for setting in read if setting is not None)


def _setting(path: str, entry: Entry, findings: Findings) -> Setting | None:
    stage, _, param = path.rpartition(".")
    of_all = stage == "models" or path == "seed"
    if _PATH.fullmatch(path) and not of_all:
        return Setting(stage, param, entry)
    findings.error(
        "E180",
        f"`{shown(path)}` is no param of a stage",
        entry.key_span,
        why="Models and the seed are one for the whole recipe."
        if of_all
        else "A param is named by its stage and its name.",
        help=f"say it to the whole run: `--set {path}=…`" if of_all else "write STAGE.PARAM, or vars.NAME",
        fix="" if of_all or "." in path or path == "plan" else f"plan.{shown(path)}",
    )
    return None


def _attempt(parts: Mapping[str, Entry], findings: Findings) -> int:
    if "attempt" not in parts:
        return 0
    node = parts["attempt"].node
    number = node.value
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _MOST_ATTEMPTS:
        return number
    wrong_kind(findings, node, "`attempt:`", f"a whole number from 0 to {_MOST_ATTEMPTS:,}", fix="attempt: 1")
    return 0


def _dropped(parts: Mapping[str, Entry], findings: Findings) -> bool:
    if "dropped" not in parts:
        return False
    node = parts["dropped"].node
    if not isinstance(node.value, bool):
        wrong_kind(findings, node, "`dropped:`", "true or false", fix="dropped: true")
    return node.value is True


def _decision(parts: Mapping[str, Entry], node: Node, findings: Findings) -> Decision | None:
    if "decision" not in parts:
        return None
    given = parts["decision"].node
    if given.value not in DECISIONS:
        found = unknown(
            "E181",
            f"`decision:` is approved or rejected, not {kind_of(given)}",
            str(given.value),
            given.span,
            DECISIONS,
            why="An item that nobody has decided of has no `decision:`.",
            pasted=f"decision: {NAME}",
            otherwise="write one of the two, or take it out",
            otherwise_fix="decision: approved",
        )
        findings.add(found)
        return None
    review = _review(parts, node, findings)
    artifact, made_from = (_digest(parts, key, node, findings) for key in ("artifact", "made_from"))
    if review is None:
        return None
    said = {key: str(parts[key].node.plain()) for key in ("reason", "by") if key in parts}
    return Decision(review, given.value == "approved", artifact, made_from, given.span, **said)


def _review(parts: Mapping[str, Entry], node: Node, findings: Findings) -> Text | None:
    if "review" not in parts:
        missing_key(
            findings, "review", "a decision", node.span,
            why="It says which review stage the decision is for.", fix="review: final",
        )  # fmt: skip
        return None
    given = parts["review"].node
    if isinstance(given.value, str) and given.value:
        return Text(given.value, given.span)
    wrong_kind(findings, given, "`review:`", "the name of a stage")
    return None


def _digest(parts: Mapping[str, Entry], key: str, node: Node, findings: Findings) -> str:
    if key not in parts:
        missing_key(
            findings, key, "a decision", node.span,
            why="Without it nobody knows which picture was meant. The page and run.json of a run show it.",
        )  # fmt: skip
        return ""
    given = parts[key].node
    if isinstance(given.value, str) and _DIGEST.fullmatch(given.value):
        return given.value
    findings.error(
        "E182",
        f"`{key}:` is a digest, not {kind_of(given)}",
        given.span,
        why="A digest is `sha256:` and 64 digits from 0 to f.",
        help="copy it from the page or run.json of the run that made the picture",
    )
    return ""


def _refuse_repeats(entries: tuple[ReviewEntry, ...], findings: Findings) -> None:
    """Two entries of one item must not say the same thing: which one counts would be a guess."""
    first: dict[tuple[frozenset[tuple[str, str]], str], Span] = {}
    for entry in entries:
        at = frozenset(entry.coordinates.items())
        for what, span in _said(entry):
            earlier = first.setdefault((at, what), span)
            if earlier != span:
                findings.error(
                    "E183",
                    f"two entries give `{shown(what)}` for one item",
                    span,
                    why="Which of them counts would be a guess.",
                    help="take one of them out",
                    labels=(Label(earlier, "the first one"),),
                )


def _said(entry: ReviewEntry) -> list[tuple[str, Span]]:
    return [
        *((setting.path, setting.value.key_span) for setting in entry.settings),
        *([("attempt", entry.attempt_span)] if entry.attempt and entry.attempt_span else []),
        *([(f"decision of {entry.decision.review.value}", entry.decision.span)] if entry.decision else []),
    ]
