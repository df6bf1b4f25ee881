"""validate: recipes, folders of recipes and review files, each checked, with what is a part of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from orchestrator.api.find_recipes import beside_review, find_recipes, is_open_port
from orchestrator.api.request import check_request
from orchestrator.api.validate import Checked, Request
from orchestrator.config import Settings
from orchestrator.errors import Diagnostic, InvalidInput, has_errors
from orchestrator.frozen import Frozen


class RecipeOutcome(Frozen):
    """What came of one recipe.

    Attributes:
        recipe: as it was named; "" for what stands for no recipe.
        checked: None where it is wrong, or counts as a part of others alone.
        is_part: others include it, and it is sound in them.
    """

    recipe: str
    findings: Sequence[Diagnostic]
    sources: Mapping[str, str]
    checked: Checked | None = None
    is_part: bool = False

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.checked is not None or self.is_part


class Outcomes(Frozen):
    """What came of each recipe behind the arguments; `skipped` are files of a folder that are no recipes."""

    each: Sequence[RecipeOutcome]
    skipped: Sequence[str] = ()
    are_many: bool = False

    @property
    def findings(self) -> list[Diagnostic]:
        """All findings, each once."""
        return list(dict.fromkeys(finding for outcome in self.each for finding in outcome.findings))

    @property
    def sources(self) -> dict[str, str]:
        """Text by file name, for renderers."""
        return {file: text for outcome in self.each for file, text in outcome.sources.items()}

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with any."""
        return all(outcome.sound for outcome in self.each)


def check_many(
    named: Sequence[str], request: Request, settings: Settings | None = None, config: Path | None = None
) -> Outcomes:
    """Checks recipes: files, names of ready ones, folders; a review file stands for the recipe beside it.

    A recipe of a folder that another one includes is checked there: by itself its ports may be open.
    """

    def outcome(recipe: str) -> RecipeOutcome:
        try:
            checked = check_request(recipe, request, settings, config)
        except InvalidInput as error:
            return RecipeOutcome(recipe, error.findings, error.sources)
        return RecipeOutcome(recipe, checked.findings, checked.sources, checked)

    if len(named) == 1 and not Path(named[0]).is_dir():
        return Outcomes([outcome(beside_review(named[0]))])
    found = find_recipes(named)
    each = [RecipeOutcome("", found.findings, {})] if found.findings else []
    each += [outcome(recipe) for recipe in found.recipes]
    return Outcomes(_as_parts(each, found.inside), found.skipped, are_many=True)


def _as_parts(outcomes: Sequence[RecipeOutcome], inside: frozenset[str]) -> list[RecipeOutcome]:
    """Recipes of folders that others include are not blamed for ports that those wire."""
    included = {file for outcome in outcomes for file in outcome.sources if file != outcome.recipe}
    return [_as_part(outcome) if outcome.recipe in inside & included else outcome for outcome in outcomes]


def _as_part(outcome: RecipeOutcome) -> RecipeOutcome:
    rest = [finding for finding in outcome.findings if not is_open_port(finding, outcome.recipe)]
    return replace(outcome, findings=rest, is_part=not has_errors(rest))
