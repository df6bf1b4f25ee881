"""Recipes: text to data, every part with its place, all findings at once. Opens no file."""

from orchestrator.recipe.changes.given import Given
from orchestrator.recipe.files import CannotRead, Files
from orchestrator.recipe.members.product import check_product
from orchestrator.recipe.model import (
    Dimension,
    Exclusion,
    ExportEntry,
    ModelChoice,
    Recipe,
    Record,
    StageEntry,
    Variable,
)
from orchestrator.recipe.names import is_id, is_name, is_unsound, slug
from orchestrator.recipe.parse import Reading, examine, read_recipe
from orchestrator.recipe.source import EMBEDDED, HANDED_IN, Embedded, Endpoint, Folder, HandedIn, Hub, Source
from orchestrator.text import DEFAULT_CAPS, Caps, Cell, Entry, Node, Scalar, Text

__all__ = [
    "DEFAULT_CAPS",
    "EMBEDDED",
    "HANDED_IN",
    "CannotRead",
    "Caps",
    "Cell",
    "Dimension",
    "Embedded",
    "Endpoint",
    "Entry",
    "Exclusion",
    "ExportEntry",
    "Files",
    "Folder",
    "Given",
    "HandedIn",
    "Hub",
    "ModelChoice",
    "Node",
    "Reading",
    "Recipe",
    "Record",
    "Scalar",
    "Source",
    "StageEntry",
    "Text",
    "Variable",
    "check_product",
    "examine",
    "is_id",
    "is_name",
    "is_unsound",
    "read_recipe",
    "slug",
]
