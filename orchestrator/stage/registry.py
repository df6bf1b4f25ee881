"""Names to stages. Only the modules of stages that a recipe uses are imported."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping

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
        self._offered: frozenset[str] | None = None

    def names(self) -> tuple[str, ...]:
        """All registered names, sorted."""
        return tuple(sorted({*self._modules, *self._declared}))

    def find(self, name: str) -> StageSpec | None:
        """The stage of this name, now or earlier, imported now; None when there is none.

        Packages that are installed beside us are asked only for a name that is not known otherwise.

        Raises:
            InvalidInput: an installed package offers it and cannot be used (E409).
        """
        name = RENAMED.get(name, name)
        if name in self._declared:
            return self._declared[name]
        if name in self._modules:
            module = importlib.import_module(self._modules[name])
            self._declared |= {spec.name: spec for spec in specs_in(vars(module))}
            return self._declared[name]
        return self._earlier(name) or self._installed(name)

    def scan(self) -> None:
        """Adds every stage that installed packages offer, for a list of all."""
        from orchestrator.stage.installed import offered_names

        for name in offered_names():
            self.find(name)

    def _earlier(self, name: str) -> StageSpec | None:
        return next((spec for spec in self._declared.values() if name in spec.was), None)

    def _installed(self, name: str) -> StageSpec | None:
        from orchestrator.stage.installed import load_installed, offered_names

        if self._offered is None:  # a look at all packages, which a recipe of unknown names must not repeat
            self._offered = frozenset(offered_names())
        if name not in self._offered:
            return None
        for spec in load_installed(name):
            self._declared.setdefault(spec.name, spec)
        return self._declared.get(name) or self._earlier(name)

    def extended(self, specs: Iterable[StageSpec]) -> Registry:
        """A registry with further stages; a name that exists is refused by the caller's check."""
        return Registry(self._modules, [*self._declared.values(), *specs])
