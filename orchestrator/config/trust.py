"""What the operator trusts: files by path and digest, remembered in the user's config folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, cast

from orchestrator.replace_file import replace_file
from orchestrator.stage.canonical import digest_of

TRUSTED_FILE: Final = "trusted.json"
State = Literal["trusted", "changed", "unknown"]


class Trust:
    """Files as they were when the operator said yes; a changed one is no longer trusted."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / TRUSTED_FILE

    def state(self, path: Path, data: bytes) -> State:
        """Whether these bytes of a file are trusted."""
        known = self.files().get(_name(path))
        if known is None:
            return "unknown"
        return "trusted" if known == digest_of(data) else "changed"

    def add(self, path: Path) -> str:
        """Trusts a file as it is now; its digest. OSError where it or the list cannot be read or written."""
        digest = digest_of(path.read_bytes())
        self._save({**self.files(), _name(path): digest})
        return digest

    def remove(self, path: Path) -> bool:
        """No longer trusts a file; whether it was trusted."""
        known = dict(self.files())
        found = known.pop(_name(path), None) is not None
        if found:
            self._save(known)
        return found

    def files(self) -> Mapping[str, str]:
        """Digest by path. A list that cannot be read trusts nothing."""
        try:
            document: object = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        files = cast("dict[str, object]", document).get("files") if isinstance(document, dict) else None
        if not isinstance(files, dict):
            return {}
        return {str(name): str(digest) for name, digest in cast("dict[object, object]", files).items()}

    def _save(self, files: Mapping[str, str]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": 1, "files": dict(sorted(files.items()))}, ensure_ascii=False, indent=1)
        replace_file(self._file, f"{text}\n".encode(), durable=True)


def _name(path: Path) -> str:
    """A file by its real path; on Windows, where case means nothing, in lower case."""
    return os.path.normcase(path.resolve())
