"""Resources beside recipes and those that ship: templates, glossaries, lexicons, styles; read, digested."""

from orchestrator.library.resources import SUFFIXES, Library, Loaded
from orchestrator.library.shipped import ready_recipes, shipped_folder

__all__ = ["SUFFIXES", "Library", "Loaded", "ready_recipes", "shipped_folder"]
