"""Results as data: what is handed in, and what the journal knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.stage import Artifact


@dataclass(frozen=True, slots=True)
class NewResult:
    """A result to be stored under the key of its work item.

    `degraded` marks one that was made in a lesser way (a fallback); a sound one is preferred to it.
    """

    key: str
    stage: str
    artifact: Artifact
    notes: Mapping[str, object] = field(default_factory=dict[str, object])
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result in the journal.

    Attributes:
        stage: registered name of the stage that made it.
        type: class name of the artifact.
        artifact_digest: digest of what the artifact means (pixels, not the file around them).
        blob: digest of the encoded bytes; they lie in a file of that name, or inline if `inline`.
        notes: what the stage kept beside the result.
        environment: library versions, device, dtype … that it was made with.
        seconds: what it took to make.
    """

    key: str
    stage: str
    type: str
    artifact_digest: str
    blob: str
    inline: bool
    notes: Mapping[str, object]
    environment: Mapping[str, str]
    seconds: float
    degraded: bool
