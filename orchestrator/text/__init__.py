"""Text to nodes with their places: bytes, YAML, scalars, all findings at once. Opens no file."""

from orchestrator.text.caps import DEFAULT_CAPS, WHY_CAPS, Caps, capped
from orchestrator.text.decode import Decoded, decode, describe_unseen, unseen_in
from orchestrator.text.nodes import Cell, Entry, Node, Scalar, Text, kind_of
from orchestrator.text.scalars import NumberTooLarge, meaning_of
from orchestrator.text.tree import Tree, read_tree

__all__ = [
    "DEFAULT_CAPS",
    "WHY_CAPS",
    "Caps",
    "Cell",
    "Decoded",
    "Entry",
    "Node",
    "NumberTooLarge",
    "Scalar",
    "Text",
    "Tree",
    "capped",
    "decode",
    "describe_unseen",
    "kind_of",
    "meaning_of",
    "read_tree",
    "unseen_in",
]
