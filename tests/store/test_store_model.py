"""The store against a dictionary that says what it should hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PIL import Image as PillowImage

from orchestrator.stage import Artifact, Idea, Image
from orchestrator.store import NewResult, Store

KEYS = st.sampled_from(["a", "b", "c"])
ARTIFACTS: st.SearchStrategy[Artifact] = st.integers(0, 4).map(
    lambda shade: Image.of(PillowImage.new("L", (2, 2), shade))
) | st.text(max_size=3).map(lambda text: Idea(text=text))


class StoreMachine(RuleBasedStateMachine):
    """Puts, losses and reopenings in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.store = Store.open(Path(self.folder.name))
        self.expected: dict[str, list[tuple[bool, Artifact]]] = {}
        self.lost: set[str] = set()

    @rule(key=KEYS, artifact=ARTIFACTS, degraded=st.booleans())
    def put(self, key: str, artifact: Artifact, degraded: bool) -> None:
        self.store.put(NewResult(key, "s", artifact, degraded=degraded))
        self.lost.discard(artifact.digest)
        self.expected.setdefault(key, []).append((degraded, artifact))

    @rule(artifact=ARTIFACTS)
    def lose(self, artifact: Artifact) -> None:
        """A person deletes the file of a picture; documents in the journal cannot be lost so."""
        from orchestrator.stage.canonical import digest_of

        path = self.store._blobs.path(digest_of(artifact.encode()))
        if path.exists():
            path.unlink()
            self.lost.add(artifact.digest)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(Path(self.folder.name))

    @invariant()
    def finds_what_is_expected(self) -> None:
        for key, results in self.expected.items():
            sound = [(degraded, found) for degraded, found in results if found.digest not in self.lost]
            wanted = next((found for _, found in sorted(sound, key=lambda pair: pair[0])), None)
            stored = self.store.find(key)
            assert (stored is None) == (wanted is None)
            if stored is not None:
                assert self.store.artifact(stored) == wanted

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


StoreMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
TestStore = StoreMachine.TestCase
