from __future__ import annotations

import sys

import pytest

from orchestrator.doors import Door
from orchestrator.errors import InvalidInput
from tests.packages import packed

DOOR = Door("orchestrator.formats", "export format")
SECOND = Door("orchestrator.formats", "export format", version=2)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    def install(name, groups, files=None, **more):
        monkeypatch.syspath_prepend(packed(tmp_path, name, groups, files, **more))

    return install


def told(call, *arguments):
    with pytest.raises(InvalidInput) as raised:
        call(*arguments)
    (finding,) = raised.value.findings
    return finding


def test_nothing_is_imported_before_it_is_loaded(installed):
    files = {"door_lazy.py": "FORMAT = 7\n"}
    installed("door-lazy", {"orchestrator.formats": {"lazy": "door_lazy:FORMAT"}}, files, version="2.1")
    offer = DOOR.find("lazy")
    assert (offer.package, offer.release, offer.thing) == ("door-lazy", "2.1", "export format")
    assert "lazy" in DOOR.names()
    assert DOOR.findings() == ()
    assert "door_lazy" not in sys.modules
    assert offer.load() == 7


def test_a_door_has_only_what_its_own_group_offers(installed):
    installed("door-other", {"orchestrator.formatsx": {"a": "b"}, "orchestrator.formats.beta": {"c": "d"}})
    assert DOOR.find("a") is None
    assert DOOR.find("c") is None


def test_what_cannot_be_imported_is_told_with_its_package_and_tried_once(installed):
    text = "import sys\nsys.tried = getattr(sys, 'tried', 0) + 1\nraise SystemExit('no licence')\n"
    installed("door-broken", {"orchestrator.formats": {"broken": "door_broken"}}, {"door_broken.py": text})
    for _ in range(2):
        finding = told(DOOR.find("broken").load)
        assert finding.code == "E409"
        assert "door-broken 1.0 cannot be used: SystemExit: no licence" in finding.message
        assert finding.fix == "python -m pip uninstall door-broken"
    assert sys.tried == 1
    del sys.tried


@pytest.mark.parametrize("target", ["door_that_is_not_there", "json:nothing", "", "json:a..b"])
def test_a_target_that_leads_nowhere(installed, target):
    installed("door-nowhere", {"orchestrator.formats": {"nowhere": target}})
    assert told(DOOR.find("nowhere").load).code == "E409"


def test_two_packages_with_one_name_are_no_choice(installed):
    installed("door-one", {"orchestrator.formats": {"same": "door_one"}})
    installed("door-two", {"orchestrator.formats": {"same": "door_two"}})
    finding = told(DOOR.find, "same")
    assert finding.code == "E417"
    assert "door-one 1.0 and door-two 1.0 both offer the export format 'same'" in finding.message
    assert "`python -m pip uninstall door-one` or `python -m pip uninstall door-two`" in finding.help
    assert DOOR.findings() == (finding,)


@pytest.mark.parametrize(
    ("door", "group", "written", "has"),
    [(DOOR, "orchestrator.formats.v2", 2, 1), (SECOND, "orchestrator.formats", 1, 2)],
)
def test_a_package_for_another_version_is_told_with_both(installed, door, group, written, has):
    installed("door-when", {group: {"when": "door_when"}}, {"door_when.py": "raise SystemError\n"})
    finding = told(door.find, "when")
    assert finding.code == "E418"
    assert f"version {written} of the door 'orchestrator.formats'" in finding.message
    assert f"this orchestrator has version {has}" in finding.message
    assert finding.fix == "python -m pip uninstall door-when"
    assert "door_when" not in sys.modules


def test_a_package_may_serve_two_versions(installed):
    groups = {"orchestrator.formats": {"both": "json"}, "orchestrator.formats.v2": {"both": "csv"}}
    installed("door-both", groups)
    assert (DOOR.find("both").load().__name__, SECOND.find("both").load().__name__) == ("json", "csv")


def test_a_name_that_is_built_in_is_not_replaced(installed):
    installed("door-shadow", {"orchestrator.formats": {"files": "door_shadow"}})
    (finding,) = DOOR.findings(["files"])
    assert (finding.code, finding.severity) == ("W670", "warning")
    assert "'files' of door-shadow 1.0 is not used" in finding.message
    assert finding.fix == "python -m pip uninstall door-shadow"


def test_a_package_that_is_installed_meanwhile_is_found(installed):
    assert DOOR.find("later") is None
    installed("door-later", {"orchestrator.formats": {"later": "json"}})
    assert DOOR.find("later") is not None


def test_a_folder_of_data_is_found_without_running_the_package(installed):
    files = {
        "door_data/__init__.py": "raise SystemError\n",
        "door_data/deep/styles/neon.yaml": "prompt: neon",
    }
    installed("door-data", {"orchestrator.styles": {"door-data": "door_data.deep.styles"}}, files)
    folder = Door("orchestrator.styles", "styles").find("door-data").folder()
    assert (folder / "neon.yaml").read_text("utf-8") == "prompt: neon"
    assert "door_data" not in sys.modules


@pytest.mark.parametrize("target", ["json.nothing", "door_not_there", "", "sys", "..", "json:styles"])
def test_a_folder_that_is_not_there(installed, target):
    installed("door-empty", {"orchestrator.styles": {"door-empty": target}})
    offer = Door("orchestrator.styles", "styles").find("door-empty")
    assert told(offer.folder).code == "E409"


@pytest.mark.parametrize("file", ["METADATA", "entry_points.txt"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"[[[\n=\n", b"[orchestrator.formats]\nx\n"])
def test_a_damaged_package_hides_no_other(installed, tmp_path, file, data):
    installed("door-damaged", {"orchestrator.formats": {"damaged": "json"}})
    (tmp_path / "site-door-damaged-1.0" / "door_damaged-1.0.dist-info" / file).write_bytes(data)
    installed("door-sound", {"orchestrator.formats": {"sound": "json"}})
    assert DOOR.find("sound").package == "door-sound"
    DOOR.find("damaged")


@pytest.mark.parametrize("group", ["orchestrator.format", "orchestrator.formats.b", "orchestrator.fromats"])
def test_a_group_that_is_no_door_is_told_at_the_one_that_was_meant(installed, group):
    installed("door-astray", {group: {"astray": "json"}})
    (finding,) = DOOR.findings()
    assert (finding.code, finding.severity) == ("W671", "warning")
    assert f"door-astray 1.0 offers 'astray' in the entry-point group {group!r}" in finding.message
    assert "write `orchestrator.formats`" in finding.help
    assert Door("orchestrator.stages", "stage").findings() == ()
