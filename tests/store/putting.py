"""A process that puts results into a store and prints each key once it is acknowledged."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image as PillowImage

from orchestrator.stage import Idea, Image
from orchestrator.store import GroupedWriter, NewResult, Store


def artifact(number: int) -> Idea | Image:
    """Every third result is a document, the others are pictures of 64 pixels."""
    if number % 3 == 0:
        return Idea(text=f"idea {number}")
    return Image.of(PillowImage.new("RGB", (64, 64), (number % 256, number // 256, 7)))


def put_all(folder: Path, first: int, last: int, step: int) -> None:
    """Puts `first`, `first + step`, … and says which are safe."""
    with Store.open(folder) as store, GroupedWriter[int](store) as writer:
        for number in range(first, last, step):
            writer.submit(number, NewResult(f"k{number}", "s", artifact(number)))
            _say(writer.acknowledged())
        _say(writer.flush())


def _say(written: object) -> None:
    for each in written:  # type: ignore[attr-defined]
        if each.error is not None:
            raise each.error
        sys.stdout.write(f"{each.token}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    put_all(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:5]))
