"""A format out of a package: its files, or a finding that names the package, and nothing between."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as PillowImage

from orchestrator.errors import InvalidInput
from orchestrator.export.formats import format_of
from orchestrator.format import Piece
from orchestrator.stage import Image
from tests.packages import packed

GOOD = """\
from orchestrator.format import Field, FormatOptions, OutputFile


class Options(FormatOptions):
    quality: int = Field(default=80, ge=1, le=100)


class Raw:
    '''Bare pixels.'''

    options = Options

    def endings(self, kind):
        return (".raw",)

    def files(self, pieces, options):
        for piece in pieces:
            yield OutputFile(f"{piece.stem}.raw", piece.artifact.pil.tobytes())


FORMAT = Raw()
"""
STEMS = ("a/x", "a/y")


@pytest.fixture
def formatted(tmp_path, monkeypatch, request):
    """The format that a package has, with some of its text replaced."""

    def make(before="", after="", target="FORMAT"):
        module = f"pack_{abs(hash((request.node.name, before, after)))}"
        assert before in GOOD
        files = {f"{module}.py": GOOD.replace(before, after)}
        points = {"orchestrator.formats": {"raw": f"{module}:{target}"}}
        monkeypatch.syspath_prepend(packed(tmp_path, "studio-raw", points, files))
        return format_of("raw")

    return make


def given(format_, stems=STEMS):
    picture = Image.of(PillowImage.new("L", (1, 1), 7))
    return list(format_.files((Piece(stem, picture) for stem in stems), format_.options()))


def refused(call, *arguments):
    with pytest.raises(InvalidInput) as raised:
        call(*arguments)
    (finding,) = raised.value.findings
    assert "'raw' of studio-raw 1.0" in finding.message
    assert finding.fix == "python -m pip uninstall studio-raw"
    assert finding.span is None
    return finding.code, finding.message


def test_a_sound_one_gives_its_files(formatted):
    format_ = formatted()
    assert [(file.name, file.read()) for file in given(format_)] == [("a/x.raw", b"\7"), ("a/y.raw", b"\7")]
    assert format_.endings(Image) == (".raw",)
    assert format_.options(quality=3).quality == 3


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("FORMAT = Raw()", "FORMAT = Raw", "it is a class"),
        ("FORMAT = Raw()", "FORMAT = 7", "is no format: it lacks `options`"),
        ("FORMAT = Raw()", "FORMAT = [][0]", "IndexError"),
        ("FORMAT = Raw()", "", "has no attribute 'FORMAT'"),
        ("options = Options", "options = Options()", "no subclass of FormatOptions"),
        ("options = Options", "options = dict", "no subclass of FormatOptions"),
        ("quality: int", "name: int", "its key 'name' is one that every entry"),
        ("quality: int", "quality: 'Nowhere'", "its `options` cannot be used"),
        ("def endings", "def ending", "it lacks `endings`"),
    ],
)
def test_what_is_no_format(formatted, before, after, said):
    code, message = refused(formatted, before, after)
    assert code == "E409"
    assert said in message


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("return (7,)", "7 is no ending"),
        ("return ('',)", "'' is no ending"),
        ("return ('/../x',)", "'/../x' is no ending"),
        ("return (':x',)", "is no ending"),
        ("return '.raw'", "the text '.raw', not a tuple: write `('.raw',)`"),
        ("return 'raw'", "the text 'raw', not a tuple"),
        ("return 7", "TypeError"),
        ("raise KeyError(kind)", "KeyError"),
        ("raise SystemExit", "SystemExit"),
        ("import itertools; return itertools.repeat(7)", "7 is no ending"),
    ],
)
def test_endings_that_are_none(formatted, after, said):
    format_ = formatted('return (".raw",)', after)
    code, message = refused(format_.endings, Image)
    assert code == "E409"
    assert said in message


YIELD = 'yield OutputFile(f"{piece.stem}.raw", piece.artifact.pil.tobytes())'


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("yield OutputFile('../x.raw', b'')", "'../x.raw', which is no file inside its folder"),
        ("yield OutputFile('/x.raw', b'')", "no file inside its folder"),
        ("yield OutputFile('c:x.raw', b'')", "no file inside its folder"),
        ("yield OutputFile('.orchestrator-manifest.json', b'')", "no file inside its folder"),
        ("yield OutputFile('a/con.raw', b'')", "'a/con.raw', which is no file inside its folder"),
        ("yield OutputFile('x.raw.', b'')", "no file inside its folder"),
        ("yield OutputFile('a /x.raw', b'')", "no file inside its folder"),
        ("yield OutputFile(7, b'')", "no file inside its folder"),
        ("yield OutputFile('x.raw', 'text')", "no bytes"),
        ("yield OutputFile('X.raw' if piece.stem == 'a/x' else 'x.raw', b'')", "it gives 'x.raw' twice"),
        ("yield b'bytes'", "in place of an OutputFile"),
        ("yield 1 / (piece.stem != 'a/y')", "in place of an OutputFile"),
        (
            "yield OutputFile(piece.stem, b'') if piece.stem != 'a/y' else 1 / 0",
            "at 'a/y': ZeroDivisionError",
        ),
        ("raise SystemExit('bye')\n            yield", "at 'a/x': SystemExit: bye"),
        ("return 7", "TypeError"),
    ],
)
def test_a_format_that_fails_gives_nothing(formatted, after, said):
    loop = "for piece in pieces:\n            " if after == "return 7" else ""
    format_ = formatted(loop + YIELD, after)
    code, message = refused(given, format_)
    assert code == "E439"
    assert said in message


WRITES = (
    "Path('stray').write_bytes(b'')",
    "Path('stray').mkdir()",
    "Path('there').unlink()",
    "os.rename('there', 'x')",
    "os.open('stray', os.O_CREAT | os.O_WRONLY)",
    "piece.artifact.pil.save('stray.png')",
)


@pytest.mark.parametrize("writes", WRITES)
def test_a_format_that_writes_a_file_itself_is_kept_from_it(formatted, tmp_path, monkeypatch, writes):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "there").touch()
    monkeypatch.chdir(tmp_path / "here")
    format_ = formatted(YIELD, f"import os; from pathlib import Path; {writes}; {YIELD}")
    code, message = refused(given, format_)
    assert code == "E439"
    assert "itself, in place of giving its bytes" in message
    assert [path.name for path in Path().iterdir()] == ["there"]
    Path("as usual").touch()


def test_temporary_files_may_be_written_and_any_read(formatted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "import tempfile\n            with tempfile.TemporaryFile() as file, open(__file__, 'rb') as own:"
    text += "\n                file.write(own.read())\n            "
    assert len(given(formatted(YIELD, text + YIELD))) == 2


def test_the_folder_for_temporary_files_is_known_before_the_format_works(formatted, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", None)  # as in a process that has asked for none yet
    assert len(given(formatted())) == 2


def test_bytes_may_be_made_late_and_nothing_is_held_meanwhile(formatted):
    late = "yield OutputFile(f'{piece.stem}.raw', lambda: b'late')"
    files = given(formatted(YIELD, late))
    assert [callable(file.data) for file in files] == [True, True]
    assert [file.read() for file in reversed(files)] == [b"late", b"late"]


def test_bytes_that_cannot_be_made_are_a_fault_of_the_format(formatted):
    code, message = refused(given, formatted(YIELD, "yield OutputFile('x.raw', lambda: 1 / 0)"))
    assert (code, "ZeroDivisionError" in message) == ("E439", True)


def test_a_piece_that_cannot_be_had_is_no_fault_of_the_format(formatted):
    format_ = formatted()

    def pieces():
        Path("ours").exists()
        raise LookupError("the store has lost it")
        yield

    with pytest.raises(LookupError, match="the store has lost it"):
        list(format_.files(pieces(), format_.options()))
