"""What passes a review stage: pictures that were approved, as they were approved."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Final

from orchestrator.graph import Graph
from orchestrator.plain_file import read_plain_file
from orchestrator.runtime.ledger import Ended
from orchestrator.stage import Artifact, Picture
from orchestrator.stage.canonical import canonical_json, digest_of
from orchestrator.stage.file_stem import stem_of
from orchestrator.store import NewResult, Store, StoredResult
from orchestrator.work import Coordinates
from orchestrator.work.decisions import Decisions, Verdict

_MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_PIXELS: Final = 128_000_000
"""What a picture beside the review file may hold."""


class Gates:
    """The review stages of a run; an approved picture is in the store, else beside the review file."""

    def __init__(self, graph: Graph, store: Store) -> None:
        self._graph, self._store = graph, store

    @cached_property
    def _decisions(self) -> Decisions:
        return Decisions(self._graph)

    def approves(self, review: str, coordinates: Coordinates) -> bool:
        """Whether a picture was approved at an item, so that nothing above it need run."""
        return bool(self._graph.review.decisions) and self._decisions.approves(review, coordinates)

    def ended(self, review: str, coordinates: Coordinates) -> tuple[Ended, StoredResult | None]:
        """How the item of a review stage ends."""
        verdict = self._decisions.at(review, coordinates) if self._graph.review.decisions else None
        if verdict is None:
            return Ended("waiting", message="nobody has decided of it yet"), None
        if not verdict.approved:
            said = f"rejected: {verdict.reason}" if verdict.reason else "rejected"
            return Ended("waiting", message=said), None
        found = self._found(review, coordinates, verdict)
        if found is None:
            return _lost(verdict), None
        return Ended("stored", found.key, found.artifact_digest), found

    def made_from(self, review: str, coordinates: Coordinates) -> str:
        """The digest that a decision about this item names."""
        return self._decisions.causes.made_from(review, coordinates)

    def _found(self, review: str, coordinates: Coordinates, verdict: Verdict) -> StoredResult | None:
        output = self._graph.nodes[review].spec.output
        found = self._store.holding(verdict.artifact, output)
        if found is not None:
            return found
        artifact = self._beside(review, coordinates, output)
        if artifact is None or artifact.digest != verdict.artifact:
            return None
        key = digest_of(canonical_json({"approved": verdict.artifact}))
        stage = self._graph.nodes[review].spec.name
        return self._store.put(NewResult(key=key, stage=stage, artifact=artifact))

    def _beside(self, review: str, coordinates: Coordinates, output: type[Artifact]) -> Artifact | None:
        """The picture in `NAME.approved/REVIEW/`; its digest says whether it is the one."""
        folder = self._graph.review.approved
        if folder is None or not issubclass(output, Picture):
            return None
        name = stem_of((id_ for _, id_ in coordinates), review)
        try:
            data = read_plain_file(folder / review / f"{name}.png", _MOST_BYTES, folder.parent)
            return output.decode(data) if _is_of_bearable_size(data) else None
        except Exception:  # noqa: BLE001 - a decoder raises anything over a stranger's bytes
            return None


def _is_of_bearable_size(data: bytes) -> bool:
    """Whether the header says so; nothing is decoded."""
    from PIL import Image as PillowImage

    with PillowImage.open(io.BytesIO(data), formats=("PNG",)) as opened:
        return opened.width * opened.height <= _MOST_PIXELS


def _lost(verdict: Verdict) -> Ended:
    return Ended(
        "failed",
        message=f"the approved picture {verdict.artifact[:19]} is lost: it is neither in the store "
        "nor beside the review file",
        code="E537",
        help="put it into the folder of approved pictures, or decide anew; nothing is drawn in its stead",
    )
