"""An output folder that cannot be written is found before any work."""

from __future__ import annotations

from pathlib import Path

from orchestrator.export import check_out


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    assert check_out(tmp_path / "a" / "b") is None
    assert not list((tmp_path / "a" / "b").iterdir())


def test_a_file_in_the_place_or_above_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below" / "it"):
        finding = check_out(path)
        assert finding is not None
        assert finding.code == "E420"


def test_the_systems_refusal_is_told(tmp_path: Path) -> None:
    finding = check_out(tmp_path / ("x" * 300))
    assert finding is not None
    assert finding.code == "E421"
    assert len(finding.message) < 200
