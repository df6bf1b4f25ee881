from __future__ import annotations

from pathlib import Path

import pytest

from training import bank, sources


def test_missing_npm_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sources, "CACHE", tmp_path)
    monkeypatch.setattr(sources.shutil, "which", lambda _: None)
    with pytest.raises(sources.MissingSourceError, match=r"npm is not installed.*fluent-emoji-flat"):
        sources.folder("flat")


def test_failed_download_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "tool"
    script.write_text("#!/bin/sh\necho E404 >&2\nexit 1\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(sources, "CACHE", tmp_path)
    monkeypatch.setattr(sources.shutil, "which", lambda _: str(script))
    with pytest.raises(sources.MissingSourceError, match=r"(?s)could not fetch @iconify-json/noto.*E404"):
        sources.folder("noto")


def test_too_little_memory_names_both_figures() -> None:
    with pytest.raises(bank.MemoryShortageError, match=r"needs \d+\.\d GiB of memory; \d+\.\d are free"):
        bank.need_memory(2**50)
