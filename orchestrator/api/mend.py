"""validate --fix: the clear edits of all findings made, as long as the files read no worse for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from orchestrator.api.locate import Located
from orchestrator.api.text_file import unwritable
from orchestrator.errors import Diagnostic, Edit, Span
from orchestrator.errors.edits import OutOfText, applied, places_after, without_clashes
from orchestrator.frozen import Frozen
from orchestrator.replace_file import replace_file

MOST_ROUNDS: Final = 5
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

Check = Callable[[Located], Sequence[Diagnostic]]
"""All findings of a recipe, with its drafts in place of its files."""


class ChangedFile(Frozen):
    """A file that was changed, or would be: its text before and after, without a byte order mark.

    `file` is its name as findings show it, `path` the file itself, links followed.
    """

    file: str
    path: Path
    before: str
    after: str


class Mending(Frozen):
    """What came of it.

    Attributes:
        located: the recipe with all changes in it.
        files: those that were changed.
        mended: the findings whose edits were made, in the order of their making.
        left: the findings of the files as they are now.
    """

    located: Located
    files: tuple[ChangedFile, ...]
    mended: tuple[Diagnostic, ...]
    left: tuple[Diagnostic, ...]


def mend(located: Located, check: Check) -> Mending:
    """Makes the edits of the findings, and of those that come after, for at most five rounds; writes nothing.

    Of edits that touch each other the first is made, the others wait for the next round. What would leave
    its finding standing, put a new error in its place or leave more errors than there were is withdrawn.
    """
    found = tuple(check(located))
    mending = _Mender(located, check, found).run()
    if _errors(mending.left) > _errors(found):
        mending = _Mender(located, check, found, may_reveal=False).run()
    return mending


def write(file: ChangedFile) -> Diagnostic | None:
    """Replaces a changed file in one step; the finding where it cannot be, or is no longer what was read."""
    try:
        data, mode = file.path.read_bytes(), file.path.stat().st_mode
        mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
        if data != mark + file.before.encode():
            return _changed_meanwhile(file.file)
        replace_file(file.path, mark + file.after.encode())
        file.path.chmod(mode)
    except OSError as error:
        return unwritable(Path(file.file), error)
    return None


def _changed_meanwhile(file: str) -> Diagnostic:
    return Diagnostic(
        code="E427",
        message=f"{file} was changed while it was checked, so it was not mended",
        span=Span.point(file),
        why="What was read is no longer what stands there; to write would lose the other change.",
        help="run `orchestrator validate --fix` again",
    )


@dataclass(slots=True)
class _Draft:
    file: str
    path: Path
    before: str
    text: str


@dataclass(slots=True)
class _Mender:
    located: Located
    check: Check
    found: tuple[Diagnostic, ...]
    may_reveal: bool = True
    drafts: dict[str, _Draft | None] = field(default_factory=dict[str, "_Draft | None"])
    mended: list[Diagnostic] = field(default_factory=list[Diagnostic])
    refused: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    last: tuple[dict[str, str], tuple[Diagnostic, ...]] | None = None

    def run(self) -> Mending:
        for _ in range(MOST_ROUNDS):
            groups = without_clashes(each.edits for each in self.found if self._is_open(each))
            wanted = [next(each for each in self.found if each.edits == group) for group in groups]
            taken = self._acceptable(wanted)
            if not taken:
                break
            texts = self._texts(taken)
            self.found = self._checked(texts)
            for file, text in texts.items():
                self._draft(file).text = text
            self.mended += taken
        files = (draft for draft in self.drafts.values() if draft is not None)
        changed = (ChangedFile(each.file, each.path, each.before, each.text) for each in files)
        return Mending(
            self._with({}),
            tuple(each for each in changed if each.before != each.after),
            tuple(self.mended),
            self.found,
        )

    def _is_open(self, finding: Diagnostic) -> bool:
        if not finding.edits or _kind(finding) in self.refused:
            return False
        return all(self._known(edit.span.file) is not None for edit in finding.edits)

    def _known(self, file: str) -> _Draft | None:
        """The text of a file that may be changed: a plain one in or below the recipe's folder."""
        if file not in self.drafts:
            self.drafts[file] = None if self.located.ready else _read(file, self.located)
        return self.drafts[file]

    def _draft(self, file: str) -> _Draft:
        draft = self._known(file)
        if draft is None:
            raise AssertionError(f"{file} may not be changed")
        return draft

    def _acceptable(self, wanted: Sequence[Diagnostic]) -> list[Diagnostic]:
        """As many of them as leave the files no worse; what does so alone is not tried again."""
        if not wanted or self._is_fine(wanted):
            return list(wanted)
        if len(wanted) == 1:
            self.refused.add(_kind(wanted[0]))
            return []
        middle = len(wanted) // 2
        first, second = self._acceptable(wanted[:middle]), self._acceptable(wanted[middle:])
        both = [*first, *second]
        return both if first and second and self._is_fine(both) else first or second

    def _is_fine(self, wanted: Sequence[Diagnostic]) -> bool:
        try:
            texts = self._texts(wanted)
        except OutOfText:
            return False
        after = self._checked(texts)
        if not self.may_reveal and _errors(after) > _errors(self.found):
            return False
        before, now = Counter(map(_kind, self.found)), Counter(map(_kind, after))
        if any(now[kind] > before[kind] - count for kind, count in Counter(map(_kind, wanted)).items()):
            return False
        places = self._places(wanted)
        new = (each for each in after if each.severity == "error" and now[_kind(each)] > before[_kind(each)])
        return not any(_overlap(each.span, place) for each in new for place in places)

    def _checked(self, texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        """The findings with some texts in the place of the drafts; those asked for last are kept."""
        if self.last is None or self.last[0] != texts:
            self.last = dict(texts), tuple(self.check(self._with(texts)))
        return self.last[1]

    def _texts(self, wanted: Sequence[Diagnostic]) -> dict[str, str]:
        return {file: applied(self._draft(file).text, edits) for file, edits in _by_file(wanted).items()}

    def _places(self, wanted: Sequence[Diagnostic]) -> list[Span]:
        files = _by_file(wanted).items()
        return [place for file, edits in files for place in places_after(self._draft(file).text, edits)]

    def _with(self, texts: Mapping[str, str]) -> Located:
        """The recipe with the drafts so far, and with some texts in their place."""
        drafts: dict[Path, bytes] = {}
        data = self.located.data
        for file, draft in self.drafts.items():
            if draft is None:
                continue
            text = texts.get(file, draft.text).encode()
            drafts[draft.path] = text
            if file == self.located.file:
                data = text
        return replace(self.located, data=data, drafts=drafts)


def _read(file: str, located: Located) -> _Draft | None:
    if file.startswith("<"):
        return None
    try:
        path = Path(file).resolve(strict=True)
        if not path.is_file() or not path.is_relative_to(located.base.resolve()):
            return None
        data = path.read_bytes() if file != located.file else located.data
        text = data.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except (OSError, RuntimeError, UnicodeDecodeError):
        return None
    return _Draft(file, path, text, text)


def _by_file(findings: Sequence[Diagnostic]) -> dict[str, list[Edit]]:
    files: dict[str, list[Edit]] = {}
    for finding in findings:
        for edit in finding.edits:
            files.setdefault(edit.span.file, []).append(edit)
    return files


def _kind(finding: Diagnostic) -> tuple[str, str]:
    return finding.code, finding.message


def _errors(findings: Sequence[Diagnostic]) -> int:
    return sum(finding.severity == "error" for finding in findings)


def _overlap(span: Span | None, place: Span) -> bool:
    if span is None or span.file != place.file:
        return False
    return (span.line, span.column) < (place.end_line, place.end_column) and (place.line, place.column) < (
        span.end_line,
        span.end_column,
    )
