"""What the embedded models draw is what they drew for earlier code, where the machine is the same."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.past.inside import HERE, graph_of, surroundings_of, versions_of
from tests.past.record import FULL, PROMPTS, SMALL, drawn_by, results_of

THEN = json.loads((HERE / "drawn.json").read_text("utf-8"))
ELSEWHERE: list[str] = []
"""Why this machine is another one, once that is known: then nothing more is drawn."""


def unlike(name: str) -> str:
    """What of the causes is not as it was; "" where all are."""
    then, graph = THEN[name], graph_of(name)
    now = surroundings_of(graph)
    for role, model in now["models"].items():
        if model["identity"] != then["models"][role]:
            return f"the model of {role} is another one"
    for resource, digest in now["resources"].items():
        if digest != then["resources"].get(resource):
            return f"the {resource} is another one"
    versions = {result["stage"]: result["version"] for result in then["results"]}
    raised = [
        stage for stage, version in versions_of(graph).items() if version != versions.get(stage, version)
    ]
    return f"versions were raised: {', '.join(raised)}" if raised else ""


@pytest.mark.parametrize("name", SMALL)
def test_what_is_drawn_has_not_moved(name, own_store, shared_store):
    if reason := unlike(name) or next(iter(ELSEWHERE), ""):
        pytest.skip(reason)
    shutil.copy(PROMPTS, own_store / "journal.sqlite")
    run = drawn_by(name, shared_store if name == FULL else own_store)
    assert not run.failures
    now, then = results_of(run), THEN[name]["results"]
    assert [result["place"] for result in now] == [result["place"] for result in then]
    for before, after in zip(then, now, strict=True):
        if (there := before["environment"]) != (here := after["environment"]):
            apart = {name for name in {**there, **here} if there.get(name) != here.get(name)}
            ELSEWHERE.append(f"recorded on another machine: {', '.join(sorted(apart))}")
            pytest.skip(ELSEWHERE[0])
        assert (after["key"], after["artifact"]) == (before["key"], before["artifact"]), (
            f"{after['place']} is the first that gives something else: raise the version of its stage"
        )
