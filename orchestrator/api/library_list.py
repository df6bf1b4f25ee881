"""library: the styles, templates, glossaries and lexicons that every recipe of this machine may name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.doors import Offer, ambiguous, shadowing
from orchestrator.errors import Diagnostic
from orchestrator.library import SUFFIXES, Library, shipped_folder
from orchestrator.library.packages import DOORS, offered_files, shelf_findings


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """A resource as a person reads it; `package` and `release` are "" for what ships."""

    shelf: str
    name: str
    package: str = ""
    release: str = ""


def listed_resources() -> tuple[tuple[ResourceFacts, ...], tuple[Diagnostic, ...]]:
    """All resources but a recipe's own, by shelf and name; and what is wrong with those of packages."""
    facts, findings = list[ResourceFacts](), list[Diagnostic]()
    for shelf in sorted(SUFFIXES):
        shipped = Library([shipped_folder("prompts")]).names(shelf)
        facts += (ResourceFacts(shelf, name) for name in shipped)
        findings += shelf_findings(shelf)
        for name, offers in _offered(shelf).items():
            if name in shipped:
                findings += (shadowing(offer, shelf, name) for offer in offers)
            elif len(offers) > 1:
                findings.append(ambiguous(offers, shelf, name))
            else:
                facts.append(ResourceFacts(shelf, name, offers[0].package, offers[0].release))
    return tuple(sorted(facts, key=lambda each: (each.shelf, each.name))), tuple(findings)


def _offered(shelf: str) -> dict[str, list[Offer]]:
    """By name, who offers it."""
    found = dict[str, list[Offer]]()
    for name, offer in _pairs(shelf):
        found.setdefault(name, []).append(offer)
    return found


def _pairs(shelf: str) -> Iterator[tuple[str, Offer]]:
    if shelf in DOORS:
        suffix = SUFFIXES[shelf][1]
        yield from ((file.name.removesuffix(suffix), offer) for offer, file in offered_files(shelf, [suffix]))
