"""Doors: entry-point groups by which installed packages add to this one, found by name without an import.

    [project.entry-points."orchestrator.formats"]
    webp = "studio_webp:FORMAT"

The bare name of a group means the first version of its door; a later one is a group of its own,
`orchestrator.formats.v2`. So the version is known before anything is imported, and a package may serve two.
Who installs a package into this environment trusts it. It is imported when a recipe names what it offers, or
when somebody asks for a list; no recipe and no project installs anything.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import import_module, metadata, util
from itertools import groupby
from pathlib import Path
from typing import Final, cast

from orchestrator.errors import Diagnostic, InvalidInput, did_you_mean
from orchestrator.frozen import Frozen

GROUPS: Final = (
    "orchestrator.formats", "orchestrator.models", "orchestrator.stages", "orchestrator.styles",
    "orchestrator.templates",
)  # fmt: skip
_GROUP: Final = re.compile(r"(orchestrator\.\w+?)(?:\.v([1-9]\d*))?")
_failed: Final[dict[Offer, Diagnostic]] = {}
"""What could not be imported is not tried again in this process, as Python keeps what could."""


class Offer(Frozen):
    """What a package offers at a door; nothing of it is imported yet.

    Attributes:
        group: the entry-point group, without the version of the door.
        thing: what the door is for, in words: `export format`.
        name: what a recipe writes.
        door: the version of the door that it is written for.
        package, release: name and version of the package, as pip shows them.
        target: `module`, `module:object`, or a folder written as a package.
        editable: the package is edited where it lies, so its version does not say what it holds.
    """

    group: str
    thing: str
    name: str
    door: int
    package: str
    release: str
    target: str
    editable: bool = False

    def load(self) -> object:
        """The module or object, imported now.

        Raises:
            InvalidInput: it cannot be imported, now or earlier in this process (E409).
        """
        if self in _failed:
            raise InvalidInput([_failed[self]])
        try:
            return self._imported()
        except (Exception, SystemExit) as error:  # whatever a stranger's module raises at import
            said = f": {error}" if str(error) else ""
            raise self.refuse(f"{type(error).__name__}{said}") from error

    def folder(self) -> Path:
        """The folder of data that the target names; no code of the package is run.

        Raises:
            InvalidInput: there is no such folder (E409).
        """
        top, *below = self.target.split(".")
        try:
            spec = util.find_spec(top) if top else None
        except (ImportError, ValueError):
            spec = None
        bases = spec.submodule_search_locations if spec is not None else None
        folders = (Path(base, *below) for base in bases or ())
        found = next((folder for folder in folders if folder.is_dir()), None)
        if found is None:
            raise self.refuse(f"{self.target} is no folder of a package")
        return found

    def refuse(self, said: str) -> InvalidInput:
        """The error that it cannot be used, which is remembered: `load` raises it from now on."""
        _failed[self] = self.broken(said)
        return InvalidInput([_failed[self]])

    def broken(self, said: str) -> Diagnostic:
        """E409: it cannot be used, and why. Without a place: the caller knows who named it."""
        return Diagnostic(
            code="E409",
            message=f"the {self.thing} {self.name!r} of {self.package} {self.release} cannot be used: {said}",
            why=f"An installed package offers it in the entry-point group {self.group!r}.",
            help="mend the package, or remove it",
            fix=self.removal,
        )

    @property
    def removal(self) -> str:
        """The line that removes the package."""
        return f"python -m pip uninstall {self.package}"

    def _imported(self) -> object:
        module, _, path = self.target.partition(":")
        found: object = import_module(module)
        for attribute in filter(None, path.split(".")):
            found = getattr(found, attribute)
        return found


class Door(Frozen):
    """One entry-point group: what it is for, and which version of it this package has.

    `shared` says that two packages may offer something under one name, as where it is a label alone.
    """

    group: str
    thing: str
    version: int = 1
    shared: bool = False

    def offers(self) -> tuple[Offer, ...]:
        """All that installed packages offer here, for whichever version, sorted by name and package."""
        found = (offer for offer in _offers(*_environment()) if offer.group == self.group)
        return tuple(replace(offer, thing=self.thing) for offer in found)

    def usable(self) -> tuple[Offer, ...]:
        """Those of `offers` that are for this version of the door."""
        return tuple(offer for offer in self.offers() if offer.door == self.version)

    def names(self) -> tuple[str, ...]:
        """The names that `find` knows or complains of, sorted."""
        return tuple(dict.fromkeys(offer.name for offer in self.offers()))

    def find(self, name: str) -> Offer | None:
        """What is offered under a name; None where no package offers it. Nothing is imported.

        Raises:
            InvalidInput: two packages offer it (E417), or it is for another version of the door (E418).
        """
        offers = [offer for offer in self.offers() if offer.name == name]
        finding = self._finding(offers) if offers else None
        if finding is not None:
            raise InvalidInput([finding])
        return next((offer for offer in offers if offer.door == self.version), None)

    def findings(self, builtin: Collection[str] = ()) -> tuple[Diagnostic, ...]:
        """What is wrong with the offers, as far as it is known without an import.

        Args:
            builtin: names that no package can take (W670).
        """
        return tuple(self._findings(builtin))

    def _findings(self, builtin: Collection[str]) -> Iterator[Diagnostic]:
        yield from (_no_door(offer) for offer in _offers(*_environment()) if self._may_mean(offer.group))
        for name, group in groupby(self.offers(), key=lambda offer: offer.name):
            offers = list(group)
            if name in builtin:
                yield from (shadowing(offer, self.thing, name) for offer in offers)
            elif (finding := self._finding(offers)) is not None:
                yield finding

    def _may_mean(self, group: str) -> bool:
        """Whether a group that is no door was meant to be this one."""
        return group not in GROUPS and did_you_mean(group, GROUPS) == self.group

    def _finding(self, offers: list[Offer]) -> Diagnostic | None:
        """Why none of the offers of one name can be used."""
        ours = {offer.package: offer for offer in offers if offer.door == self.version}
        if not ours:
            return _for_another(offers[0], self.version)
        if len(ours) == 1 or self.shared:
            return None
        return ambiguous(list(ours.values()), self.thing, offers[0].name)


def _environment() -> tuple[tuple[str, int], ...]:
    """Where packages may lie, and when each place last changed: pip adds and removes folders there."""
    return tuple((path, _changed(path or ".")) for path in sys.path)


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - before each look at packages
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _offers(*places: tuple[str, int]) -> tuple[Offer, ...]:
    """All offers at all doors."""
    del places  # they say when to look again
    found = (offer for dist in _installed() for offer in _offered_by(dist))
    return tuple(sorted(found, key=lambda offer: (offer.group, offer.name, offer.package)))


def _installed() -> Iterable[metadata.Distribution]:
    """Each package once: of two copies the one that Python would import."""
    found = dict[str, metadata.Distribution]()
    for dist in metadata.distributions():
        name = _name_of(dist)
        if name:
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), dist)
    return found.values()


def _name_of(dist: metadata.Distribution) -> str:
    """Its name; "" where its metadata cannot be read, as what an interrupted pip left."""
    try:
        return cast("str | None", dist.metadata["Name"]) or ""
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of the parser
        return ""


def _offered_by(dist: metadata.Distribution) -> Iterator[Offer]:
    try:
        points = list(dist.entry_points)
    except Exception:  # noqa: BLE001 - the same; pip cannot read it either
        return
    for point in points:
        if point.group.startswith("orchestrator."):
            match = _GROUP.fullmatch(point.group)
            group, door = (match[1], int(match[2] or 1)) if match else (point.group, 0)
            yield Offer(
                group=group, thing="", name=point.name, door=door, package=dist.name, release=dist.version,
                target=point.value.partition("[")[0].strip(), editable=_is_editable(dist),
            )  # fmt: skip


def _is_editable(dist: metadata.Distribution) -> bool:
    try:
        document: object = json.loads(dist.read_text("direct_url.json") or "{}")
    except ValueError:
        return False
    folder = cast("dict[str, object]", document).get("dir_info") if isinstance(document, dict) else None
    return isinstance(folder, dict) and bool(cast("dict[str, object]", folder).get("editable"))


def _no_door(offer: Offer) -> Diagnostic:
    near = did_you_mean(offer.group, GROUPS)
    return Diagnostic(
        code="W671",
        message=f"{offer.package} {offer.release} offers {offer.name!r} in the entry-point group "
        f"{offer.group!r}, which is no door",
        why=f"The doors are: {', '.join(GROUPS)}; of a later version, with `.v2` behind it.",
        help=f"write `{near}` in the package's pyproject.toml, and install it anew",
        severity="warning",
    )


def ambiguous(offers: Sequence[Offer], thing: str, name: str) -> Diagnostic:
    """E417: several packages offer one name."""
    lines = " or ".join(f"`{offer.removal}`" for offer in offers)
    packages = " and ".join(f"{offer.package} {offer.release}" for offer in offers)
    return Diagnostic(
        code="E417",
        message=f"{packages} both offer the {thing} {name!r}",
        why=f"They do in the entry-point group {offers[0].group!r}, and nothing says which is meant.",
        help=f"remove one of them: {lines}",
    )


def _for_another(offer: Offer, version: int) -> Diagnostic:
    newer = offer.door > version
    return Diagnostic(
        code="E418",
        message=f"the {offer.thing} {offer.name!r} of {offer.package} {offer.release} is written for version "
        f"{offer.door} of the door {offer.group!r}, and this orchestrator has version {version}",
        why="Its functions may be called otherwise there, so it is not imported.",
        help=f"install {'an older' if newer else 'a newer'} version of {offer.package}"
        f"{', or a newer orchestrator' if newer else ''}; or remove it",
        fix=offer.removal,
    )


def shadowing(offer: Offer, thing: str, name: str) -> Diagnostic:
    """W670: a package offers a name that is built in."""
    return Diagnostic(
        code="W670",
        message=f"the {thing} {name!r} of {offer.package} {offer.release} is not used: that name is taken",
        why="A recipe must mean the same wherever it runs, so no package replaces what is built in or what "
        "the operator named.",
        help="the package should put its studio's name before it; or remove it",
        fix=offer.removal,
        severity="warning",
    )
