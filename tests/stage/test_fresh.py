"""A stage file counts with every local module that it imports, and with each file beside it that it opens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.errors import InvalidInput
from orchestrator.runtime import Results
from orchestrator.stage.declaration import StageSpec
from orchestrator.stage.stage_file import load_stage_file
from orchestrator.store import Store
from tests import graphs
from tests.runtime.workshop import QuickFiles, run

HEAD = """\
import pathlib, sys
from orchestrator.stage import Idea, Prompt, stage

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
"""
STAGE = """
@stage("f.words", version=1{declared})
def words(idea: Idea) -> Prompt:
    {body}
"""
Y = "def y(text):\n    return text + ' one'\n"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


class Studio:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def stages(self, body: str, head: str = "", declared: str = "") -> None:
        self.write(stages_dot_py=HEAD + head + STAGE.format(body=body, declared=declared))

    def spec(self) -> StageSpec:
        (spec,) = load_stage_file(self.folder / "stages.py")
        return spec

    def source(self) -> str:
        return self.spec().source

    def results(self, store: Store) -> Results:
        spec = self.spec()
        node = graphs.node("one", spec.function, {"idea": graphs.IDEA}, ("idea",))
        return run(graphs.graph({"idea": {"a": {"value": "a"}}}, [replace(node, spec=spec)]), store)

    def said(self, store: Store) -> str:
        (item,) = self.results(store).items.values()
        return getattr(item.artifact(), "subject") if item.artifact_digest else item.code  # noqa: B009 - a Prompt


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "studio")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store", QuickFiles()) as opened:
        yield opened


IMPORTS = {
    "at the top": ("import x1\n", "return Prompt(subject=x1.y(idea.text))"),
    "from": ("from x1 import y\n", "return Prompt(subject=y(idea.text))"),
    "in the function": ("", "import x1; return Prompt(subject=x1.y(idea.text))"),
    "by name": ("import importlib\n", "return Prompt(subject=importlib.import_module('x1').y(idea.text))"),
}


@pytest.mark.parametrize("how", IMPORTS)
def test_an_edited_helper_runs_the_stage_again(studio: Studio, store: Store, how: str) -> None:
    """Both texts have one length and one second, so that a cache of Python's is no witness."""
    head, body = IMPORTS[how]
    studio.stages(body, head)
    studio.write(x1_dot_py=Y)
    assert studio.said(store) == "a one"
    studio.write(x1_dot_py=Y.replace("one", "two"))
    assert studio.said(store) == "a two"
    studio.write(x1_dot_py=Y)
    assert studio.said(store) == "a one"


def test_helpers_count_as_deep_as_they_go(studio: Studio, store: Store) -> None:
    studio.stages("return Prompt(subject=top(idea.text))", "from x2.a import top\n")
    studio.write(
        x2____init___dot_py="",
        x2__a_dot_py="from .b import mid as top\n",
        x2__b_dot_py="from . import c\nmid = c.y\n",
        x2__c_dot_py=Y,
    )
    for word in ("one", "two"):
        (studio.folder / "x2/c.py").write_text(Y.replace("one", word), encoding="utf-8")
        (studio.folder / "x2/__init__.py").write_text("", encoding="utf-8")
        assert studio.said(store) == f"a {word}"


def test_a_helper_that_nobody_imports_and_a_comment_count_for_nothing(studio: Studio) -> None:
    studio.stages("return Prompt(subject=y(idea.text))", "from x3 import y\n")
    studio.write(x3_dot_py=Y, other_dot_py="x = 1\n")
    before = studio.source()
    studio.write(x3_dot_py=f"# a comment\n{Y}", other_dot_py="x = 2\n")
    assert studio.source() == before


def test_a_file_without_helpers_counts_as_it_always_did(studio: Studio) -> None:
    from orchestrator.stage.source_digest import source_of

    studio.stages("return Prompt(subject=idea.text)")
    assert studio.source() == source_of((studio.folder / "stages.py").read_text(encoding="utf-8"))


def test_a_file_that_is_opened_at_import_counts(studio: Studio, store: Store) -> None:
    studio.stages("return Prompt(subject=idea.text + WORD)", "WORD = (HERE / 'word.txt').read_text()\n")
    studio.write(word_dot_txt=" one")
    assert studio.said(store) == "a one"
    studio.write(word_dot_txt=" two")
    assert studio.said(store) == "a two"


def test_a_declared_file_counts_and_may_be_opened(studio: Studio, store: Store) -> None:
    body = "return Prompt(subject=idea.text + (HERE / 'looks/word.txt').read_text())"
    studio.stages(body, declared=', files=["looks/word.txt"]')
    for word in (" one", " two"):
        studio.write(looks__word_dot_txt=word)
        assert studio.said(store) == f"a{word}"


def test_a_file_that_is_not_declared_is_refused_by_name(studio: Studio, store: Store) -> None:
    studio.stages("return Prompt(subject=(HERE / 'word.txt').read_text())")
    studio.write(word_dot_txt="one")
    (item,) = studio.results(store).items.values()
    assert (item.outcome, item.code) == ("failed", "E548")
    assert "'word.txt'" in item.message
    assert '@stage("f.words", version=1, files=["word.txt"])' in item.help


def test_a_module_that_is_found_at_run_time_only_is_refused_by_name(studio: Studio, store: Store) -> None:
    body = "import importlib; return Prompt(subject=importlib.import_module('x' + '4').y(idea.text))"
    studio.stages(body)
    studio.write(x4_dot_py=Y)
    (item,) = studio.results(store).items.values()
    assert (item.outcome, item.code) == ("failed", "E548")
    assert "'x4.py'" in item.message


def test_what_lies_elsewhere_and_what_is_written_is_no_matter(studio: Studio, store: Store) -> None:
    (studio.folder.parent / "elsewhere.txt").write_text("one", encoding="utf-8")
    body = "(HERE / 'log').write_text('x'); return Prompt(subject=ELSEWHERE.read_text())"
    studio.stages(body, "ELSEWHERE = HERE.parent / 'elsewhere.txt'\n")
    assert studio.said(store) == "one"


@pytest.mark.parametrize("name", ["none.txt", "../secret.txt"])
def test_a_declared_file_that_cannot_be_is_a_finding(studio: Studio, name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    studio.stages("return Prompt(subject='x')", declared=f", files=[{name!r}]")
    with pytest.raises(InvalidInput) as problem:
        studio.spec()
    assert [finding.code for finding in problem.value.findings] == ["E406"]
