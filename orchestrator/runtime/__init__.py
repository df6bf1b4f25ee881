"""Runs a graph: what the store lacks is made, stage by stage, and stored before it is reported."""

from orchestrator.runtime.executor import Call, Executor, InProcess, Made, Reply, Workshop
from orchestrator.runtime.loaded_models import LoadedModels
from orchestrator.runtime.results import ItemResult, Results
from orchestrator.runtime.scheduler import execute

__all__ = [
    "Call",
    "Executor",
    "InProcess",
    "ItemResult",
    "LoadedModels",
    "Made",
    "Reply",
    "Results",
    "Workshop",
    "execute",
]
