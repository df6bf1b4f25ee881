"""Graph -> work items, as a stream; and the pure functions that make keys and seeds."""

from orchestrator.work.gathering import UNKNOWN, Lengths, dimensions_at, gather_points, index_name
from orchestrator.work.ideas import idea_of
from orchestrator.work.keys import identity_of, key_of, plain_params, seed_at, seed_of
from orchestrator.work.model import EVERYTHING, Coordinates, InputRef, Selection, WorkItem
from orchestrator.work.planning import Projection, chosen, count_of, items_of, points

__all__ = [
    "EVERYTHING",
    "UNKNOWN",
    "Coordinates",
    "InputRef",
    "Lengths",
    "Projection",
    "Selection",
    "WorkItem",
    "chosen",
    "count_of",
    "dimensions_at",
    "gather_points",
    "idea_of",
    "identity_of",
    "index_name",
    "items_of",
    "key_of",
    "plain_params",
    "points",
    "seed_at",
    "seed_of",
]
