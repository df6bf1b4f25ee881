"""Finished work: blobs in files named by their digest, and a journal of results in SQLite."""

from orchestrator.store.blobs import DamagedBlobError, DiskFiles, Files
from orchestrator.store.model import NewResult, StoredResult
from orchestrator.store.store import DamagedResultError, Store
from orchestrator.store.types import artifact_types
from orchestrator.store.writer import GroupedWriter, Written

__all__ = [
    "DamagedBlobError",
    "DamagedResultError",
    "DiskFiles",
    "Files",
    "GroupedWriter",
    "NewResult",
    "Store",
    "StoredResult",
    "Written",
    "artifact_types",
]
