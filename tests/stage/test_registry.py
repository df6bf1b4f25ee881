import subprocess
import sys

import pytest

from orchestrator.errors import InvalidInput
from orchestrator.stage.registry import BUILTIN_MODULES, Registry
from orchestrator.stage.stage_file import load_stage_file

STAGE = '''
"""A file of stages."""
from orchestrator.stage import Image, stage

@stage("studio.same", version=1)
def same(image: Image) -> Image:
    """Gives it back."""
    return image
'''


def source_of(tmp_path, text):
    file = tmp_path / "stages.py"
    file.write_text(text, encoding="utf-8")
    (spec,) = load_stage_file(file)
    return spec.source


def test_every_built_in_name_is_declared_in_its_module():
    registry = Registry()
    assert [registry.find(name).name for name in registry.names()] == sorted(BUILTIN_MODULES)


def test_only_the_stages_that_are_used_are_imported():
    code = (
        "import sys; from orchestrator.stage.registry import Registry; Registry().find('amend'); "
        "print([name for name in sys.modules if name == 'orchestrator.builtin.render'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_comment_redraws_nothing_and_an_edit_does(tmp_path):
    first = source_of(tmp_path, STAGE)
    assert source_of(tmp_path, STAGE.replace("Gives it back.", "Hands it back.") + "# done\n") == first
    assert source_of(tmp_path, STAGE.replace("return image", "return Image.of(image.pil)")) != first


def test_the_source_of_a_file_is_the_same_under_every_python(tmp_path):
    digest = "75bdd64411e17168c73deb1ede5cbe51726f6ffbc9d8e64e6a44b278659b64ca"
    assert source_of(tmp_path, STAGE) == f"sha256:{digest}"


@pytest.mark.parametrize("changed", ["x = '1'", "x = 1.0", "x = b'1'", "x = True", "x = (1,)", "x = [1]"])
def test_values_of_other_types_are_other_sources(tmp_path, changed):
    assert source_of(tmp_path, STAGE + "x = 1\n") != source_of(tmp_path, STAGE + changed + "\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\n", 1), ("x = 1\ny = (\n", 2), ("x = 1\nimport nothing_of_this_name\n", 2),
        ("x = 1\nraise SystemExit(3)\n", 2),
    ],
)  # fmt: skip
def test_a_broken_file_is_a_finding_with_its_line(tmp_path, text, line):
    with pytest.raises(InvalidInput) as raised:
        source_of(tmp_path, text)
    (finding,) = raised.value.findings
    assert (finding.code, finding.span.line) == ("E406", line)
