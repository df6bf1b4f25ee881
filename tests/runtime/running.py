"""A process that runs a small graph on a store and prints each item once it has ended."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestrator.events import Event, ItemEnded
from orchestrator.graph import Graph
from orchestrator.runtime import Results, execute
from orchestrator.store import Store
from orchestrator.work import EVERYTHING
from tests.runtime.workshop import Loader, a_graph


def the_graph() -> Graph:
    """24 pictures of 8 ideas and a sheet."""
    return a_graph([f"idea {number}" for number in range(8)], variants=3)


def the_animations() -> Graph:
    """Eight animations of 4 to 11 frames, each frame worked on, on a strip of its own and one whole."""
    from tests.runtime import test_many

    return test_many.a_graph(*("abcdefghijk"[: 4 + number] for number in range(8)), slow=0.01)


GRAPHS = {"pictures": the_graph, "animations": the_animations}


def digests(results: Results) -> dict[str, str]:
    """Artifact digests by item."""
    return {
        f"{stage} {' '.join(name for _, name in at)}": item.artifact_digest
        for (stage, at), item in results.items.items()
    }


def _tell(event: Event) -> None:
    if isinstance(event, ItemEnded) and event.outcome in {"done", "stored"}:
        sys.stdout.write(f"{event.stage} {' '.join(event.coordinates.values())}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with Store.open(Path(sys.argv[1])) as opened:
        execute(GRAPHS[sys.argv[2]](), EVERYTHING, opened, Loader(slow=0.02), _tell, lambda: False)
