"""Putting, finding, reading; what is lost, damaged, foreign or full."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from orchestrator.errors import InvalidInput
from orchestrator.stage import Document, Idea, Image, Sheet
from orchestrator.store import (
    DamagedResultError,
    DiskFiles,
    GroupedWriter,
    NewResult,
    Store,
    artifact_types,
)
from orchestrator.store.journal import SCHEMA_VERSION


class Weight(Document):
    """A customer's own record."""

    grams: int


class FullDisk(DiskFiles):
    """A disk that has no room for what is larger than `room`, and leaves the torn beginning behind."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, path: Path, data: bytes) -> None:
        super().write(path, data[: self.room])
        if len(data) > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def picture(shade: int = 0, size: int = 8) -> Image:
    return Image.of(PillowImage.new("RGB", (size, size), (shade, 1, 2)))


def blob_files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "blobs").rglob("*") if path.is_file())


def code_of(problem: pytest.ExceptionInfo[InvalidInput]) -> str:
    (finding,) = problem.value.findings
    assert finding.why
    assert finding.help
    return finding.code


def test_a_result_comes_back_as_it_was_put(tmp_path: Path) -> None:
    notes = {"reasons": {"steps": "the card says 25"}, "tokens": 12, "original": "一只可爱的猫咪"}
    result = NewResult("k", "render", picture(), notes, {"torch": "2.13.0"}, seconds=1.5)
    with Store.open(tmp_path / "new" / "store") as store:
        put = store.put(result)
    with Store.open(tmp_path / "new" / "store") as store:
        found = store.find("k")
        assert found == put
        assert (found.stage, found.type, found.notes, found.seconds) == ("render", "Image", notes, 1.5)
        assert found.artifact_digest == picture().digest
        assert store.artifact(found) == picture()
        assert Image.decode(store.encoded(found)) == picture()
        assert store.find("other") is None


def test_small_documents_lie_in_the_journal_and_the_rest_in_files(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        small = store.put(NewResult("small", "s", Idea(text="x" * 1000)))
        assert small.inline
        assert blob_files(tmp_path) == []
        large = store.put(NewResult("large", "s", Idea(text="x" * 70_000)))
        drawn = store.put(NewResult("drawn", "s", picture()))
        assert not large.inline
        assert not drawn.inline
        assert len(blob_files(tmp_path)) == 2
        assert store.artifact(large) == Idea(text="x" * 70_000)


def test_names_are_legal_everywhere_and_equal_bytes_lie_once(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put_many([NewResult(key, "s", picture()) for key in ("a", "b", "c")])
    (blob,) = blob_files(tmp_path)
    assert (len(blob.parent.name), len(blob.name)) == (2, 62)
    assert set(blob.parent.name + blob.name) <= set("0123456789abcdef")


def test_an_existing_blob_is_not_written_again(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(NewResult("a", "s", picture()))
        before = blob_files(tmp_path)[0].stat()
        store.put(NewResult("b", "s", picture()))
        after = blob_files(tmp_path)[0].stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_the_oldest_sound_result_is_found_else_the_oldest_degraded(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for shade, degraded in ((1, True), (2, True), (3, False), (4, False)):
            store.put(NewResult("k", "s", picture(shade), degraded=degraded))
            found = store.find("k")
            assert found is not None
            assert found.artifact_digest == picture(1 if shade < 3 else 3).digest
        assert store.read("k", picture(4).digest) == picture(4)


@pytest.mark.parametrize("damage", ["gone", "short", "changed", "empty"])
def test_a_damaged_blob_counts_as_not_stored_until_it_is_put_again(tmp_path: Path, damage: str) -> None:
    with Store.open(tmp_path) as store:
        stored = store.put(NewResult("k", "s", picture()))
        (blob,) = blob_files(tmp_path)
        data = blob.read_bytes()
        if damage == "gone":
            blob.unlink()
        else:
            blob.write_bytes({"short": data[:-5], "changed": data[:-1] + b"!", "empty": b""}[damage])
        assert store.find("k") is None
        assert store.was_damaged("k")
        assert not store.was_damaged("other")
        with pytest.raises(DamagedResultError):
            store.artifact(stored)
        store.put(NewResult("k", "s", picture()))
        found = store.find("k")
        assert found is not None
        assert store.artifact(found) == picture()


def test_a_damaged_result_gives_way_to_a_younger_one(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(NewResult("k", "s", picture(1)))
        blob_files(tmp_path)[0].unlink()
        store.put(NewResult("k", "s", picture(2)))
        found = store.find("k")
        assert found is not None
        assert found.artifact_digest == picture(2).digest


def test_find_many_asks_for_thousands_at_once(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put_many([NewResult(f"k{number}", "s", Idea(text=str(number))) for number in range(1200)])
        found = store.find_many([f"k{number}" for number in range(0, 2400, 2)])
    assert set(found) == {f"k{number}" for number in range(0, 1200, 2)}


def test_a_customers_own_document_is_read_by_its_type(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        stored = store.put(NewResult("k", "studio.weigh", Weight(grams=5)))
        assert store.artifact(stored) == Weight(grams=5)
        assert store.artifact(stored, Weight) == Weight(grams=5)
        with pytest.raises(DamagedResultError, match="Weight"):
            store.artifact(stored, Idea)
    assert {"Idea", "Prompt", "RenderPlan", "Image", "Sheet", "Weight"} <= set(artifact_types())


def test_a_sheet_is_no_image(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        stored = store.put(NewResult("k", "s", Sheet.of(picture().pil)))
        assert type(store.artifact(stored)) is Sheet


def test_notes_that_json_does_not_know_do_not_lose_the_picture(tmp_path: Path) -> None:
    notes = {"path": Path("a"), "number": float("nan"), "pair": (1, 2), "half": "\ud800"}
    with Store.open(tmp_path) as store:
        store.put(NewResult("k", "s", picture(), notes))
        found = store.find("k")
    assert found is not None
    assert found.notes == {"path": "a", "number": "NaN", "pair": [1, 2], "half": "?"}


def test_a_full_disk_loses_only_what_did_not_fit(tmp_path: Path) -> None:
    with Store(tmp_path, FullDisk(room=200)) as store:
        store.put(NewResult("small", "s", picture()))
        noise = Image.of(PillowImage.effect_noise((64, 64), 90))
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            store.put(NewResult("large", "s", noise))
        assert store.find("large") is None
        assert store.find("small") is not None
    assert len(blob_files(tmp_path)) == 1  # the torn file is gone


def test_a_store_in_the_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(InvalidInput) as problem:
        Store.open(tmp_path / "store")
    assert code_of(problem) == "E531"


def test_a_journal_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").mkdir()
    with pytest.raises(InvalidInput) as problem:
        Store.open(tmp_path)
    assert code_of(problem) == "E531"


def test_a_journal_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(NewResult("k", "s", Idea(text="x")))
    connection = sqlite3.connect(tmp_path / "journal.sqlite")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(InvalidInput) as problem:
        Store.open(tmp_path)
    assert code_of(problem) == "E532"
    assert f"version {SCHEMA_VERSION + 1}" in problem.value.findings[0].why


def test_a_journal_that_is_no_database_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(InvalidInput) as problem:
        Store.open(tmp_path)
    assert code_of(problem) == "E533"
    assert "journal.sqlite" in problem.value.findings[0].message


def test_a_journal_with_a_torn_middle_is_a_finding_when_it_is_read(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put_many([NewResult(f"k{n}", "s", Idea(text="x" * 500)) for n in range(400)])
    path = tmp_path / "journal.sqlite"
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\xff" * (len(data) - 8192 - 4096)
    path.write_bytes(data)
    with pytest.raises(InvalidInput) as problem, Store.open(tmp_path) as store:
        store.find_many([f"k{n}" for n in range(400)])
    assert code_of(problem) == "E533"


def test_what_a_killed_process_left_behind_is_cleared_once_it_is_old(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    old, young = (tmp_path / "blobs" / "incoming" / name for name in ("1-old", "2-young"))
    for path in (old, young):
        path.write_bytes(b"torn")
    os.utime(old, (time.time() - 2 * 24 * 3600,) * 2)
    Store.open(tmp_path).close()
    assert not old.exists()
    assert young.exists()


def test_the_writer_acknowledges_what_is_on_the_disk(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, Store.open(tmp_path) as reader, GroupedWriter[int](store) as writer:
        for number in range(40):
            writer.submit(number, NewResult(f"k{number}", "s", picture(number)))
            for written in writer.acknowledged():
                assert reader.find(f"k{written.token}") is not None
        rest = [written.token for written in writer.flush()]
        assert rest[-1] == 39
        assert len(reader.find_many([f"k{number}" for number in range(40)])) == 40


def test_a_group_is_committed_in_time_without_a_flush(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store, GroupedWriter[str](store) as writer:
        writer.submit("a", NewResult("k", "s", picture()))
        until = time.monotonic() + 10
        found: list[str] = []
        while not found and time.monotonic() < until:
            found = [written.token for written in writer.acknowledged()]
            time.sleep(0.01)
        assert found == ["a"]


def test_the_writer_tells_of_each_result_that_did_not_fit(tmp_path: Path) -> None:
    with Store(tmp_path, FullDisk(room=200)) as store, GroupedWriter[str](store) as writer:
        writer.submit("small", NewResult("small", "s", picture()))
        writer.submit("large", NewResult("large", "s", Image.of(PillowImage.effect_noise((64, 64), 90))))
        writer.submit("after", NewResult("after", "s", picture(3)))
        told = {written.token: written.error for written in writer.flush()}
    assert told["small"] is None
    assert told["after"] is None
    assert isinstance(told["large"], OSError)
