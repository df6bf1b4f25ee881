"""A tree of nodes to a recipe: all findings, in order of place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import PurePosixPath
from typing import Final

from orchestrator.errors import Diagnostic, Edit, Findings, Span, in_order_of_place
from orchestrator.errors.edits import put_before, respelt
from orchestrator.errors.phrases import listed, near, shown
from orchestrator.frozen import Frozen
from orchestrator.recipe.changes.given import NOTHING_GIVEN, Given, Laid
from orchestrator.recipe.exports import read_exports
from orchestrator.recipe.files import Files
from orchestrator.recipe.findings import (
    missing_key,
    not_yet,
    only_member,
    unknown_key,
    wrong_kind,
)
from orchestrator.recipe.members.dimensions import read_dimensions
from orchestrator.recipe.members.product import read_exclude, read_zip, refuse_too_many
from orchestrator.recipe.model import Dimension, ModelChoice, Recipe, StageEntry, Variable
from orchestrator.recipe.models import read_models
from orchestrator.recipe.names import is_recipe_name, slug
from orchestrator.recipe.reach import Chain, Guess, Reach, by_name, top_of
from orchestrator.recipe.seed import check_seed
from orchestrator.recipe.stages import read_stages, refuse_too_many_stages
from orchestrator.recipe.unknown import as_meant, unread
from orchestrator.recipe.variables import read_variables
from orchestrator.text import DEFAULT_CAPS, Caps, Entry, Node, kind_of, read_tree

VERSION: Final = 1
KEYS: Final = ("recipe", "name", "seed", "models", "vars", "items", "zip", "exclude", "stages", "export")
KEYS_TO_COME: Final = ("look", "contract")
_MOST_SHOWN: Final = 12
_WORDS: Final = re.compile(r"[^\W\d_][\w -]{0,60}")
_STAGE: Final = re.compile(r"[a-z][a-z0-9.-]{0,60}")

_SMALLEST: Final = """\
recipe: 1
items:
  idea: [fire sword]
stages:
  expand: {use: expand}
  plan: {use: plan}
  render: {use: render}"""


class Reading(Frozen):
    """What came of a file, with all findings and text that may be printed.

    `recipe` is what could be read of it, all that reads wrong set aside; None where it is no recipe.
    """

    recipe: Recipe | None
    findings: tuple[Diagnostic, ...]
    text: str
    sources: Mapping[str, str] = field(default_factory=dict[str, str])


def read_recipe(
    text: str | bytes,
    file: str,
    caps: Caps = DEFAULT_CAPS,
    files: Files | None = None,
    given: Given = NOTHING_GIVEN,
    guess: Guess = by_name,
) -> Recipe:
    """Reads a recipe.

    Args:
        text: the file, as bytes or decoded.
        file: the name that findings show.
        caps: the operator's limits.
        files: who reads the files that the recipe names; without one, naming a file is a finding.
        given: what the caller says over it.
        guess: who knows which stage an entry means that does not say so.

    Raises:
        InvalidInput: with all findings, and the texts in `sources`.
    """
    reading = examine(text, file, caps, files, given, guess)
    findings = Findings(reading.findings)
    findings.raise_if_any(dict(reading.sources))
    if reading.recipe is None:
        raise AssertionError("a recipe without findings was read")
    return reading.recipe


def examine(
    text: str | bytes,
    file: str,
    caps: Caps = DEFAULT_CAPS,
    files: Files | None = None,
    given: Given = NOTHING_GIVEN,
    guess: Guess = by_name,
) -> Reading:
    """As `read_recipe`, without raising."""
    tree = read_tree(text, file, caps)
    findings = Findings(tree.findings)
    laid = given.laid(findings)
    reach = Reach(findings, files, caps, top_of(file), guess=guess, given_roles=laid.roles)
    recipe = None
    if tree.root is not None and tree.root.value is not None:
        recipe = _Document(tree.root, file, reach, laid).recipe(tree.text)
    elif not tree.findings:
        _empty(file, findings)
    found = in_order_of_place(findings.all())
    return Reading(recipe, found, tree.text, {**given.texts, **reach.texts, file: tree.text})


def _empty(file: str, findings: Findings) -> None:
    findings.error(
        "E101",
        "the recipe is empty",
        Span.point(file),
        why="A recipe says at least which version of the language it is in, and which stages run.",
        help="start from a ready one with `orchestrator new`, or from this",
        fix=_SMALLEST,
    )


class _Document:
    """The top level of a recipe."""

    def __init__(self, root: Node, file: str, reach: Reach, laid: Laid | None = None) -> None:
        self._root, self._file, self._reach, self._laid = root, file, reach, laid
        self._findings, self._caps = reach.findings, reach.caps
        self._written: Mapping[str, Entry] = root.value if isinstance(root.value, Mapping) else {}
        self._entries = as_meant(self._written, _meant)
        self._unknown = frozenset[str]()

    def recipe(self, text: str) -> Recipe | None:
        if not self._is_a_recipe():
            return None
        self._check_keys()
        part = self._part(Chain((_last(self._file),)))
        dimensions = self._dimensions()
        read = replace(
            part,
            seed=self._seed(),
            dimensions=dimensions,
            text=text,
            zip=read_zip(self._entries.get("zip"), self._findings, self._caps),
            exclude=read_exclude(self._entries.get("exclude"), self._findings),
            exports=read_exports(self._entries.get("export"), self._findings, self._caps),
            unknown=part.unknown | self._unknown,
        )
        read = replace(read, remarks=tuple(self._reach.remarks))
        if self._laid is not None:
            read = self._laid.follow(read, self._findings)
        refuse_too_many(read, self._findings, self._caps)
        if read.variables:
            from orchestrator.recipe.parameters import refuse_expanded

            refuse_expanded(read, self._findings, self._caps)
        return read

    def part(self, chain: Chain) -> Recipe | None:
        """What an include takes in: models, variables and stages."""
        if not self._is_a_recipe():
            return None
        self._check_keys()
        return self._part(chain)

    def _part(self, chain: Chain) -> Recipe:
        stages = read_stages(self._stages(), self._reach)
        models, variables = self._models(), self._variables()
        own = Recipe(
            file=self._file,
            name=self._name(),
            seed=0,
            models=models,
            dimensions=(),
            stages=tuple(stage for stage in stages if isinstance(stage, StageEntry)),
            variables=variables,
            sources=self._reach.texts,
            unknown=self._unknown,
        )
        if len(own.stages) == len(stages):
            refuse_too_many_stages(own.stages, self._reach)
            return own
        from orchestrator.recipe.includes import splice

        return splice(own, stages, self._reach, chain, _read_part)

    def _models(self) -> tuple[ModelChoice, ...]:
        written = self._mapping("models", "{ROLE: {KIND: SOURCE}}")
        entries = self._laid.over_models(written) if self._laid is not None else written
        read = read_models(entries, self._findings)
        self._unknown |= unread("models", entries, {choice.role for choice in read}, self._findings)
        return read

    def _variables(self) -> tuple[Variable, ...]:
        entries = self._mapping("vars", "{NAME: VALUE}")
        read = read_variables(entries, self._findings)
        self._unknown |= unread("vars", entries, {each.name for each in read}, self._findings)
        return read

    def _dimensions(self) -> tuple[Dimension, ...]:
        given: Mapping[str, Entry] = {} if self._laid is None else self._laid.items
        entries = {**self._mapping("items", "{DIMENSION: [MEMBER]}"), **given}
        read = read_dimensions(entries, self._reach)
        names = {each.name for each in read}
        self._unknown |= frozenset(f"items.{name}" for name in entries if name not in names)
        return read

    def _is_a_recipe(self) -> bool:
        if not isinstance(self._root.value, Mapping):
            what = f"a recipe is a mapping, not {kind_of(self._root)}"
            help_ = f"its keys are {listed(KEYS)}"
            self._findings.error("E114", what, self._root.span, help=help_, fix=_SMALLEST)
            return False
        return self._is_this_version()

    def _is_this_version(self) -> bool:
        """False where the rest is in another language, of which this reader would find only nonsense."""
        given = self._entries.get("recipe")
        if given is None:
            if not any(key in KEYS and key != "recipe" for key in self._written):
                self._no_recipe()
                return False
            why = "It says in which version of the language the rest is written."
            start = _start(self._root)
            edits = put_before(start, "recipe: 1\n") if _is_block(self._root) else ()
            missing_key(
                self._findings, "recipe", "the recipe", start, why=why, fix="recipe: 1", edits=edits
            )
        elif given.node.value != VERSION or isinstance(given.node.value, (bool, float)):
            self._findings.error(
                "E110",
                f"the recipe's version is {kind_of(given.node)}; this orchestrator reads version {VERSION}",
                given.node.span,
                why="A version number changes when old recipes would come to mean something else.",
                help="write `recipe: 1`, or install the orchestrator that the recipe was written for",
                fix="recipe: 1",
                edits=_as_version(given.node),
            )
            return not isinstance(given.node.value, int) or given.node.value < VERSION
        return True

    def _no_recipe(self) -> None:
        what = "the file is YAML, but no recipe"
        help_ = f"the keys of a recipe are {listed(KEYS)}"
        self._findings.error("E113", what, _start(self._root), help=help_, fix=_SMALLEST)

    def _check_keys(self) -> None:
        for key, entry in self._written.items():
            if key in KEYS_TO_COME:
                not_yet(self._findings, f"`{key}:`", entry.key_span)
            elif key == "include":
                self._include_at_top(entry)
            elif key not in KEYS:
                unknown_key(self._findings, key, entry.key_span, "the recipe", KEYS)

    def _include_at_top(self, entry: Entry) -> None:
        source = entry.node.value if isinstance(entry.node.value, str) else "item-icons"
        self._findings.error(
            "E111",
            "unknown key `include` in the recipe",
            entry.key_span,
            why="The stages of another recipe are taken in under a name, at their place among the stages.",
            help="write it as an entry of `stages:`",
            fix=f"look: {{include: {shown(source, 80)}}}",
        )

    def _name(self) -> str:
        """The recipe's name; left out, that of its file."""
        given = self._entries.get("name")
        if given is None:
            return slug(PurePosixPath(self._file.replace("\\", "/")).stem) or "recipe"
        text = str(given.node.value) if isinstance(given.node.value, (str, int)) else ""
        if not is_recipe_name(text):
            near = slug(text)
            self._findings.error(
                "E117",
                f"{kind_of(given.node)} cannot be the name of a recipe",
                given.node.span,
                why="The name becomes a folder: letters and digits of any script with `-` or `_` between "
                "them, at most 80 bytes, and no device name of Windows.",
                help=f"write `name: {near}`" if near else "write letters or digits",
                fix=f"name: {near}" if near else "",
                edits=respelt(text, given.node.span, near) if near else (),
            )
        return text

    def _seed(self) -> int:
        given = self._laid.seed if self._laid is not None else None
        given = given or self._entries.get("seed")
        return 0 if given is None else check_seed(given.node, self._findings)

    def _stages(self) -> Mapping[str, Entry]:
        if "stages" not in self._entries:
            why, start = "Without stages nothing runs.", _start(self._root)
            missing_key(self._findings, "stages", "the recipe", start, why=why, fix=_stages_fix())
            return {}
        entries = self._mapping("stages", "{NAME: {use: STAGE}}")
        if not entries and self._entries["stages"].node.value in (None, {}):
            span = self._entries["stages"].key_span
            self._findings.error("E113", "`stages:` has no stage", span, help="add one", fix=_stages_fix())
        return entries

    def _mapping(self, key: str, form: str) -> Mapping[str, Entry]:
        given = self._entries.get(key)
        if given is None or given.node.value is None:
            return {}
        if isinstance(given.node.value, Mapping):
            return given.node.value
        fix = "vars: {strength: 0.6}" if key == "vars" else _as_mapping(key, given.node)
        wrong_kind(self._findings, given.node, f"`{key}:`", f"a mapping, {form}", fix=fix)
        self._unknown |= {key}
        return {}


def _read_part(root: Node, file: str, reach: Reach, chain: Chain) -> Recipe | None:
    return _Document(root, file, reach).part(chain)


def _meant(key: str, entry: Entry) -> str | None:
    """The key of a recipe that a misspelt one is told to be."""
    del entry
    return None if key in KEYS or key in KEYS_TO_COME or key == "include" else near(key, KEYS)


def _last(file: str) -> str:
    return PurePosixPath(file.replace("\\", "/")).name


def _as_mapping(key: str, given: Node) -> str:
    """What a list of words under `items:` or `stages:` was meant to say; "" for any other value."""
    members = given.value[:_MOST_SHOWN] if isinstance(given.value, tuple) else (given,)
    word = _STAGE if key == "stages" else _WORDS
    words = [each.value for each in members if isinstance(each.value, str) and word.fullmatch(each.value)]
    if not words or key not in {"items", "stages"}:
        return ""
    if key == "items":
        return f"items: {{idea: [{', '.join(words)}]}}"
    names = (each.rpartition(".")[2].replace("-", "_") for each in words)
    lines = (f"  {name}: {{use: {each}}}" for name, each in zip(names, words, strict=True))
    return "\n".join(("stages:", *lines))


def _stages_fix() -> str:
    return _SMALLEST[_SMALLEST.index("stages:") :]


def _as_version(node: Node) -> tuple[Edit, ...]:
    """`"1"`, `[1]` and `1.0` as the number that they mean; another version is no slip."""
    member = node if not isinstance(node.value, tuple) else only_member(node)
    is_meant = member is not None and str(member.value) in {str(VERSION), f"{VERSION}.0"}
    return (Edit(node.span, str(VERSION)),) if is_meant else ()


def _is_block(root: Node) -> bool:
    """Whether the top level is written without braces."""
    keys = [entry.key_span for entry in root.value.values()] if isinstance(root.value, Mapping) else []
    return bool(keys) and (keys[0].line, keys[0].column) == (root.span.line, root.span.column)


def _start(node: Node) -> Span:
    return Span.point(node.span.file, node.span.line, node.span.column)
