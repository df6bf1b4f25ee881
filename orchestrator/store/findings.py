"""What can be wrong with a store, as findings."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from orchestrator.errors import Diagnostic, InvalidInput

_ELSEWHERE = "or name another folder in ORCHESTRATOR_STORE"


def unusable_folder(folder: Path, error: OSError) -> InvalidInput:
    """The store's folder cannot be made or written."""
    return InvalidInput(
        [
            Diagnostic(
                code="E531",
                message=f"the store cannot be used: {folder}: {error.strerror or error}",
                why="Finished work is kept there, so that a second run draws only what is new.",
                help=f"make the folder writable, {_ELSEWHERE}",
            )
        ]
    )


def newer_journal(path: Path, version: int, known: int) -> InvalidInput:
    """A later version of this program wrote the journal."""
    return InvalidInput(
        [
            Diagnostic(
                code="E532",
                message=f"the store was written by a newer orchestrator: {path}",
                why=f"Its journal has version {version}; this orchestrator knows up to version {known}.",
                help=f"update orchestrator, {_ELSEWHERE}",
            )
        ]
    )


def damaged_journal(path: Path, error: sqlite3.DatabaseError) -> InvalidInput:
    """SQLite cannot read the journal."""
    return InvalidInput(
        [
            Diagnostic(
                code="E533",
                message=f"the store's journal is damaged: {path}: {error}",
                why="It says which pictures are finished; without it they are drawn again.",
                help=f"move that file away (the next run begins a new one), {_ELSEWHERE}",
            )
        ]
    )
