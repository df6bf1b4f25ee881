"""`name:` of an export entry: a pattern, and what keeps its names apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from orchestrator.export.manifest import MANIFEST
from orchestrator.format import NUMBER
from orchestrator.recipe.names import slug

_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_ENDING: Final = re.compile(r"\.[a-z][a-z0-9]*$", re.IGNORECASE)
MAP: Final = "map"
STAGE: Final = "stage"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal texts with fields between them: `literals` has one member more than `fields`."""

    literals: tuple[str, ...]
    fields: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """The pattern of a text; whether it makes sense is `problem`'s to say."""
        parts = _FIELD.split(text)
        return cls(tuple(parts[::2]), tuple(parts[1::2]))

    def filled(self, values: Mapping[str, str]) -> str:
        """The name; every field must be among the values."""
        rest = (values[name] + literal for name, literal in zip(self.fields, self.literals[1:], strict=True))
        return self.literals[0] + "".join(rest)

    def problem(self, endings: Iterable[str] = ()) -> str:
        """Why no file may be called so; "" where it may.

        Args:
            endings: those that the format puts behind it.
        """
        if any(set(literal) & set("{}") for literal in self.literals):
            return "a brace stands alone in it"
        example = self.filled(dict.fromkeys(self.fields, "x"))
        if bad := set(example) & set('\\:<>"|?*\0'):
            return f"no file name may hold {' '.join(sorted(bad))} on every system"
        if _ending(self.literals[-1], endings):
            return "the ending comes from the format"
        problems = (_problem_of(part) for part in example.split("/"))
        manifest = "that name belongs to the manifest" if example == MANIFEST.removesuffix(".json") else ""
        return next((problem for problem in problems if problem), manifest)

    def without_ending(self, endings: Iterable[str] = ()) -> Pattern:
        """The pattern that was meant, where it ends as a file does."""
        last = self.literals[-1]
        return replace(self, literals=(*self.literals[:-1], last.removesuffix(_ending(last, endings))))

    @property
    def text(self) -> str:
        """As it is written."""
        return self.filled({name: f"{{{name}}}" for name in self.fields})

    def tells_apart(self, varying: set[str]) -> bool:
        """Whether names differ wherever one of these fields does, for sure; False means: look.

        Ids hold letters, digits and `-`; with any other character between them no two run together.
        """
        between = self.literals[1:-1]
        return varying <= set(self.fields) and all(
            any(not (character.isalnum() or character == "-") for character in literal) for literal in between
        )


def _ending(literal: str, endings: Iterable[str]) -> str:
    """The ending of a picture, of a document, or of the format's own files that a text has; else ""."""
    for ending in (ending.rpartition(NUMBER)[2] for ending in endings):
        if ending and literal.lower().endswith(ending.lower()):
            return literal[-len(ending) :]
    found = _ENDING.search(literal)
    return found[0] if found and _is_known(found[0].lower()) else ""


def _is_known(ending: str) -> bool:
    import mimetypes  # only for a name with a dot

    types = mimetypes.MimeTypes(())  # of Python alone: another machine must not say otherwise
    said = types.types_map[1].get(ending) or types.types_map[0].get(ending) or ""
    return said.startswith("image/") or said == "application/json"


def _problem_of(part: str) -> str:
    """Why a folder or file may not be called so."""
    if part in {"", ".", ".."}:
        return "a part of it is empty or made of dots"
    if part[-1] in ". " or part[0] == " ":
        return "Windows takes no name that begins with a blank or ends with a blank or a dot"
    word = part.split(".", maxsplit=1)[0].lower()
    return f"{part!r} is a device on Windows" if slug(word) == f"item-{word}" else ""
