"""The review file beside a recipe: found, read, and laid on the graph."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path, PurePosixPath

from orchestrator.api.locate import Located
from orchestrator.errors import Diagnostic, InvalidInput, Span, has_errors
from orchestrator.graph import Graph, Surroundings
from orchestrator.recipe import DEFAULT_CAPS

SUFFIX = ".review.yaml"


def review_path(located: Located) -> Path | None:
    """Where the review file of a recipe stands; None for a recipe that is no file."""
    if located.file.startswith("<"):
        return None
    return located.home / f"{PurePosixPath(located.file.replace(chr(92), '/')).stem}{SUFFIX}"


def reviewed(
    graph: Graph | None,
    located: Located,
    surroundings: Surroundings,
    sources: dict[str, str],
    replaced: Collection[str],
) -> tuple[Graph | None, tuple[Diagnostic, ...]]:
    """The graph on which the review file counts, and what is wrong with that file.

    Without a graph only the file's own text is checked. `replaced` are dimensions whose members the caller
    gave.

    Raises:
        InvalidInput: the file is there and cannot be read (E402).
    """
    path = review_path(located)
    if path is None or not path.is_file():
        return graph, ()
    from orchestrator.graph.reviewing import with_review
    from orchestrator.recipe.review import read_review
    from orchestrator.work.decisions import Decisions

    review, findings = read_review(_bytes(path), path.as_posix())
    sources[review.file] = review.text
    if graph is None:
        return None, findings
    graph, further = with_review(graph, review, surroundings, replaced, _approved(path))
    found = (*findings, *further)
    if graph.review.decisions and not has_errors(found):
        found = (*found, *Decisions(graph).findings())
    return graph, found


def _approved(path: Path) -> Path:
    """The folder of approved pictures beside the review file."""
    return path.with_name(f"{path.name.removesuffix(SUFFIX)}.approved")


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(DEFAULT_CAPS.bytes + 1)
    except OSError as error:
        finding = Diagnostic(
            code="E402",
            message=f"the review file {path.name!r} cannot be read: {error.strerror or type(error).__name__}",
            span=Span.point(path.as_posix()),
            why="It says which pictures are approved, and what is otherwise at single items.",
            help="see that you may read it, or move it away",
        )
        raise InvalidInput([finding]) from error
