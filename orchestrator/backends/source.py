"""From a model's source, as a recipe writes it, to the folder that holds its files. Nothing is downloaded."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from orchestrator.errors import Diagnostic, ModelUnavailable, did_you_mean
from orchestrator.recipe.model import ModelChoice

_HUB = re.compile(r"huggingface:(?P<repo>[\w.-]+/[\w.-]+)(?:@(?P<revision>.+))?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")


def locate(choice: ModelChoice, base: Path, embedded: Path) -> Path:
    """The folder of a model: the embedded one, a snapshot in the Hugging Face cache, or a folder by its path.

    Raises:
        ModelUnavailable: E122 for a bare word, E303 for a folder that is not there, E310 for a model that is
            not in the cache, E311 for a Hugging Face source without a pinned commit.
    """
    if choice.source == "embedded":
        return embedded
    if choice.source.startswith("huggingface:"):
        return _snapshot(choice)
    if "/" not in choice.source and "\\" not in choice.source:
        raise ModelUnavailable(_bare_word(choice, base))
    folder = base / _path(choice.source)
    if not folder.exists():
        raise ModelUnavailable(_no_folder(choice, base))
    return folder


def _path(source: str) -> Path:
    """The folder of a source; `./~x` is a folder of this name, which `expanduser` would take for a home."""
    return Path(source).expanduser() if source.startswith("~/") else Path(source)


def hub_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the Hugging Face libraries keep snapshots (HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME)."""
    if place := environment.get("HF_HUB_CACHE") or environment.get("HUGGINGFACE_HUB_CACHE"):
        return Path(place).expanduser()
    cache = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(environment.get("HF_HOME") or f"{cache}/huggingface").expanduser() / "hub"


def _snapshot(choice: ModelChoice) -> Path:
    match = _HUB.fullmatch(choice.source)
    if match is None or not _COMMIT.fullmatch(match["revision"] or ""):
        raise ModelUnavailable(_unpinned(choice, match["repo"] if match else None))
    stored = hub_cache() / f"models--{match['repo'].replace('/', '--')}"
    snapshot = stored / "snapshots" / match["revision"]
    if not snapshot.is_dir():
        raise ModelUnavailable(_not_in_cache(choice, match["repo"], match["revision"]))
    return snapshot


def _bare_word(choice: ModelChoice, base: Path) -> Diagnostic:
    near = "embedded" if did_you_mean(choice.source, ["embedded"]) else None
    if (base / choice.source).is_dir():
        near = f"./{choice.source}"
    return Diagnostic(
        code="E122",
        message=f"`{choice.source}` is no source of a model",
        span=choice.span,
        why="A bare word is `embedded` or an endpoint that the operator configured; none is configured. "
        "A folder is written with a `/`.",
        help=f"did you mean `{near}`?"
        if near
        else "name a folder, or a model on Hugging Face with its commit",
        fix=near or f"./{choice.source}\nhuggingface:OWNER/{choice.source}@COMMIT",
    )


def _no_folder(choice: ModelChoice, base: Path) -> Diagnostic:
    where = "it is an absolute path"
    if not _path(choice.source).is_absolute():
        where = "a relative path counts from the recipe's folder"
    looked_like = re.fullmatch(r"[\w.-]+/[\w.-]+", choice.source, re.ASCII)
    del base
    return Diagnostic(
        code="E303",
        message=f"the model folder {choice.source!r} does not exist",
        span=choice.span,
        why=f"Nothing lies there; {where}.",
        help="correct the path"
        + ("; a model on Hugging Face is written with its commit" if looked_like else ""),
        fix=f"huggingface:{choice.source}@COMMIT" if looked_like else "",
    )


def _unpinned(choice: ModelChoice, repo: str | None) -> Diagnostic:
    held = _commits_in_cache(repo) if repo else []
    return Diagnostic(
        code="E311",
        message=f"{choice.source!r} pins no commit" if repo else f"{choice.source!r} names no model",
        span=choice.span,
        why="A branch or a tag moves, and the same recipe would draw other pictures; "
        "a commit has 40 hexadecimal digits.",
        help="this commit is on your machine"
        if held
        else "the model's page shows its commits, under History",
        fix="\n".join(f"huggingface:{repo or 'OWNER/NAME'}@{commit}" for commit in held or ["COMMIT"]),
    )


def _commits_in_cache(repo: str) -> list[str]:
    snapshots = hub_cache() / f"models--{repo.replace('/', '--')}" / "snapshots"
    return sorted(folder.name for folder in snapshots.glob("*") if _COMMIT.fullmatch(folder.name))


def _not_in_cache(choice: ModelChoice, repo: str, revision: str) -> Diagnostic:
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
