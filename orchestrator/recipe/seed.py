"""`seed:`, from which all noise is drawn."""

from __future__ import annotations

from typing import Final

from orchestrator.errors import Findings
from orchestrator.recipe.findings import as_number
from orchestrator.text import Node, kind_of

SEEDS: Final = 2**63


def check_seed(node: Node, findings: Findings) -> int:
    """The recipe's seed, a whole number that is not negative."""
    seed = node.value
    if isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < SEEDS:
        return seed
    findings.error(
        "E116",
        f"`seed:` is a whole number from 0 to {SEEDS - 1:,}, not {kind_of(node)}",
        node.span,
        why="All noise is drawn from it; another seed gives other pictures.",
        help="write any number",
        fix="seed: 1234",
        edits=as_number(node),
    )
    return 0
