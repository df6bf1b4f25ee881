"""A session: one store, models loaded once, nothing left open."""

from __future__ import annotations

import gc
import inspect
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

import orchestrator
from orchestrator.config import Settings
from orchestrator.errors import InvalidInput
from orchestrator.events import ItemEnded, ModelLoading

WORDS = """\
recipe: 1
name: words
models:
  writer: {llm: embedded}
items:
  idea: [fire sword]
stages:
  expand: {use: expand}
"""


class Scripted:
    """A writer that always chooses what it is offered first; it counts who asked."""

    def __new__(cls) -> object:
        from orchestrator.backends.llm.scripted import ScriptedWriter

        return ScriptedWriter()


def _open_files(folder: Path) -> list[str]:
    gc.collect()
    return [file.path for file in psutil.Process().open_files() if Path(file.path).is_relative_to(folder)]


def _run(session: orchestrator.Session, studio: Path, **more: object) -> orchestrator.Run:
    return session.run(studio / "recipe.yaml", stages_files=[studio / "stages.py"], **more)


def test_a_session_opens_its_store_once_and_leaves_nothing_open(studio: Path, settings: Settings) -> None:
    with orchestrator.Session(settings) as session:
        first = _run(session, studio)
        opened = _open_files(settings.store)
        second = _run(session, studio)
        assert opened
        assert _open_files(settings.store) == opened
    assert _open_files(settings.store) == []
    assert first.counts["done"] == second.counts["stored"] == 7


def test_runs_can_be_looked_at_when_all_is_closed(studio: Path, settings: Settings) -> None:
    runs = [
        orchestrator.run(studio / "recipe.yaml", stages_files=[studio / "stages.py"], settings=settings)
        for _ in range(3)
    ]
    assert _open_files(settings.store) == []
    assert [picture.size for picture in runs[0].pictures] == [(10, 10)] * 3
    assert runs[2].save(studio / "out").blocked == {}
    assert _open_files(settings.store) == []


def test_models_are_loaded_by_the_first_run_and_kept(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "words.yaml").write_text(WORDS, encoding="utf-8")
    events: list[object] = []
    watch = orchestrator.Watch(listener=events.append)
    writer = Scripted()
    with orchestrator.Session(settings) as session:
        for idea in ("fire sword", "odd brass trinket", "grey stone"):
            session.run(
                tmp_path / "words.yaml", items={"idea": [idea]}, models={"writer": writer}, watch=watch
            )
    assert sum(isinstance(event, ItemEnded) and event.outcome == "done" for event in events) == 3
    assert sum(isinstance(event, ModelLoading) for event in events) == 1


def test_a_closed_session_takes_no_more_work(studio: Path, settings: Settings) -> None:
    session = orchestrator.Session(settings)
    session.close()
    with pytest.raises(InvalidInput) as raised:
        _run(session, studio)
    assert [finding.code for finding in raised.value.findings] == ["E440"]


def test_a_session_that_was_broken_off_takes_no_more_work(studio: Path, settings: Settings) -> None:
    pressed: list[object] = []

    def press(event: object) -> None:
        if isinstance(event, ItemEnded) and not pressed:
            pressed.append(event)
            raise KeyboardInterrupt

    with orchestrator.Session(settings) as session:
        stopped = _run(session, studio, watch=orchestrator.Watch(listener=press))
        assert stopped.results.interrupted
        assert stopped.counts["cancelled"] > 0
        with pytest.raises(InvalidInput, match="broken off"):
            _run(session, studio)
    with orchestrator.Session(settings) as session:
        assert sum(_run(session, studio).counts.values()) == 7


def test_a_session_with_a_stage_that_was_left_behind_takes_no_more_work(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "stages.py").write_text(
        "import time\nfrom orchestrator.stage import Idea, Prompt, stage\n\n"
        '@stage("s.hangs", version=1)\ndef hangs(idea: Idea) -> Prompt:\n'
        "    time.sleep(20 if idea.text == 'hang' else 0)\n    return Prompt(subject=idea.text)\n"
    )
    recipe = tmp_path / "r.yaml"
    recipe.write_text("recipe: 1\nitems:\n  idea: [good, hang]\nstages:\n  one: {use: s.hangs}\n")
    stages = [tmp_path / "stages.py"]
    until = time.monotonic() + 3
    watch = orchestrator.Watch(cancelled=lambda: time.monotonic() > until)
    with orchestrator.Session(settings) as session:
        stopped = session.run(recipe, stages_files=stages, watch=watch)
        assert stopped.results.left_behind == ("one at idea=hang",)
        assert stopped.counts["done"] == 1
        with pytest.raises(InvalidInput, match="E440"):
            session.run(recipe, stages_files=stages)


def test_who_asks_a_run_to_stop_may_go_on_with_the_session(studio: Path, settings: Settings) -> None:
    with orchestrator.Session(settings) as session:
        assert _run(session, studio, watch=orchestrator.Watch(cancelled=lambda: True)).results.interrupted
        assert _run(session, studio).counts["done"] == 7


def test_settings_of_a_project_count_for_its_recipes(
    studio: Path, monkeypatch: pytest.MonkeyPatch, own_store: Path
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_STORE", str(own_store))
    config = studio / "mine.toml"
    config.write_text("threads = 1\n", encoding="utf-8")
    with orchestrator.Session(config=config) as session:
        assert session.check("item-icons").settings.threads == 1


def test_a_session_offers_what_the_module_does() -> None:
    for name in ("check", "run", "pipeline"):
        ours = set(inspect.signature(getattr(orchestrator, name)).parameters) - {"settings"}
        assert set(inspect.signature(getattr(orchestrator.Session, name)).parameters) - {"self"} == ours


def test_a_second_call_of_a_pipeline_loads_nothing_and_closing_it_lets_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestrator.backends.diffusion.pattern import PatternPainter
    from orchestrator.backends.load import Loader

    loaded: list[str] = []
    load = Loader.__call__

    def counted(loader: Loader, description: Any) -> Any:
        loaded.append(description.role)
        return load(loader, description)

    monkeypatch.setattr(Loader, "__call__", counted)
    generator = orchestrator.pipeline(model=PatternPainter(), writer=Scripted(), settings=settings)
    assert generator("fire sword").size == generator("odd brass trinket").size
    assert sorted(loaded) == ["painter", "writer"]
    generator.close()
    assert _open_files(settings.store) == []
    with pytest.raises(InvalidInput, match="E440"):
        generator("ice sword")
