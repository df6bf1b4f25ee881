"""What the tests of the reader share: small recipes, and the codes and places that they get."""

from __future__ import annotations

from orchestrator.recipe import Recipe, examine, read_recipe

HEAD = "recipe: 1\n"
STAGES = "stages:\n  expand: {use: expand}\n"
FORTY = "133a221b8aa7292a167afc5127cb63fb5005638b"


def recipe(text: str) -> Recipe:
    return read_recipe(text, "recipe.yaml")


def found(text: str | bytes) -> list[tuple[str, int, int]]:
    findings = examine(text, "recipe.yaml").findings
    return [(each.code, each.span.line, each.span.column) for each in findings if each.span is not None]


def codes(text: str) -> list[str]:
    return [code for code, _, _ in found(text)]
