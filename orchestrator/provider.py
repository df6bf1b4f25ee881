"""The public face for packages that give models: what they register, and how they are asked.

    [project.entry-points."orchestrator.models"]
    "diffusion.inkpad" = "studio_inkpad:PROVIDER"

The name is the kind of model and the provider's own name, so that both are known before anything is imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TypeAlias

from orchestrator.frozen import Frozen
from orchestrator.stage import Card, Model


class Wanted(Frozen):
    """The model that a provider is asked for: one of an endpoint, or one in a folder.

    Attributes:
        role: the name that the recipe gives it.
        kind: one of `KINDS`.
        folder: where its files lie; None at an endpoint.
        model: what the endpoint asks for; "" in a folder.
        url: the endpoint's address, "" for the provider's own.
        key_env: the environment variable that holds the key, "" where none is needed.
        price: of the endpoint, by unit.
        caps: of the endpoint, by name; the provider keeps them.
        device: `auto`, `cpu`, `cuda:1`.
        threads: how many the operator allows, for what is computed on this machine.
    """

    role: str
    kind: str
    folder: Path | None = None
    model: str = ""
    url: str = ""
    key_env: str = ""
    price: Mapping[str, float] = field(default_factory=dict[str, float])
    caps: Mapping[str, int] = field(default_factory=dict[str, int])
    device: str = "auto"
    threads: int = 1

    def key(self) -> str:
        """The key, read from the environment now; keep it nowhere."""
        return os.environ.get(self.key_env, "")


Describe: TypeAlias = Callable[[Wanted], Card]
"""Says what a model is, without loading it or calling its address; imports no heavy library.

Raises ValueError with a sentence where the folder, or what the endpoint says, is not what it can give.
"""
Load: TypeAlias = Callable[[Wanted], Model]
"""The model, ready to work. It does what the Protocol of its kind in `orchestrator.stage` says."""


class Provider(Frozen):
    """Gives models of one kind, behind an endpoint or out of folders.

    Attributes:
        describe: `module:function`, a `Describe`.
        load: `module:function`, a `Load`; its module is imported only when a model is loaded.
        marker: a file that says that a folder is this provider's; "" where it reads no folders.
        files: patterns of the files there that `load` opens; their digests are the model's identity.
        endpoints: whether an endpoint may name it.
    """

    describe: str
    load: str
    marker: str = ""
    files: tuple[str, ...] = ("**/*",)
    endpoints: bool = True
