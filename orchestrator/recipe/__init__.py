"""Recipes: text to data, every part with its place, all findings at once. Opens no file."""

from orchestrator.recipe.caps import DEFAULT_CAPS, Caps
from orchestrator.recipe.files import CannotRead, Files
from orchestrator.recipe.model import (
    Cell,
    Dimension,
    Entry,
    Exclusion,
    ExportEntry,
    ModelChoice,
    Node,
    Recipe,
    Record,
    Scalar,
    StageEntry,
    Text,
    Variable,
)
from orchestrator.recipe.names import is_id, is_name, slug
from orchestrator.recipe.overrides import COMMAND_LINE, apply_overrides, command_line_text
from orchestrator.recipe.parse import Reading, examine, read_recipe
from orchestrator.recipe.product import check_product
from orchestrator.recipe.python import items_text, with_items, with_models

__all__ = [
    "COMMAND_LINE",
    "DEFAULT_CAPS",
    "CannotRead",
    "Caps",
    "Cell",
    "Dimension",
    "Entry",
    "Exclusion",
    "ExportEntry",
    "Files",
    "ModelChoice",
    "Node",
    "Reading",
    "Recipe",
    "Record",
    "Scalar",
    "StageEntry",
    "Text",
    "Variable",
    "apply_overrides",
    "check_product",
    "command_line_text",
    "examine",
    "is_id",
    "is_name",
    "items_text",
    "read_recipe",
    "slug",
    "with_items",
    "with_models",
]
