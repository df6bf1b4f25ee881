"""`best-of`: of several pictures the one with the highest score."""

from __future__ import annotations

from orchestrator.stage import Context, Gathered, Image, Member, Params, Score, StageFailure, stage


class BestOf(Params):
    """Keep the best picture of those gathered (`gather: [variant]`)."""


@stage("best-of", version=1, missing="skip")
def best_of(images: Gathered[Image], scores: Gathered[Score], params: BestOf, ctx: Context) -> Image:
    """The picture whose score is highest, the first of equals; one without picture or score is left out."""
    del params
    pairs = [
        (picture, scored.artifact.value)
        for picture, scored in zip(images, scores, strict=True)
        if picture.artifact is not None and scored.artifact is not None
    ]
    if not pairs:
        raise StageFailure(
            "there is no picture with a score to choose from",
            help="the messages of the stages above say why",
        )
    best, _ = max(pairs, key=lambda pair: pair[1])
    ctx.note("best", dict(best.coordinates))
    ctx.note("scores", [{**picture.coordinates, "score": value} for picture, value in pairs])
    if len(pairs) < len(images):
        ctx.note(
            "left_out", [_reason(*pair) for pair in zip(images, scores, strict=True) if None in _both(*pair)]
        )
    return _picture(best)


def _both(picture: Member[Image], scored: Member[Score]) -> tuple[Image | None, Score | None]:
    return picture.artifact, scored.artifact


def _reason(picture: Member[Image], scored: Member[Score]) -> dict[str, str]:
    return {**picture.coordinates, "reason": picture.missing or scored.missing or "missing"}


def _picture(member: Member[Image]) -> Image:
    if member.artifact is None:
        raise StageFailure("the best picture is missing")
    return member.artifact
