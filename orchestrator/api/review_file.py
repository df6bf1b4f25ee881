"""The review file beside a recipe: found, read, and laid on the graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from orchestrator.api.locate import Located
from orchestrator.errors import Diagnostic, InvalidInput, ModelUnavailable, Span, has_errors
from orchestrator.graph import Graph, Surroundings
from orchestrator.plain_file import read_plain_file
from orchestrator.recipe import Caps, ModelChoice
from orchestrator.stage import Card, Description

if TYPE_CHECKING:
    from orchestrator.work.decisions import Decisions

_MOST_BYTES = 64 * 1024 * 1024
"""More is not even read; the cap of texts is far below."""
REVIEW_SUFFIXES = (".review.yaml", ".review.yml")


def review_path(located: Located) -> Path | None:
    """Where the review file of a recipe stands, or would; None for a recipe that is no file."""
    if located.file.startswith("<"):
        return None
    stem = PurePosixPath(located.file.replace(chr(92), "/")).stem
    paths = [located.home / f"{stem}{suffix}" for suffix in REVIEW_SUFFIXES]
    return next((path for path in paths if path.is_file()), paths[0])


class Reviewing:
    """The review file of a recipe on its way to the graph.

    A model that is not on this machine is no finding before it is known whether anything needs it: approved
    pictures go out without the models that drew them.
    """

    def __init__(self, path: Path, caps: Caps, drafts: Mapping[Path, bytes]) -> None:
        self._path, self._caps, self._drafts = path, caps, drafts
        self._lacking: dict[str, Diagnostic] = {}

    def lenient(self, surroundings: Surroundings) -> Surroundings:
        """The surroundings, in which a model that is not there is described all the same."""

        def describe(choice: ModelChoice) -> Description:
            try:
                return surroundings.describe(choice)
            except ModelUnavailable as error:
                self._lacking[choice.role] = error.finding
                source = str(choice.source)
                card = Card(name=source, kind=choice.kind)
                return Description(choice.role, choice.kind, source, f"lacking:{source}", card)

        return replace(surroundings, describe=describe)

    def applied(
        self,
        graph: Graph | None,
        surroundings: Surroundings,
        sources: dict[str, str],
        replaced: Collection[str],
    ) -> tuple[Graph | None, tuple[Diagnostic, ...]]:
        """The graph on which the review file counts, and what is wrong with that file.

        Without a graph only the file's own text is checked. `replaced` are dimensions whose members the
        caller gave.

        Raises:
            InvalidInput: the file cannot be read (E402).
        """
        from orchestrator.graph.review.check import with_review
        from orchestrator.recipe.review import read_review

        data = self._drafts.get(self._path.resolve()) or _bytes(self._path, self._caps)
        review, findings = read_review(data, self._path.as_posix(), self._caps)
        sources[review.file] = review.text
        if graph is None:
            return None, (*findings, *self._lacking.values())
        graph, further = with_review(
            graph, review, surroundings, replaced, _approved(self._path), self._lacking
        )
        found = (*findings, *further)
        if has_errors(found):
            return graph, (*found, *self._lacking.values())
        return graph, (*found, *self._of_decisions(graph))

    def _of_decisions(self, graph: Graph) -> Iterator[Diagnostic]:
        """Stale decisions, and models that are needed in spite of them."""
        from orchestrator.work.decisions import Decisions

        decisions = Decisions(graph)
        if graph.review.decisions:
            yield from decisions.findings()
        for role, finding in self._lacking.items():
            if _is_needed(graph, role, decisions):
                yield finding


def reviewing(located: Located, caps: Caps) -> Reviewing | None:
    """The review file beside a recipe, where there is one."""
    path = review_path(located)
    return Reviewing(path, caps, located.drafts) if path is not None and path.is_file() else None


def _is_needed(graph: Graph, role: str, decisions: Decisions) -> bool:
    """Whether an item that is to be made asks for a model."""
    from orchestrator.runtime.needs import Needs
    from orchestrator.work import EVERYTHING, items_of, points

    needs = Needs(graph, tuple(graph.nodes.values()), EVERYTHING, decisions.approves)
    return any(
        needs.wants(item)
        for node in graph.nodes.values()
        if role in {name for _, name in node.all_roles}
        for item in items_of(graph, node, points(graph, EVERYTHING))
    )


def _approved(path: Path) -> Path:
    """The folder of approved pictures beside the review file, from the root: it is read during the run."""
    return path.with_name(f"{path.stem.removesuffix('.review')}.approved").absolute()


def _bytes(path: Path, caps: Caps) -> bytes:
    try:
        return read_plain_file(path, max(caps.bytes, _MOST_BYTES), path.parent)
    except OSError as error:
        finding = Diagnostic(
            code="E402",
            message=f"the review file {path.name!r} cannot be read: {error.strerror or type(error).__name__}",
            span=Span.point(path.as_posix()),
            why="It says which pictures are approved, and what is otherwise at single items.",
            help="see that you may read it, or move it away",
        )
        raise InvalidInput([finding]) from error
