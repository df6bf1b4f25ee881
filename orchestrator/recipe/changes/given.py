"""What the caller says over a recipe: laid on its nodes before they are read, so what it replaces is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

from orchestrator.errors import COMMAND_LINE, PYTHON, Findings
from orchestrator.frozen import Frozen
from orchestrator.recipe.model import Recipe
from orchestrator.recipe.source import EMBEDDED
from orchestrator.text import Entry, Node

if TYPE_CHECKING:  # what only a recipe needs over which something was said is imported by it alone
    from orchestrator.recipe.changes.overrides import Assignment
    from orchestrator.recipe.changes.python import Members


class Given(Frozen):
    """What a caller says besides the recipe's text.

    Attributes:
        items: members by dimension: texts, numbers, records `{"id": …, "value": …}`; for `variant` a number;
            or a table as in a recipe, `{"csv": "ideas.csv"}`.
        items_from: what findings show in place of a file for `items`.
        models: by role: a source as in a recipe, a path of a folder, or a model object.
        assignments: `STAGE.PARAM=VALUE`, `NAMESPACE.STAGE.PARAM=VALUE`, `vars.NAME=VALUE`,
            `models.ROLE=SOURCE`, `models.ROLE=KIND:SOURCE`, `seed=NUMBER`; values are YAML, a later one wins.
    """

    items: Mapping[str, Members] = field(default_factory=dict[str, "Members"])
    items_from: str = PYTHON
    models: Mapping[str, object] = field(default_factory=dict[str, object])
    assignments: Sequence[str] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the recipe stands as it is."""
        return not (self.items or self.models or self.assignments)

    @property
    def texts(self) -> dict[str, str]:
        """The texts that findings about it have places in, by the names that they show."""
        if self.is_nothing:
            return {}
        from orchestrator.recipe.changes.overrides import command_line_text
        from orchestrator.recipe.changes.python import items_text, models_text

        texts: dict[str, str] = {self.items_from: items_text(self.items)} if self.items else {}
        if self.models:
            before = [texts[PYTHON]] if self._lines else []
            texts[PYTHON] = "\n".join([*before, models_text(self.models)])
        return texts | ({COMMAND_LINE: command_line_text(self.assignments)} if self.assignments else {})

    @property
    def _lines(self) -> int:
        """How many lines of `<python>` the items take."""
        from orchestrator.recipe.changes.python import count_of

        return sum(map(count_of, self.items.values())) if self.items_from == PYTHON else 0

    def laid(self, findings: Findings) -> Laid:
        """As nodes, which stand in the places of the recipe's own."""
        if self.is_nothing:
            return Laid({}, None, (), {}, 1)
        from orchestrator.recipe.changes.overrides import assignments_of, value_of
        from orchestrator.recipe.changes.python import item_entries

        assignments = tuple(assignments_of(self.assignments, findings))
        seeds = [each for each in assignments if each.path == "seed"]
        seed = value_of(seeds[-1], findings) if seeds else None
        return Laid(
            items=item_entries(self.items, self.items_from),
            seed=seed and Entry(seeds[-1].path_span, seed),
            assignments=tuple(each for each in assignments if each.path != "seed"),
            models=self.models,
            models_line=self._lines + 1,
        )


NOTHING_GIVEN: Final = Given()


class Laid(Frozen):
    """What was given, as nodes; settings of stages, variables and roles wait for the recipe's includes."""

    items: Mapping[str, Entry]
    seed: Entry | None
    assignments: tuple[Assignment, ...]
    models: Mapping[str, object]
    models_line: int

    @property
    def roles(self) -> frozenset[str]:
        """The roles whose models are given."""
        paths = (each.path for each in self.assignments if each.path.startswith("models."))
        return frozenset({*self.models, *(path.partition(".")[2] for path in paths)})

    def over_models(self, entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
        """The entries of `models:`; of a role that is given the kind alone is read."""
        roles = self.roles
        return {
            role: Entry(entry.key_span, _of_this_kind(entry.node)) if role in roles else entry
            for role, entry in entries.items()
        }

    def follow(self, recipe: Recipe, findings: Findings) -> Recipe:
        """The recipe, its includes taken in, with what was given for its stages, variables and roles."""
        if not (self.items or self.models or self.assignments):
            return recipe
        from orchestrator.recipe.changes.overrides import applied
        from orchestrator.recipe.changes.python import with_models

        for assignment in self.assignments:
            recipe = applied(recipe, assignment, findings)
        recipe = with_models(recipe, self.models, self.models_line, findings)
        given = (replace(each, given=True) if each.name in self.items else each for each in recipe.dimensions)
        return replace(recipe, dimensions=tuple(given))


def _of_this_kind(node: Node) -> Node:
    if not isinstance(node.value, Mapping):
        return node
    source = str(EMBEDDED)
    kinds = {kind: Entry(each.key_span, Node(source, each.node.span)) for kind, each in node.value.items()}
    return Node(kinds, node.span)
