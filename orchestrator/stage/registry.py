"""Names to stages. Only the modules of stages that a recipe uses are imported."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping

from orchestrator.errors import Diagnostic, InvalidInput
from orchestrator.stage.declaration import StageSpec, specs_in

BUILTIN_MODULES: Mapping[str, str] = {
    "amend": "orchestrator.builtin.amend",
    "animate": "orchestrator.builtin.animate",
    "atlas": "orchestrator.builtin.atlas",
    "best-of": "orchestrator.builtin.best_of",
    "brightness": "orchestrator.builtin.brightness",
    "contact-sheet": "orchestrator.builtin.contact_sheet",
    "expand": "orchestrator.builtin.expand.stage",
    "normal-map": "orchestrator.builtin.normal_map",
    "picture": "orchestrator.builtin.picture",
    "plan": "orchestrator.builtin.plan.stage",
    "remove-background": "orchestrator.builtin.remove_background",
    "render": "orchestrator.builtin.render",
    "repaint": "orchestrator.builtin.repaint",
    "review": "orchestrator.builtin.review",
    "score": "orchestrator.builtin.score",
    "seamless": "orchestrator.builtin.seamless",
}


RENAMED: Mapping[str, str] = {}
"""Earlier names of built-in stages to their names now; each stands in the stage's own `was=` too."""


class Registry:
    """The stages that a recipe may use: built-in ones by module, others by their declaration."""

    def __init__(
        self, modules: Mapping[str, str] = BUILTIN_MODULES, declared: Iterable[StageSpec] = ()
    ) -> None:
        self._modules = dict(modules)
        self._declared = {spec.name: spec for spec in declared}

    def names(self) -> tuple[str, ...]:
        """All registered names, sorted."""
        return tuple(sorted({*self._modules, *self._declared}))

    def find(self, name: str) -> StageSpec | None:
        """The stage of this name, now or earlier, imported now; None when there is none.

        Packages that are installed beside us are asked only for a name that is not known otherwise.

        Raises:
            InvalidInput: what an installed package offers cannot be used (E409, E417, E418); without a place.
        """
        name = RENAMED.get(name, name)
        if name in self._declared:
            return self._declared[name]
        if name in self._modules:
            module = importlib.import_module(self._modules[name])
            self._declared |= {spec.name: spec for spec in specs_in(vars(module))}
            return self._declared[name]
        return self._earlier(name) or self._installed(name)

    def usable(self, name: str) -> StageSpec | None:
        """As `find`, with None also where the package that offers it cannot be used."""
        try:
            return self.find(name)
        except InvalidInput:
            return None

    def scan(self) -> tuple[Diagnostic, ...]:
        """Adds every stage that installed packages offer, for a list of all; what is wrong with the rest."""
        from orchestrator.stage.installed import STAGES

        findings = list(STAGES.findings(self.names()))
        for name in STAGES.names():
            try:
                self.find(name)
            except InvalidInput as error:
                findings += error.findings
        return tuple(dict.fromkeys(findings))

    def _earlier(self, name: str) -> StageSpec | None:
        return next((spec for spec in self._declared.values() if name in spec.was), None)

    def _installed(self, name: str) -> StageSpec | None:
        from orchestrator.stage.installed import load_installed

        for spec in load_installed(name):
            self._declared.setdefault(spec.name, spec)
        return self._declared.get(name) or self._earlier(name)

    def extended(self, specs: Iterable[StageSpec]) -> Registry:
        """A registry with further stages; a name that exists is refused by the caller's check."""
        return Registry(self._modules, [*self._declared.values(), *specs])
