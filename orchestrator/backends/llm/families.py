"""The families of language models that the installed transformers has itself; nothing of it is imported."""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_TABLE = "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES"
_WHERE = ("models", "auto", "modeling_auto.py")


@cache
def native_families() -> frozenset[str]:
    """Values of `model_type` for which transformers has a class of its own; none where it is not installed.

    Read out of the source of its table: the import would cost seconds, and a list kept here would grow old.
    """
    spec = find_spec("transformers")
    if spec is None or not spec.submodule_search_locations:
        return frozenset()
    try:
        text = Path(spec.submodule_search_locations[0], *_WHERE).read_text("utf-8")
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError):
        return frozenset()
    return frozenset(name for statement in tree.body for name in _families(statement))


def _families(statement: ast.stmt) -> list[str]:
    """The keys of the table: first values of pairs of two texts."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if not isinstance(target, ast.Name) or target.id != _TABLE:
        return []
    pairs = (node.elts for node in ast.walk(statement) if isinstance(node, ast.Tuple))
    texts = ([part.value for part in pair if isinstance(part, ast.Constant)] for pair in pairs)
    return [str(pair[0]) for pair in texts if len(pair) == 2]  # noqa: PLR2004 - a name and its class
