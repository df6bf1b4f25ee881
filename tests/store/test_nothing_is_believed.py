"""What the store holds is compared with its digests before use; what differs is put aside and made again."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from orchestrator.errors import InvalidInput
from orchestrator.stage import Idea, Image
from orchestrator.stage.canonical import digest_of
from orchestrator.store import DamagedResultError, NewResult, Store
from orchestrator.store.journal import Journal


def picture(shade: int = 0) -> Image:
    return Image.of(PillowImage.new("RGB", (8, 8), (shade, 1, 2)))


def change(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(folder / "journal.sqlite")
    with connection:
        connection.execute(statement, values)
    connection.close()


def rows(folder: Path, table: str = "results") -> int:
    connection = sqlite3.connect(folder / "journal.sqlite")
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a constant
    connection.close()
    return count


def plant(folder: Path, shown: Image) -> str:
    """A picture's file in the store; the digest of its bytes."""
    buffer = io.BytesIO()
    shown.pil.save(buffer, "PNG")
    blob = digest_of(buffer.getvalue()).removeprefix("sha256:")
    path = folder / "blobs" / blob[:2] / blob[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return f"sha256:{blob}"


DAMAGES = {
    "document": b'{"text":"goldan apple"}',
    "document of another type": 7,
    "artifact_digest": "sha256:00",
    "blob": "sha256:00",
    "type": "Prompt",
    "stage": "t.other",
    "notes": '{"seen": 2}',
    "notes that are no JSON": "{",
    "notes that are a list": "[1]",
    "environment": "[1]",
    "environment of numbers": '{"torch": 2}',
    "seconds": 17.0,
    "seconds that are a text": "soon",
    "degraded": 1,
    "seal": "",
    "text that is no UTF-8": b"\xff\xfe",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_is_put_aside_and_its_result_made_again(tmp_path: Path, damage: str) -> None:
    wanted = Idea(text="golden apple")
    result = NewResult("k", "t.words", wanted, {"seen": 1}, {"torch": "2"}, seconds=1.0)
    with Store.open(tmp_path) as store:
        stored = store.put(result)
    column = "environment" if damage.startswith("text that") else damage.split(maxsplit=1)[0]
    change(tmp_path, f"UPDATE results SET {column} = ?", DAMAGES[damage])  # noqa: S608 - a constant
    with Store.open(tmp_path) as store:
        assert store.find("k") is None
        assert store.was_damaged("k")
        assert (rows(tmp_path), rows(tmp_path, "set_aside")) == (0, 1)
        store.put(result)
    with Store.open(tmp_path) as store:
        assert store.find("k") == stored
        assert store.artifact(stored) == wanted


@pytest.mark.parametrize("bit", range(8))
def test_no_flipped_bit_of_a_document_is_given_to_a_reader(tmp_path: Path, bit: int) -> None:
    with Store.open(tmp_path) as store:
        stored = store.put(NewResult("k", "s", Idea(text="golden apple")))
        data = bytearray(Idea(text="golden apple").encode())
        data[12] ^= 1 << bit
        change(tmp_path, "UPDATE results SET document = ?", bytes(data))
        with pytest.raises(DamagedResultError):
            store.artifact(stored)
        with pytest.raises(DamagedResultError):
            store.read("k", stored.artifact_digest)


def test_a_row_of_an_earlier_version_is_taken_and_its_document_compared(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for key in "ab":
            store.put(NewResult(key, "s", Idea(text=key)))
    change(tmp_path, "ALTER TABLE results DROP COLUMN seal")
    change(tmp_path, "PRAGMA user_version = 1")
    change(tmp_path, "UPDATE results SET document = ? WHERE key = 'b'", Idea(text="c").encode())
    with Store.open(tmp_path) as store:
        assert set(store.find_many(["a", "b"])) == {"a"}
        store.put(NewResult("b", "s", Idea(text="b")))
        assert set(store.find_many(["a", "b"])) == {"a", "b"}


def test_a_picture_that_is_not_what_its_row_says_is_not_given(tmp_path: Path) -> None:
    """Whoever may write a store can seal a row of their own: the pixels are compared when they are read."""
    with Store.open(tmp_path) as store:
        stored = store.put(NewResult("k", "s", picture()))
    blob = plant(tmp_path, picture(200))
    change(tmp_path, "UPDATE results SET blob = ?, seal = NULL", blob)
    with Store.open(tmp_path) as store:
        with pytest.raises(DamagedResultError):
            store.read("k", stored.artifact_digest, Image)
        assert store.find("k") is None
        store.put(NewResult("k", "s", picture()))
        assert store.read("k", stored.artifact_digest, Image) == picture()


def test_an_approved_picture_is_taken_by_its_digest(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(NewResult("k", "s", picture()))
        store.put(NewResult("other", "s", picture()))
    blob = plant(tmp_path, picture(200))
    change(tmp_path, "UPDATE results SET blob = ?, seal = NULL WHERE key = 'k'", blob)
    with Store.open(tmp_path) as store:
        found = store.holding(picture().digest, Image)
        assert found is not None
        assert (found.key, store.artifact(found)) == ("other", picture())


def test_a_result_of_another_type_is_made_again(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(NewResult("k", "s", Idea(text="x")))
        assert store.find_many(["k"], "Image") == {}
        store.put(NewResult("k", "s", picture()))
        assert store.find_many(["k"], "Image")["k"].artifact_digest == picture().digest


def test_a_blob_that_no_decoder_takes_is_put_aside(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        stored = store.put(NewResult("k", "s", picture()))
        data = b"no picture"
        blob = digest_of(data).removeprefix("sha256:")
        (tmp_path / "blobs" / blob[:2]).mkdir(exist_ok=True)
        (tmp_path / "blobs" / blob[:2] / blob[2:]).write_bytes(data)
        change(tmp_path, "UPDATE results SET blob = ?, seal = NULL", f"sha256:{blob}")
        with pytest.raises(DamagedResultError):
            store.read("k", stored.artifact_digest, Image)
        assert store.find("k") is None


class Failing(sqlite3.Connection):
    """A disk that cannot be read."""

    def execute(self, *arguments: object) -> sqlite3.Cursor:
        if str(arguments[0]).startswith("SELECT"):
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(*arguments)  # type: ignore[arg-type]


def test_an_error_of_the_disk_when_reading_is_a_finding(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        stored = store.put(NewResult("k", "s", Idea(text="x")))
        journal: Journal = store._journal
        good, bad = journal._connection, sqlite3.connect(tmp_path / "journal.sqlite", factory=Failing)
        journal._connection = bad
        for ask in (
            lambda: store.find("k"),
            lambda: store.recorded("k", stored.artifact_digest),
            lambda: store.holding(stored.artifact_digest, Idea),
            lambda: store.read("k", stored.artifact_digest),
        ):
            with pytest.raises(InvalidInput) as problem:
                ask()
            assert [finding.code for finding in problem.value.findings] == ["E531"]
            assert "disk I/O error" in problem.value.findings[0].message
        with pytest.raises(DamagedResultError):
            store.artifact(stored)
        bad.close()
        journal._connection = good


def test_a_journal_that_lost_its_table_is_a_finding(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        change(tmp_path, "DROP TABLE results")
        with pytest.raises(InvalidInput) as problem:
            store.find("k")
    assert problem.value.findings[0].code == "E533"
