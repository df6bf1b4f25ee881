"""What a model is known by: the bytes that its loader opens, or what an object from Python vouches for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestrator.backends.digests import FileDigests
from orchestrator.stage.canonical import canonical_json, digest_of

_ALGORITHM = "sha256:"


def digests_of(files: Mapping[str, Path], store: Path) -> dict[str, str]:
    """The digest of each file by name; those of files that have not changed are remembered in the store."""
    memory = FileDigests.remembered(store)
    digests = {name: memory.of(path) for name, path in files.items()}
    memory.keep()
    return digests


def altered(digests: Mapping[str, str], expected: Mapping[str, str]) -> str | None:
    """The first file that is not as expected, with or without the algorithm named; others are not judged."""
    for name, digest in expected.items():
        if name in digests and digests[name].removeprefix(_ALGORITHM) != digest.removeprefix(_ALGORITHM):
            return name
    return None


def of_files(kind: str, digests: Mapping[str, str], **further: int) -> str:
    """The identity of a model that is loaded from files."""
    return digest_of(canonical_json({"kind": kind, "files": dict(digests), **further}))


def of_object(kind: str, vouched: str) -> str:
    """The identity of an object from Python; one that vouches for nothing is another in each run."""
    import secrets  # which no recipe of files alone needs

    vouched = vouched or f"unvouched:{secrets.token_hex(16)}"
    return digest_of(canonical_json({"kind": kind, "handed_in": vouched}))
