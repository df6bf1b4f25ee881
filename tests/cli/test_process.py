"""The command as a process: what it imports, its streams, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestrator.cli.console import has_colour
from orchestrator.cli.interrupt import Interrupt
from orchestrator.events import Event, ModelLoading, StepDone
from tests.cli.conftest import RUN

HEAVY = ("torch", "transformers", "diffusers", "langchain_core", "accelerate", "gguf", "numpy", "PIL")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and pseudo-terminals of POSIX")

PROBE = """
import sys
from orchestrator.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    loaded = [name for name in {heavy} if name in sys.modules]
    sys.exit(f"imported {{loaded}}" if loaded else end.code)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["validate", "item-icons"], ["new", "item-icons", "x.yaml"]]
)
def test_nothing_heavy_is_imported(studio: Path, arguments: list[str]) -> None:
    script = PROBE.format(heavy=HEAVY)
    line = [sys.executable, "-c", script, *arguments]
    ended = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_stream_that_lacks_a_character_ends_nothing(
    studio: Path, command: list[str], narrow_encoding: dict[str, str]
) -> None:
    ended = subprocess.run(
        [*command, *RUN, "--to", "words"], capture_output=True, env=narrow_encoding, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert rb"\u732b" in ended.stdout
    ended = subprocess.run([*command, *RUN, "--json"], capture_output=True, env=narrow_encoding, check=False)
    assert ended.returncode == 0, ended.stderr
    import json

    assert "一只可爱的猫咪" in str(json.loads(ended.stdout.decode("cp1252")))


def test_a_reader_that_left_changes_nothing(studio: Path, command: list[str]) -> None:
    child = subprocess.Popen([*command, *RUN], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.close()
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 0
    assert b"Broken" not in errors
    assert Path("out/swatches/index.html").exists()


@POSIX
def test_the_first_interrupt_stops_in_order_and_the_same_command_goes_on(
    studio: Path, command: list[str]
) -> None:
    ideas = [word for number in range(40) for word in ("--idea", f"stone {number}")]
    line = [*command, *RUN, *ideas, "--set", "draw.seconds=0.2"]
    child = _until_drawing(line)
    child.send_signal(signal.SIGINT)
    out, errors = child.communicate(timeout=20)
    assert child.returncode == 130
    assert "The same command goes on from here" in out
    assert "Press Ctrl-C again" in errors
    assert "Traceback" not in errors
    again = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert again.returncode == 0, again.stderr
    assert "from the store" in again.stdout
    assert len(list(Path("out/swatches").glob("*.png"))) == 40


def test_while_a_model_loads_the_first_interrupt_is_felt_at_once() -> None:
    heard: list[Event] = []
    with Interrupt() as interrupt:
        interrupt.watching(heard.append)(ModelLoading("painter", "a large one"))
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupt()


def test_once_it_is_loaded_the_first_interrupt_waits_for_the_step() -> None:
    heard: list[Event] = []
    with Interrupt() as interrupt:
        listen = interrupt.watching(heard.append)
        listen(ModelLoading("painter", "a large one"))
        listen(StepDone("render", 1, 12))
        signal.raise_signal(signal.SIGINT)
        assert interrupt()


@POSIX
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stage_that_hangs_is_stopped_within_seconds(studio: Path, command: list[str], sent: str) -> None:
    child = _until_drawing([*command, *RUN, "--set", "draw.seconds=600"])
    started = time.monotonic()
    child.send_signal(getattr(signal, sent))
    out, errors = child.communicate(timeout=30)
    assert time.monotonic() - started < 6
    assert child.returncode == 130
    assert "The same command goes on from here" in out + errors
    again = subprocess.run([*command, *RUN, "--to", "words"], capture_output=True, text=True, check=False)
    assert "3 results from the store" in again.stdout


@POSIX
def test_the_second_interrupt_stops_at_once(studio: Path, command: list[str]) -> None:
    child = _until_drawing([*command, *RUN, "--set", "draw.seconds=30"])
    child.send_signal(signal.SIGINT)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=10)
    assert child.returncode == 130


@POSIX
@pytest.mark.parametrize(
    ("variable", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colour_is_for_terminals(
    studio: Path, command: list[str], variable: dict[str, str], *, coloured: bool
) -> None:
    import pty

    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **variable}
    subprocess.run(
        [*command, "validate", "nothing"], stdout=terminal, stderr=terminal, env=environment, check=False
    )
    os.close(terminal)
    printed = os.read(controller, 65536)
    os.close(controller)
    assert b"E401" in printed
    assert (b"\x1b[" in printed) is coloured


def test_no_colour_in_a_file(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        assert not has_colour(log)


def _until_drawing(line: list[str]) -> subprocess.Popen[str]:
    child = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if child.stderr.readline().startswith("words"):
            time.sleep(0.5)
            return child
    raise AssertionError("the run did not begin")
