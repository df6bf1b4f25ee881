"""Every block of the documents runs as it stands; every ready recipe and example does too."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fences import Fence, commands, fences, typed

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NETWORK = {"pipelines/stable-diffusion-1-4.yaml": "E310", "pipelines/two-painters.yaml": "E310"}
"""Ready recipes whose model nobody has before its first download, and what is said then."""


def _blocks() -> list[tuple[Path, Fence]]:
    return [(path, fence) for path in DOCUMENTS for fence in fences(path.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, shared_store: Path) -> Iterator[Path]:
    """A checkout as far as the documents speak of it, with a checkpoint of one's own, and no screen."""
    from tests.backends.diffusion.tiny_checkpoints import stable_diffusion_1_4

    folder = tmp_path_factory.mktemp("checkout")
    for name in ("pipelines", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    stable_diffusion_1_4(folder / "models" / "my-checkpoint")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        patched.setattr("PIL.ImageShow._viewers", [_NoScreen()])
        yield folder


class _NoScreen:
    """Takes the picture that `Image.show` hands to a viewer."""

    def show(self, image: object, **options: object) -> bool:
        return image is not None and options is not None


@pytest.fixture(scope="module")
def names() -> dict[Path, dict[str, object]]:
    """What the python blocks of a document have defined so far."""
    return {}


@pytest.mark.parametrize(
    ("path", "fence"), _blocks(), ids=[f"{path.name}:{fence.line}" for path, fence in _blocks()]
)
def test_a_block_runs_as_it_stands(
    path: Path, fence: Fence, workspace: Path, names: dict[Path, dict[str, object]]
) -> None:
    if fence.language == "python":
        code = compile("\n" * (fence.line - 1) + fence.text, str(path), "exec", dont_inherit=True)
        exec(code, names.setdefault(path, {}))  # noqa: S102 - our own document
    elif fence.language == "yaml":
        (workspace / "block.yaml").write_text(fence.text, encoding="utf-8")
        assert typed("orchestrator validate block.yaml").status == 0
    elif fence.language == "toml":
        (workspace / "block.toml").write_text(fence.text, encoding="utf-8")
        assert typed("orchestrator --config block.toml models").status == 0
    elif fence.language in {"sh", "console"}:
        for command in commands(fence.text):
            _check(command)
    else:
        assert fence.language == "text"


def _check(command: str) -> None:
    program, *arguments = shlex.split(command, comments=True)
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert {argument for argument in arguments if "=" not in argument} <= set(targets)
    elif arguments[:1] == ["-m"]:
        assert arguments[1] in {"venv", "pip"}
        assert set(arguments) >= {"-c"} or "--no-deps" in arguments or arguments[1] == "venv"
    else:
        outcome = typed(command.removeprefix(".venv/bin/"))
        assert outcome.status == 0, outcome.output


@pytest.mark.parametrize("path", sorted((ROOT / "pipelines").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_ready_recipe_is_valid(path: Path) -> None:
    outcome = typed(f"orchestrator validate {shlex.quote(str(path))} --format concise")
    expected = NETWORK.get(path.relative_to(ROOT).as_posix())
    if expected is None:
        assert outcome.status == 0, outcome.output
    else:
        assert set(re.findall(r"error\[(\w+)\]", outcome.output)) == {expected}


def test_every_example_is_named_in_a_document() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    for path in (ROOT / "examples").iterdir():
        if path.is_file():
            assert f"examples/{path.name}" in text


def test_the_readme_installs_what_the_makefile_installs() -> None:
    makefile, readme = ((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", "README.md"))
    (pinned,) = re.findall(r"--no-deps (\S+)", makefile)
    assert f"--no-deps {pinned}" in readme
