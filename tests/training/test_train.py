from __future__ import annotations

from pathlib import Path

import pytest

from training import page, train


def test_a_stopped_run_does_only_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def stop(_: Path) -> None:
        if done.count("stop") == 0:
            done.append("stop")
            raise KeyboardInterrupt

    steps = (
        ("first step", lambda _: done.append("first")),
        ("second", stop),
        ("third", lambda _: done.append("third")),
    )
    monkeypatch.setattr(train, "STEPS", steps)
    with pytest.raises(KeyboardInterrupt):
        train.main(tmp_path, 1)
    train.main(tmp_path, 1)
    assert done == ["first", "stop", "third"]


def test_the_page_shows_every_noun_and_no_picture_twice() -> None:
    subjects = page.subjects()
    assert len(set(subjects)) == 96
    assert {s.noun for s in subjects} == set(page.NOUNS)
    assert {s.style for s in subjects} == set(page.STYLES)
