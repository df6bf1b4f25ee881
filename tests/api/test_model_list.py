"""`orchestrator models`: kinds, endpoints and providers; the key of none, a fault of one hides no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestrator.api import models
from orchestrator.stage import KINDS
from tests.fences import typed
from tests.packages import packed

CONFIG = """\
[endpoints.studio]
kind = "diffusion"
provider = "listed"
model = "indigo"
key_env = "KEY_OF_THE_LIST"
price = {picture = 0.04}
caps = {in_flight = 4}
[endpoints.prose]
kind = "llm"
provider = "absent"
url = "http://127.0.0.1:1/"
identity = "ours"
"""
MODULE = """\
from orchestrator.provider import Provider

PROVIDER = Provider("listed:describe", "listed:load", marker="listed.json")
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's configuration, one sound provider, one that fails at import."""
    points = {"diffusion.listed": "listed:PROVIDER", "llm.torn": "torn_module:PROVIDER"}
    site = packed(tmp_path, "studio-listed", {"orchestrator.models": points}, {"listed.py": MODULE})
    monkeypatch.syspath_prepend(site)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(CONFIG, "utf-8")
    monkeypatch.setenv("ORCHESTRATOR_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("KEY_OF_THE_LIST", "sk-not-to-be-shown")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("machine")
def test_everything_is_listed_but_the_key() -> None:
    document = json.loads(typed("orchestrator models --json").output)
    assert [kind["name"] for kind in document["kinds"]] == list(KINDS)
    assert [(each["name"], each["provided"], each["key_is_set"]) for each in document["endpoints"]] == [
        ("prose", False, True),
        ("studio", True, True),
    ]
    assert [(each["name"], each["marker"], each["package"]) for each in document["providers"]] == [
        ("listed", "listed.json", "studio-listed")
    ]
    assert [finding["code"] for finding in document["findings"]] == ["E409"]
    assert "sk-not" not in json.dumps(document)


@pytest.mark.usefixtures("machine")
def test_a_person_reads_a_line_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEY_OF_THE_LIST")
    printed = typed("orchestrator models").output
    assert (
        "studio  diffusion by listed: indigo; key in KEY_OF_THE_LIST, which is not set; 0.04 a picture"
        in printed
    )
    assert "prose  llm by absent: http://127.0.0.1:1/; no installed package provides it" in printed
    assert "listed  diffusion from endpoints and folders with listed.json (studio-listed 1.0)" in printed
    assert "pip uninstall studio-listed" in printed


def test_a_machine_without_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_CONFIG", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert models().endpoints == ()
    assert "endpoints: none is configured" in typed("orchestrator models").output
