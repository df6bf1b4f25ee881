"""Makes all embedded models: `python -m training.train [--seconds N | --steps SHARE] [--processes N]`.

Three processes share the device: the autoencoder with its decoder, the UNet, and the readers (text tower,
CLIP, judge of materials). With `--seconds` the clock bounds each training (minutes on a CUDA device);
without, the steps do (a day on two cores). A stopped run goes on where it stopped: each trainer from its
checkpoint, `NAME.done` marks what is done. Earlier weights in the run's `start/` (made by `python -m
training.start`) are gone on from.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from training.settings import RUN, TINY, say, sized, spent, tuned

SHARES = {
    "text": 0.04,
    "clip": 0.2,
    "material": 0.25,
    "autoencoder": 0.33,
    "decoder": 0.76,
    "critic": 0.95,
    "unet": 1.0,
}
"""When each training ends, as a share of the seconds: those of one process follow one another."""

LEAST = {"text": sized(20, 3), "material": sized(12, 3)}
"""So many seconds a training takes, however late it begins."""

STEPS = {
    "text": 4000,
    "clip": 6000,
    "material": 1500,
    "autoencoder": 8000,
    "decoder": 12000,
    "critic": 3000,
    "unet": 14000,
}
"""Where no seconds are given."""

BANK, PLAN, GALLERY, ALBUM = sized(60_000, 16), sized(120_000, 16), sized(6144, 16), sized(48_000, 16)
READY = 3600.0 if TINY else 600.0


class Clock:
    """How long a training may take: to its share of the seconds, counted from the start of the command."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def left(self, name: str) -> float:
        """Seconds until the training of this name has to end; no bound without seconds."""
        if not self.seconds:
            return 1e9
        return max(LEAST.get(name, 3.0), SHARES[name] * self.seconds - spent())

    def steps(self, name: str) -> int:
        """The steps of the training of this name; no bound where there are seconds."""
        return 10**9 if self.seconds else STEPS[name]


def once(folder: Path, name: str, make: Callable[[], object]) -> None:
    """Does what has no mark yet."""
    mark = folder / f"{name}.done"
    if mark.exists():
        say(name, "is done;", f"remove {mark} to do it again")
        return
    make()
    mark.touch()


def wait_for(file: Path) -> None:
    """Until another process has made a file."""
    begun = time.time()
    while not file.exists():
        if time.time() - begun > READY:
            raise TimeoutError(f"{file} was not made in time")
        time.sleep(0.2)


def readers(folder: Path, clock: Clock, processes: int) -> None:
    """Text tower, CLIP, judge of materials."""
    from training import clip, judge, render, text_tower
    from training.gallery import Gallery

    ids = clip.ids_of(ALBUM, processes)
    once(folder, "text", lambda: text_tower.make(folder, clock.left("text"), processes, clock.steps("text")))
    easel = render.easel(folder, READY)
    once(folder, "clip", lambda: clip.make(folder, easel, ids, clock.left("clip"), clock.steps("clip")))
    gallery = Gallery(easel, sized(2048, 16), 91, made=0.9)
    once(
        folder,
        "material",
        lambda: judge.make(folder, gallery, clock.left("material"), clock.steps("material")),
    )


def pictures(folder: Path, clock: Clock, processes: int) -> None:  # noqa: ARG001
    """Autoencoder, then its decoder."""
    from training import autoencoder, decoder, render
    from training.gallery import Gallery

    easel = render.easel(folder, READY)
    gallery = Gallery(easel, GALLERY, 17)
    once(folder, "autoencoder", lambda: autoencoder.make(
        folder, easel, gallery, clock.left("autoencoder"), clock.steps("autoencoder")))  # fmt: skip
    wait_for(folder / "text.done")
    model = autoencoder.load(autoencoder.latest(folder))

    def both() -> None:
        first = clock.left("decoder")
        second = max(3.0, (SHARES["critic"] - SHARES["decoder"]) * clock.seconds) if clock.seconds else 1e9
        decoder.make(folder, model, gallery, (first, second), (clock.steps("decoder"), clock.steps("critic")))

    once(folder, "decoder", both)


def painter(folder: Path, clock: Clock, processes: int) -> None:
    """The UNet, then its contact sheets."""
    from training import autoencoder, bank, render, sheets, unet, weights

    plan = bank.Plan(PLAN, processes)
    easel = render.easel(folder, READY)
    wait_for(folder / "text.done")
    if not weights.start_file("vae", folder).exists():
        wait_for(folder / "autoencoder.done")
    latents = bank.Bank(folder, easel, plan, BANK)
    once(folder, "unet", lambda: unet.make(folder, latents, clock.left("unet"), clock.steps("unet")))
    newest = [folder / f"vae-{name}.safetensors" for name in ("critic", "decoder")]
    model = autoencoder.load(next((file for file in newest if file.exists()), autoencoder.latest(folder)))
    sheets.make(folder, model)


PARTS = {"readers": readers, "pictures": pictures, "painter": painter}


class Part:
    """A process of one part with its own log; one that fails is begun once more without graphs.

    From its checkpoints.
    """

    def __init__(self, folder: Path, name: str, arguments: list[str]) -> None:
        self.log, self.name, self.shown, self.again = folder / f"{name}.log", name, 0, True
        self.command = [sys.executable, "-u", "-m", "training.train", "--part", name, *arguments]
        self.log.unlink(missing_ok=True)
        self.job = self._started({})

    def _started(self, also: dict[str, str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | also)  # noqa: S603 - our own module

    def runs(self) -> bool:
        """Whether it still does; shows what is new in its log."""
        code = self.job.poll()
        with self.log.open("rb") as log:
            log.seek(self.shown)
            new = log.read()
        self.shown += len(new)
        sys.stdout.write(new.decode(errors="replace"))
        sys.stdout.flush()
        if code and self.again:
            say(self.name, "failed with", code, "and is begun once more, without graphs")
            self.again, self.job = False, self._started({"ORCHESTRATOR_TRAINING_PLAIN": "1"})
            return True
        return code is None


def main(folder: Path, seconds: float, processes: int) -> int:
    """Renders the drawings, runs the parts side by side and shows their logs; 1 where one failed."""
    from training import render

    folder.mkdir(parents=True, exist_ok=True)
    os.environ["ORCHESTRATOR_TRAINING_BEGAN"] = str(time.time() - spent())
    arguments = ["--run", str(folder), "--seconds", str(seconds), "--processes", str(processes)]
    jobs = [Part(folder, name, arguments) for name in PARTS]
    render.make(folder, processes)
    while any([job.runs() for job in jobs]):  # noqa: C419 - each shows its log
        time.sleep(1)
    failed = [job.name for job in jobs if job.job.returncode]
    say("done" if not failed else f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=RUN, help="folder of checkpoints")
    parser.add_argument("--seconds", type=float, default=0.0, help="until the trainings end; 0: by steps")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="for drawings and captions"
    )
    parser.add_argument("--part", choices=sorted(PARTS), help="this part alone")
    given = parser.parse_args()
    if given.part:
        tuned(4 if (os.cpu_count() or 1) > 8 else 1)
        PARTS[given.part](given.run, Clock(given.seconds), given.processes)
        sys.exit(0)
    sys.exit(main(given.run, given.seconds, given.processes))
