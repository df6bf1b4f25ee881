"""Results as rows of the journal. Each carries a seal over all that it says, and is compared with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final, cast

from orchestrator.stage.canonical import canonical_json, digest_of
from orchestrator.store.model import StoredResult

COLUMNS: Final = (
    "key", "stage", "type", "artifact_digest", "blob", "document", "notes", "environment", "seconds",
    "degraded", "seal",
)  # fmt: skip


def row_of(result: StoredResult, document: bytes | None) -> tuple[object, ...]:
    """The row of a result, with its bytes where they lie inline."""
    said = (
        result.key, result.stage, result.type, result.artifact_digest, result.blob, document,
        canonical_json(dict(result.notes)).decode(), canonical_json(dict(result.environment)).decode(),
        float(result.seconds), int(result.degraded),
    )  # fmt: skip
    return (*said, _seal(said))


def read_row(row: tuple[object, ...]) -> tuple[StoredResult, bytes | None] | None:
    """What a row says; None where one bit of it is not as it was written.

    A row of an earlier version has no seal: its types and its document alone can be judged.
    """
    document, seal = row[5], row[10]
    if seal != _seal(row) and (seal is not None or not _is_well_formed(row)):
        return None
    if document is not None and not (type(document) is bytes and digest_of(document) == row[4]):
        return None
    key, stage, kind, digest, blob, _, notes, environment = cast("tuple[str, ...]", row[:8])
    stored = StoredResult(
        key=key, stage=stage, type=kind, artifact_digest=digest, blob=blob, inline=document is not None,
        notes=json.loads(notes), environment=json.loads(environment), seconds=cast("float", row[8]),
        degraded=row[9] == 1,
    )  # fmt: skip
    return stored, document


def _seal(row: tuple[object, ...]) -> str:
    """The digest of all but the document, which has one of its own in `blob`."""
    return hashlib.sha256(repr(row[:5] + row[6:10]).encode()).hexdigest()


def _is_well_formed(row: tuple[object, ...]) -> bool:
    texts = row[:5] + row[6:8]
    if not all(type(text) is str for text in texts) or type(row[8]) is not float or row[9] not in (0, 1):
        return False
    try:
        notes, environment = (json.loads(cast("str", text)) for text in texts[5:])
    except (ValueError, RecursionError):
        return False
    return (
        type(notes) is dict
        and type(environment) is dict
        and all(type(value) is str for value in cast("Mapping[str, object]", environment).values())
    )
