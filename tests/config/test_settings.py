"""Who may say what: the environment, the operator's files, a project's file."""

from __future__ import annotations

import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import Literal

import platformdirs
import pytest

from orchestrator.config import Settings, config_folder, settings_from, unusable_settings
from orchestrator.config.file import CAPS
from orchestrator.config.settings import platform_folder
from orchestrator.config.trust import Trust
from orchestrator.errors import InvalidInput
from orchestrator.recipe import Caps


@pytest.fixture
def machine(tmp_path):
    """A user's config folder and a clone; gives the settings of a recipe in the clone."""
    user, clone = tmp_path / "user", tmp_path / "clone"
    user.mkdir()
    (clone / "recipes").mkdir(parents=True)
    (clone / ".git").mkdir()
    return Machine(user, clone)


class Machine:
    def __init__(self, user: Path, clone: Path) -> None:
        self.user, self.clone = user, clone

    def write(self, user: str = "", project: str = "") -> None:
        (self.user / "config.toml").write_text(user, encoding="utf-8")
        (self.clone / "orchestrator.toml").write_text(project, encoding="utf-8")

    def settings(self, config: Path | None = None, **environment: str):
        names = {f"ORCHESTRATOR_{name.upper()}": value for name, value in environment.items()}
        return settings_from(
            {"ORCHESTRATOR_CONFIG": str(self.user), **names}, config=config, project=self.clone / "recipes"
        )


def test_the_environment_wins_then_config_then_the_project_then_the_user(machine, tmp_path):
    machine.write("threads = 3\ndevice = 'cpu'\ndtype = 'float32'\n", "threads = 4\ndevice = 'cuda'\n")
    named = tmp_path / "other.toml"
    named.write_text("threads = 5\n", encoding="utf-8")
    assert machine.settings().threads == 4
    assert (machine.settings().device, machine.settings().dtype) == ("cuda", "float32")
    assert machine.settings(named).threads == 5
    assert machine.settings(named, threads="6").threads == 6


def test_store_tilde(machine, monkeypatch):
    monkeypatch.setenv("HOME", str(machine.user))
    monkeypatch.setenv("USERPROFILE", str(machine.user))
    assert machine.settings(store="~/kept").store == machine.user / "kept"
    assert machine.settings(store="~nobody-of-this-name/x").store == Path("~nobody-of-this-name/x")
    assert config_folder({"ORCHESTRATOR_CONFIG": "~/settings"}) == machine.user / "settings"


@pytest.mark.parametrize(
    ("device", "dtype", "fixes"),
    [
        ("gpu", "auto", ["ORCHESTRATOR_DEVICE=cuda"]),
        ("GPU:1", "auto", ["ORCHESTRATOR_DEVICE=cuda:1"]),
        ("CUDA", "fp16", ["ORCHESTRATOR_DEVICE=cuda", "ORCHESTRATOR_DTYPE=float16"]),
        ("toaster", "int8", ["", ""]),
        ("cpu", "bfloat", ["ORCHESTRATOR_DTYPE=bfloat16"]),
        ("cuda:1", "bfloat16", []),
        ("auto", "auto", []),
        ("mps", "float32", []),
    ],
)
def test_device_and_precision(device, dtype, fixes):
    found = list(unusable_settings(Settings(Path("store"), device=device, dtype=dtype)))
    assert [(each.code, each.fix) for each in found] == [("E320", fix) for fix in fixes]


@pytest.mark.parametrize(("text", "threads", "told"), [("8", 8, 0), ("", 2, 0), ("two", 2, 1), ("-1", 2, 1)])
def test_threads_that_are_no_number_are_told(machine, text, threads, told):
    settings = machine.settings(threads=text)
    assert settings.threads == threads
    assert [each.code for each in settings.findings] == ["W641"] * told


def test_an_empty_variable_is_none(machine):
    machine.write("device = 'cpu'\n")
    assert machine.settings(device="", dtype="").device == "cpu"


def test_paths_count_from_the_file_that_names_them(machine):
    machine.write('store = "store"\nroots = ["../engine"]\nstages = ["a.py"]\n')
    settings = machine.settings()
    assert settings.store == machine.user / "store"
    assert settings.roots == (machine.user / "../engine",)
    assert [file.path for file in settings.stages] == [machine.user / "a.py"]


def test_an_operator_raises_caps_and_a_project_does_not(machine, tmp_path):
    machine.write("caps.items = 5\ncaps.idea = 9\n", "[caps]\nitems = 7\n")
    settings = machine.settings()
    assert settings.caps == {"items": 5, "idea": 9}
    assert [finding.code for finding in settings.findings] == ["W640"]
    named = tmp_path / "other.toml"
    named.write_text("[caps]\nitems = 8\n", encoding="utf-8")
    assert machine.settings(named).caps == {"items": 8, "idea": 9}


def test_the_caps_of_a_config_file_are_those_of_recipes():
    assert tuple(field.name for field in fields(Caps)) == CAPS


@pytest.mark.parametrize("text", ["caps = 3", "caps.itmes = 3", "caps.items = 0", "caps.items = true"])
def test_wrong_caps_are_findings(machine, text):
    machine.write(text)
    with pytest.raises(InvalidInput) as raised:
        machine.settings()
    assert [finding.code for finding in raised.value.findings] == ["E451"]


def test_a_project_sets_harmless_keys_only_until_its_file_is_trusted(machine):
    text = 'store = "/elsewhere"\nroots = [".."]\nstages = ["stages.py"]\nthreads = 1\n'
    machine.write(project=text)
    settings = machine.settings(store="own")
    assert (settings.store, settings.roots, settings.stages, settings.threads) == (Path("own"), (), (), 1)
    assert [file.path.name for file in settings.offered] == ["stages.py"]
    assert [(finding.code, finding.span.line) for finding in settings.findings] == [("W640", 1), ("W640", 2)]
    Trust(machine.user).add(machine.clone / "orchestrator.toml")
    settings = machine.settings()
    assert (settings.store, len(settings.roots), settings.findings) == (Path("/elsewhere"), 1, ())
    assert not settings.stages
    machine.write(project=text + "\n")
    assert not machine.settings().roots


def test_a_file_above_the_repository_is_not_read(machine):
    (machine.clone.parent / "orchestrator.toml").write_text("threads = 9\n", encoding="utf-8")
    assert machine.settings().threads == 2


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("threads = 2\nthreds = 2\n", "E451", 2),
        ("threads = 0\n", "E451", 1),
        ("threads = true\n", "E451", 1),
        ('dtype = "float8"\n', "E451", 1),
        ('roots = "x"\n', "E451", 1),
        ("\n[stages]\na = 1\n", "E451", 2),
        ("threads = \n", "E450", 1),
    ],
)
def test_a_wrong_file_is_a_finding_with_its_line(machine, text, code, line):
    machine.write(text)
    with pytest.raises(InvalidInput) as raised:
        machine.settings()
    (finding,) = raised.value.findings
    assert (finding.code, finding.span.line) == (code, line)


def test_trust_is_for_a_file_as_it_was(tmp_path):
    trust, file = Trust(tmp_path / "config"), tmp_path / "stages.py"
    file.write_bytes(b"x = 1\n")
    assert trust.state(file, b"x = 1\n") == "unknown"
    trust.add(file)
    assert trust.state(file, b"x = 1\n") == "trusted"
    assert trust.state(file, b"x = 2\n") == "changed"
    assert trust.state(tmp_path / "other.py", b"x = 1\n") == "unknown"
    assert trust.remove(file)
    assert not trust.remove(file)
    assert trust.state(file, b"x = 1\n") == "unknown"


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"files": 3}', b"\xff"])
def test_a_broken_list_trusts_nothing(tmp_path, data):
    (tmp_path / "trusted.json").write_bytes(data)
    assert Trust(tmp_path).files() == {}


@pytest.mark.parametrize("named", ["", " ", "/srv/cache", "relative"])
@pytest.mark.parametrize("kind", ["cache", "config"])
def test_folders_are_those_of_platformdirs(
    kind: Literal["cache", "config"], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", named)
    find = platformdirs.user_cache_dir if kind == "cache" else platformdirs.user_config_dir
    assert platform_folder(kind) == Path(find("orchestrator", appauthor=False))


HOSTILE = {
    "lists": "a = " + "[" * 100_000,
    "tables": "a = " + "{b = " * 100_000,
    "a dotted key": "a" + ".a" * 100_000 + " = 1",
    "a dotted key of texts": '"a"' + ". 'a'" * 20_000 + " = 1",
    "a dotted table": "[a" + ".a" * 20_000 + "]",
    "comments": "# x\n" * 200_000,
    "one name": "a" * 250_000,
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_strangers_file_that_would_hold_the_machine_is_a_finding(machine, how):
    machine.write(project=HOSTILE[how])
    started = time.process_time()
    with pytest.raises(InvalidInput) as problem:
        machine.settings()
    assert time.process_time() - started < 1
    assert [finding.code for finding in problem.value.findings] == ["E450"]


def test_dots_and_brackets_within_texts_and_comments_are_none(machine):
    deep = "[" * 40
    machine.write(project=f'device = "{"a." * 40}{deep}"  # {deep}{"a." * 40}\nthreads = 3\n')
    assert machine.settings().threads == 3


@pytest.mark.parametrize("line", ['stages = ["\\u0000"]', 'device = "\\u0000"', 'roots = ["\\u0000"]'])
def test_a_nul_is_no_part_of_a_name(machine, line):
    machine.write(project=line)
    with pytest.raises(InvalidInput) as problem:
        machine.settings()
    assert [finding.code for finding in problem.value.findings] == ["E451"]


def test_a_home_of_nobody_stands_for_itself(machine):
    machine.write(user='roots = ["~nobody-of-that-name/x"]')
    assert machine.settings().roots == (machine.user / "~nobody-of-that-name/x",)


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_projects_file_that_is_a_link_out_of_it_is_not_followed(machine, tmp_path):
    (tmp_path / "secret").write_text("password = hunter2")
    (machine.clone / "orchestrator.toml").symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidInput) as problem:
        machine.settings()
    assert "leads out" in problem.value.findings[0].message
    assert problem.value.sources == {}
