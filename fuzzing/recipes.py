"""`make fuzz`: recipes out of libFuzzer against the whole check (atheris; text → recipe → graph).

A finding is the only way in which a recipe may fail. The harness ends with a crash of libFuzzer on any other
exception, after a second for one input, or at 200 MB over what the interpreter holds at the start.
The corpus is every recipe of `pipelines/` and of the error pages; the dictionary, the words of the language.

    python -m fuzzing.recipes 200000
"""

from __future__ import annotations

import re
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["orchestrator"]):
    from orchestrator.api.locate import Located
    from orchestrator.api.validate import Request, check_located
    from orchestrator.config import settings_from
    from orchestrator.errors import InvalidInput, in_order_of_place
    from orchestrator.errors.render import full
    from orchestrator.recipe import parse, stages

ROOT = Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 1
LIMIT_BYTES = 200 * 1024 * 1024
WORDS = (
    "$item.", "$vars.", "use", "with", "embedded", "expand", "plan", "render", "contact-sheet", "idea",
    "style", "variant", "id", "value", "llm", "diffusion", "&a", "*a", "<<", "!!python/object", "{", "}",
    "[", "]", "csv", "jsonl", "glob", "__colour__", "{a|b}", "2$$a", "include", "and", "not in",
    ": ", "- ", "#", "\\x00", "\\xef\\xbb\\xbf", "1e-4", "~", "|", ">", "%YAML", "---", "...", "'", '\\"',
)  # fmt: skip


class Watch:
    """The slowest input, and how much memory came on top of the start."""

    def __init__(self, base: Path, last: int) -> None:
        self.last = last
        self.base, self.settings = base, settings_from()
        self.started = memory()
        self.runs, self.valid, self.slowest = 0, 0, 0.0

    def one(self, data: bytes) -> None:
        """Checks one input; renders its findings, as the command would."""
        begun = time.perf_counter()
        try:
            check_located(Located(data, "recipe.yaml", self.base), Request(), self.settings)
            self.valid += 1
        except InvalidInput as error:
            findings = in_order_of_place(list(error.findings))
            full(findings, dict(error.sources))
        self.runs += 1
        self.slowest = max(self.slowest, time.perf_counter() - begun)
        if memory() - self.started > LIMIT_BYTES:
            raise MemoryError(f"{(memory() - self.started) / 2**20:.0f} MiB over the start")
        if self.runs % 20_000 == 0 or self.runs == self.last:
            print(self, flush=True)  # libFuzzer leaves without a goodbye

    def __str__(self) -> str:
        grown = (memory() - self.started) / 2**20
        return f"{self.runs:,} inputs, {self.valid:,} valid, slowest {self.slowest:.3f} s, +{grown:.0f} MiB"


def memory() -> int:
    """The most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def corpus(folder: Path) -> None:
    """Every recipe that we have, good and bad, a file each."""
    texts = [path.read_bytes() for path in (ROOT / "pipelines").glob("*.yaml")]
    document = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    texts += [found.encode() for found in re.findall(r"```yaml\n(.*?)```", document, re.DOTALL)]
    for page in (ROOT / "orchestrator" / "errors" / "pages").glob("*.md"):
        texts += [found.encode() for found in re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL)]
    for number, text in enumerate(texts):
        (folder / f"{number:04d}").write_bytes(text)


def dictionary(file: Path) -> None:
    """The words of the language in libFuzzer's form."""
    words = (*WORDS, *parse.KEYS, *stages.KEYS)
    file.write_text("".join(f'"{word}"\n' for word in words), encoding="ascii")


def main(runs: int) -> None:
    """Fuzzes; the figures come with every 20,000 inputs, and libFuzzer's own at the end."""
    work = Path(tempfile.mkdtemp(prefix="orchestrator-fuzz-"))
    shutil.copytree(ROOT / "examples" / "language", work / "examples" / "language")
    shutil.copytree(ROOT / "examples" / "language" / "wildcards", work / "wildcards")
    seeds = work / "corpus"
    seeds.mkdir()
    corpus(seeds)
    dictionary(work / "words")
    watch = Watch(work, runs)
    options = [
        f"-runs={runs}", f"-timeout={LIMIT_SECONDS}", "-rss_limit_mb=1024", "-max_len=4096", "-len_control=0",
        "-seed=13",
        f"-dict={work / 'words'}", f"-artifact_prefix={work}/", str(seeds),
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options], watch.one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
