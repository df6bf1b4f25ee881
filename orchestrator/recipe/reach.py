"""What a recipe reaches beyond its own text, with the findings of every file that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeAlias

from orchestrator.errors import Diagnostic, Findings, Span, unknown
from orchestrator.errors.edits import respelt
from orchestrator.errors.phrases import shown
from orchestrator.errors.unknown import NAME
from orchestrator.frozen import Frozen
from orchestrator.recipe.files import CannotRead, Files, Refusal, below, folder_of, why_refused
from orchestrator.text import DEFAULT_CAPS, Caps, Entry, Node, capped, decode

Guess: TypeAlias = Callable[[str, Mapping[str, Entry]], str]
"""From the name and the keys of a stage to the registered one that it most likely uses."""

def by_name(name: str, parts: Mapping[str, Entry]) -> str:
    """The guess of somebody who knows no stage."""
    del parts
    return name.rpartition(".")[2].replace("_", "-")


class Spent:
    """What all files that a recipe names took together, so that many small ones are no way round a cap."""

    def __init__(self) -> None:
        self.bytes = self.cells = self.files = self.includes = self.nodes = 0
        self.read: dict[str, tuple[str, str] | None] = {}


class Chain(Frozen):
    """The recipes that take one another in, the outermost first, by name from the recipe's folder."""

    names: tuple[str, ...]
    taken: Spent = field(default_factory=Spent, compare=False)

    def and_(self, name: str) -> Chain:
        """The chain with one more link."""
        return replace(self, names=(*self.names, name))


class Reach(Frozen):
    """Reads for one recipe.

    Attributes:
        files: who reads; None where the recipe came without a folder.
        top: the recipe's folder as findings show it; what it names is shown below that.
        folder: the folder that names count from, itself counted from the recipe's.
        ready_only: whether the text is a ready recipe's, which names no files.
        spent: what has been read so far.
        texts: what was read, by the names that findings show.
        remarks: warnings of what is read all the same.
        guess: who knows the stages, for an entry that does not say which one it uses.
        given_roles: those whose models the caller gives; what recipes choose for them is not compared.
    """

    findings: Findings
    files: Files | None = None
    caps: Caps = DEFAULT_CAPS
    top: str = ""
    folder: str = ""
    ready_only: bool = False
    texts: dict[str, str] = field(default_factory=dict[str, str])
    spent: Spent = field(default_factory=Spent)
    remarks: list[Diagnostic] = field(default_factory=list[Diagnostic])
    guess: Guess = by_name
    given_roles: frozenset[str] = frozenset()

    def inside(self, folder: str) -> Reach:
        """The same reach from a recipe in a folder below."""
        return replace(self, folder=folder)

    def shown(self, name: str) -> str:
        """A file's name as findings show it: beside the recipe's, as a person would type it."""
        return f"{self.top}/{name}" if self.top else name

    def sound(self, node: Node, what: str, *, pattern: bool = False) -> str | None:
        """The name in a value, counted from the recipe's folder; None where it is hostile or no text."""
        if not isinstance(node.value, str) or not node.value.strip():
            self.findings.error(
                "E114",
                f"{what} is the name of a file, not {shown(node.value)}",
                node.span,
                help="write its path from the recipe's folder, with `/`",
            )
            return None
        name = node.value.strip()
        if refused := why_refused(name, pattern=pattern):
            self.outside(name, refused, node.span)
            return None
        if self.files is None:
            self.no_files(name, node.span)
            return None
        return below(self.folder, name)

    def text(self, name: str, span: Span) -> tuple[str, str] | None:
        """A table's name as findings show it, and its text; None where it cannot be read as one.

        It is read once; what is wrong with it is told once.
        """
        if name not in self.spent.read:
            self.spent.read[name] = self._text(name, span)
        return self.spent.read[name]

    def _text(self, name: str, span: Span) -> tuple[str, str] | None:
        data = self.data(name, span, "table")
        if data is None:
            return None
        self.spent.bytes += len(data)
        if self.spent.bytes > self.caps.table:
            what = f"the tables and wildcards of the recipe have {self.spent.bytes:,} bytes"
            self.findings.add(capped("table", self.caps.table, what, span))
            return None
        file = self.shown(name)
        decoded = decode(data, file, self.caps, "the file", len(data))
        self.texts[file] = decoded.text
        if decoded.finding is not None:
            self.findings.add(decoded.finding)
            return None
        return file, decoded.text

    def data(self, name: str, span: Span, cap: str) -> bytes | None:
        """The bytes of a sound name, as many as a cap of Caps allows."""
        if self.files is None or self.findings.full:
            return None
        try:
            return self.files.read(name, getattr(self.caps, cap))
        except CannotRead as error:
            self._cannot(name, error, span, cap)
            return None

    def matches(self, pattern: str, span: Span) -> Sequence[str]:
        """The files that a sound pattern matches."""
        if self.files is None or self.findings.full:
            return ()
        try:
            found = self.files.glob(pattern, max(0, self.caps.files - self.spent.files))
        except CannotRead as error:
            self._cannot(pattern, error, span, "files")
            return ()
        self.spent.files += len(found)
        return found

    def outside(self, name: str, refusal: Refusal, span: Span) -> None:
        """E157: a name that is not looked at."""
        self.findings.error(
            "E157",
            f"`{shown(name, 80)}` {refusal.reason}",
            span,
            why=refusal.why,
            help=refusal.help,
            fix=shown(refusal.meant, 200),
            edits=respelt(name, span, refusal.meant) if refusal.meant else (),
        )

    def _cannot(self, name: str, error: CannotRead, span: Span, cap: str) -> None:
        if error.over:
            what = f"`{shown(name, 80)}` {error.reason}"
            self.findings.add(capped(cap, getattr(self.caps, cap), what, span))
            return
        if error.refusal is not None:
            self.outside(name, error.refusal, span)
            return
        folder, slash, last = name.rpartition("/")
        found = unknown(
            "E156",
            f"`{shown(name, 80)}` {error.reason}",
            last,
            span,
            self._like(folder, last) if error.missing else (),
            why="Files are looked for from the recipe's folder.",
            form=f"{folder}{slash}{NAME}",
            otherwise="see how the file is called and where it lies",
        )
        self.findings.add(found)

    def _like(self, folder: str, name: str) -> Sequence[str]:
        """The files of a folder with the ending of a name."""
        if self.files is None or self.findings.full or not name or "*" in name:
            return ()
        try:
            there = self.files.glob(f"{folder}/*" if folder else "*", self.caps.files, lenient=True)
        except CannotRead:
            return ()
        ending = name.rpartition(".")[2]
        return [each.rpartition("/")[2] for each in there if each.endswith(ending)]

    def no_files(self, name: str, span: Span) -> None:
        """E156: there is no folder to read from."""
        self.findings.error(
            "E156",
            f"`{shown(name, 80)}` cannot be read: the recipe was given as a text, without a folder",
            span,
            why="Files are looked for from the recipe's folder.",
            help="save the recipe as a file, and run that",
        )


def top_of(file: str) -> str:
    """The folder of a recipe as findings show it."""
    return "" if file.startswith("<") else folder_of(file.replace("\\", "/"))
