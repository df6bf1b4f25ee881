"""Where the store lies, on what the models run, and what a recipe may reach beyond its own folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from orchestrator.config.endpoint import EndpointSettings
from orchestrator.config.usable import threads_of
from orchestrator.errors import Diagnostic
from orchestrator.frozen import Frozen

if TYPE_CHECKING:
    from orchestrator.config.file import ConfigFile, StageFile

PROJECT_FILE: Final = "orchestrator.toml"
CONFIG_FILE: Final = "config.toml"


class Settings(Frozen):
    """What the person at the machine decides; a recipe cannot.

    Attributes:
        store: folder of finished work; also holds converted copies of models.
        device: `auto` (CUDA where there is one, else CPU), or a torch device such as `cpu`, `cuda:1`.
        dtype: `auto`, `float32`, `bfloat16` or `float16`.
        threads: torch threads; a fixed number, never the core count, so that machines agree.
        roots: folders below which recipes may write exports, besides their own folder.
        stages: stage files of the operator, imported for every recipe.
        offered: stage files that a project names; one is imported only if the operator trusts it.
        caps: those of `orchestrator.recipe.Caps` that the operator sets, by name.
        endpoints: models behind an address, by the name that a recipe writes.
        findings: warnings about keys of a project that do not count.
        sources: texts of the config files, by the name that findings show.
    """

    store: Path
    device: str = "auto"
    dtype: str = "auto"
    threads: int = 2
    roots: tuple[Path, ...] = ()
    stages: tuple[StageFile, ...] = ()
    offered: tuple[StageFile, ...] = ()
    caps: Mapping[str, int] = field(default_factory=dict[str, int])
    endpoints: Mapping[str, EndpointSettings] = field(default_factory=dict[str, EndpointSettings])
    findings: tuple[Diagnostic, ...] = field(default=(), compare=False)
    sources: Mapping[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)


def settings_from(
    environment: Mapping[str, str] = os.environ, *, config: Path | None = None, project: Path | None = None
) -> Settings:
    """Settings from the environment, else `config`, else the project (harmless keys), else the user's file.

    Args:
        environment: `ORCHESTRATOR_STORE`, `_DEVICE`, `_DTYPE`, `_THREADS`, and `ORCHESTRATOR_CONFIG` for the
            user's config folder.
        config: a config file of the operator's, as after `--config`.
        project: a folder; the nearest `orchestrator.toml` in or above it, within its repository, is read.

    Raises:
        InvalidInput: a file cannot be read (E450), or a key of it is wrong (E451).
    """
    folder = config_folder(environment)
    settings = Settings(store=platform_folder("cache"))
    files = _files(folder / CONFIG_FILE, project, config)
    if files:
        from orchestrator.config.file import read_config

        settings = _layered(settings, [read_config(path, role, folder) for path, role in files])
    return _from_environment(settings, environment)


def config_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The user's own folder of settings: `config.toml`, and what they trust."""
    named = environment.get("ORCHESTRATOR_CONFIG")
    return _path(named) if named else platform_folder("config")


def project_file(folder: Path) -> Path | None:
    """The nearest `orchestrator.toml` in or above a folder, no further up than its repository."""
    start = folder.resolve()
    for here in (start, *start.parents):
        if (here / PROJECT_FILE).is_file():
            return here / PROJECT_FILE
        if (here / ".git").exists():
            return None
    return None


def _files(user: Path, project: Path | None, config: Path | None) -> list[tuple[Path, str]]:
    """The files that count, the weakest first, each with who speaks in it."""
    found = project_file(project) if project is not None else None
    return [
        *([(user, "operator")] if user.is_file() else []),
        *([(found, "project")] if found is not None else []),
        *([(config, "operator")] if config is not None else []),
    ]


def _layered(settings: Settings, files: list[ConfigFile]) -> Settings:
    for file in files:
        settings = replace(
            settings,
            **file.values,
            stages=(*settings.stages, *file.stages),
            offered=(*settings.offered, *file.offered),
            roots=(*settings.roots, *file.roots),
            caps={**settings.caps, **file.caps},
            endpoints={**settings.endpoints, **file.endpoints},
            findings=(*settings.findings, *file.findings),
            sources={**settings.sources, file.name: file.text},
        )
    return settings


def _from_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    store = environment.get("ORCHESTRATOR_STORE")
    threads, findings = threads_of(environment)
    return replace(
        settings,
        store=_path(store) if store else settings.store,
        device=environment.get("ORCHESTRATOR_DEVICE") or settings.device,
        dtype=environment.get("ORCHESTRATOR_DTYPE") or settings.dtype,
        threads=threads or settings.threads,
        findings=(*settings.findings, *findings),
    )


def _path(text: str) -> Path:
    """A path as a shell would read it: no shell reads the variables of a container or of an env file."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # a `~name` of nobody
        return Path(text)


def platform_folder(kind: Literal["cache", "config"]) -> Path:
    """As platformdirs says; on Linux by the same rule without it, for its import takes 3 ms."""
    if sys.platform == "linux":
        named = Path(os.environ.get(f"XDG_{kind.upper()}_HOME", "").strip())
        return (named if named.is_absolute() else Path.home() / f".{kind}") / "orchestrator"
    import platformdirs

    find = platformdirs.user_cache_dir if kind == "cache" else platformdirs.user_config_dir
    return Path(find("orchestrator", appauthor=False))
