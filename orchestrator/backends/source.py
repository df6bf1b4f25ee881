"""From a model's source to the folder that holds its files. Nothing is downloaded."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from orchestrator.errors import Diagnostic, ModelUnavailable
from orchestrator.recipe import Folder, Hub, ModelChoice

_COMMIT = re.compile(r"[0-9a-f]{40}")


def locate(choice: ModelChoice, base: Path, embedded: Path) -> Path:
    """The folder of a model: the embedded one, a snapshot in the Hugging Face cache, or a folder by its path.

    Raises:
        ModelUnavailable: E303 for a folder that is not there, E310 for a model that is not in the cache, E311
            for a revision that is no commit.
    """
    match choice.source:
        case Folder(path):
            folder = base / _path(path)
            if not folder.exists():
                raise ModelUnavailable(_no_folder(choice, path))
            return folder
        case Hub() as hub:
            return _snapshot(choice, hub)
        case _:
            return embedded


def _path(source: str) -> Path:
    """The folder of a source; `./~x` is a folder of this name, which `expanduser` would take for a home."""
    return Path(source).expanduser() if source.startswith("~/") else Path(source)


def hub_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the Hugging Face libraries keep snapshots (HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME)."""
    if place := environment.get("HF_HUB_CACHE") or environment.get("HUGGINGFACE_HUB_CACHE"):
        return Path(place).expanduser()
    cache = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(environment.get("HF_HOME") or f"{cache}/huggingface").expanduser() / "hub"


def _snapshot(choice: ModelChoice, hub: Hub) -> Path:
    if not _COMMIT.fullmatch(hub.revision):
        raise ModelUnavailable(_unpinned(choice, hub))
    snapshot = _kept(hub) / "snapshots" / hub.revision
    if not snapshot.is_dir():
        raise ModelUnavailable(_not_in_cache(choice, hub))
    return snapshot


def _kept(hub: Hub) -> Path:
    return hub_cache() / f"models--{hub.repository.replace('/', '--')}"


def _no_folder(choice: ModelChoice, path: str) -> Diagnostic:
    where = "it is an absolute path"
    if not _path(path).is_absolute():
        where = "a relative path counts from the recipe's folder"
    looked_like = re.fullmatch(r"[\w.-]+/[\w.-]+", path, re.ASCII)
    return Diagnostic(
        code="E303",
        message=f"the model folder {path!r} does not exist",
        span=choice.span,
        why=f"Nothing lies there; {where}.",
        help="correct the path"
        + (f"; a model on Hugging Face is written `huggingface:{path}@COMMIT`" if looked_like else ""),
    )


def _unpinned(choice: ModelChoice, hub: Hub) -> Diagnostic:
    held = _commits_in_cache(hub)
    return Diagnostic(
        code="E311",
        message=f"{str(hub)!r} pins no commit",
        span=choice.span,
        why="A branch or a tag moves, and the same recipe would draw other pictures; "
        "a commit has 40 hexadecimal digits.",
        help="this commit is on your machine"
        if held
        else f"write `{Hub(hub.repository, 'COMMIT')}`; the model's page shows its commits, under History",
        fix="\n".join(str(Hub(hub.repository, commit)) for commit in held),
    )


def _commits_in_cache(hub: Hub) -> list[str]:
    snapshots = (_kept(hub) / "snapshots").glob("*")
    return sorted(folder.name for folder in snapshots if _COMMIT.fullmatch(folder.name))


def _not_in_cache(choice: ModelChoice, hub: Hub) -> Diagnostic:
    repo, revision = hub.repository, hub.revision
    folder = f"models/{repo.split('/')[1]}"
    return Diagnostic(
        code="E310",
        message=f"the model {repo} is not on this machine",
        span=choice.span,
        why="The Hugging Face cache does not hold this commit, and a run downloads nothing by itself: "
        "models are gigabytes, under licences of their own.",
        help="get it once, with the command that comes with this package; or into a folder, on another\n"
        f"machine: `hf download {repo} --revision {revision} --local-dir {folder}`,\n"
        f"which you carry over and name: `{choice.role}: {{{choice.kind}: {folder}}}`",
        fix=f"hf download {repo} --revision {revision}",
    )
