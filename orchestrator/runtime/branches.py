"""`when:` at an item: the stage runs, what it was given is passed on, or the item is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from orchestrator.graph import IDEA_SOURCE, Condition, Graph, StageNode
from orchestrator.runtime.failures import input_lost, one_line
from orchestrator.runtime.inputs import Blocked, Inputs
from orchestrator.runtime.ledger import Ended
from orchestrator.stage import Artifact
from orchestrator.stage.canonical import canonical_json, digest_of
from orchestrator.stage.many import member_type
from orchestrator.store import DamagedResultError, NewResult, Store
from orchestrator.work import InputRef, WorkItem

WHEN: Final = "when"
"""The note of an item whose stage did not run: the text of its condition."""


class Branches:
    """Decides for each item of a stage that has a condition."""

    def __init__(self, graph: Graph, store: Store, inputs: Inputs) -> None:
        self._graph, self._store, self._inputs = graph, store, inputs

    def ended(self, item: WorkItem) -> Ended | None:
        """How an item ends whose stage does not run; None if it runs, or lacks what it was to be given."""
        node = self._graph.nodes[item.stage]
        condition = node.when
        if condition is None:
            return None
        try:
            given = self._given(item, condition)
            if given is None or condition.holds(dict(item.coordinates), item.params, given):
                return None
            return self._passed(node, item, condition)
        except DamagedResultError as error:
            lost = input_lost(error)
            return Ended("failed", message=lost.message, code=lost.code, help=lost.help)
        except LookupError as error:
            return _untold(condition, error)

    def _given(self, item: WorkItem, condition: Condition) -> Mapping[str, Artifact | None] | None:
        """What the condition looks at; None where one of them is not there."""
        given: dict[str, Artifact | None] = {}
        for port in condition.ports:
            reference = cast("InputRef", item.inputs[port])
            missing = self._inputs.missing(reference)
            if missing is not None and not missing.left_out:
                return None
            given[port] = None if missing else self._inputs.artifact(reference)
        return given

    def _passed(self, node: StageNode, item: WorkItem, condition: Condition) -> Ended:
        """The only input of the output's type is passed on; without one the item is left out."""
        alike = [port for port in node.wires if _fits(node, port)]
        if len(alike) != 1:
            return Ended("skipped", message=f"`when: {condition.text}` does not hold", left_out=True)
        reference = cast("InputRef", item.inputs[alike[0]])
        missing = self._inputs.missing(reference)
        if missing is not None:
            return ended_by(missing)
        notes = {WHEN: condition.text}
        if reference.stage != IDEA_SOURCE and reference.member is None:
            key, digest = self._inputs.result(reference)
            return Ended("stored", key, digest, notes=notes)
        return self._kept(node, reference, notes)

    def _kept(self, node: StageNode, reference: InputRef, notes: Mapping[str, object]) -> Ended:
        """An idea, and a member of a `Many[T]`, have no result of their own: they are given one."""
        artifact = self._inputs.artifact(reference)
        key = digest_of(canonical_json({"passed": artifact.digest, "type": type(artifact).__name__}))
        found = self._store.find(key) or self._store.put(
            NewResult(key=key, stage=node.spec.name, artifact=artifact)
        )
        return Ended("stored", found.key, found.artifact_digest, notes=notes)


def ended_by(blocked: Blocked) -> Ended:
    """The end of an item that lacks an input."""
    return Ended(blocked.outcome, message=blocked.message, left_out=blocked.left_out)


def _fits(node: StageNode, port: str) -> bool:
    wire = node.wires[port]
    gathered = any(each.gathered for each in node.spec.inputs if each.name == port)
    kind = member_type(wire.type) if wire.each else wire.type
    return not gathered and kind is node.spec.output


def _untold(condition: Condition, error: LookupError) -> Ended:
    said = one_line(str(error.args[0]) if error.args else str(error))
    return Ended(
        "failed",
        message=f"`when: {condition.text}` cannot be told: {said}",
        code="E539",
        help="name a field that is there at every item",
    )
