"""Providers of packages: named by an endpoint, claiming a folder; a faulty one is told with its package."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from orchestrator.backends import providers
from orchestrator.backends.describe import describe
from orchestrator.backends.load import Loader
from orchestrator.config import EndpointSettings, Settings
from orchestrator.errors import Diagnostic, ModelUnavailable, Span, StageFailure
from orchestrator.stage import Card, Description, PaintReply, PaintRequest, RenderPlan
from tests.backends.sources import choice
from tests.machine import settings_at
from tests.packages import packed

SPAN = Span("recipe.yaml", 4, 13, 4, 20)
PROVIDER = """\
from orchestrator.provider import Provider

PROVIDER = Provider("{name}:describe", "{name}:load", marker="{name}.json", files=("*.json", "*.bin"))
BARE = Provider("{name}:describe", "{name}:load", endpoints=False)
OURS = Provider("{name}:describe", "{name}:load", marker="model_index.json")
FAR = Provider("{name}:describe", "{name}:load", marker="../x.json")
NOTHING = {{}}
CALLED = Provider(print, "{name}:load")
HALF = Provider("{name}:describe", "{name}")


def describe(wanted):
    from orchestrator.stage import Card

    if wanted.model == "none":
        raise ValueError("there is no ink of this name")
    if wanted.model == "odd":
        raise KeyError("odd")
    if wanted.model == "cardless":
        return {{"name": "x"}}
    return Card(name=wanted.model or wanted.folder.name, kind="llm", repeats=wanted.folder is not None)


def load(wanted):
    return {{"lame": object}}.get(wanted.model, Painter)() if wanted.model != "burnt" else 1 / 0


class Painter:
    environment = {{"ink": "blue"}}
    batch_size = 3
    answers = None

    def paint(self, requests, cancelled, on_step):
        return self.answers
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a package with a provider on the path: entry points by name, all in one module."""

    def put(name: str, points: dict[str, str], text: str = PROVIDER) -> None:
        groups = {"orchestrator.models": {point: f"{name}:{target}" for point, target in points.items()}}
        files = {f"{name}.py": text.format(name=name)}
        monkeypatch.syspath_prepend(packed(tmp_path / name, f"studio-{name}", groups, files))

    return put


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    from dataclasses import replace

    names = ("blue", "none", "odd", "cardless", "lame", "burnt")
    endpoints = {name: EndpointSettings(name, "diffusion", "pad", name) for name in names}
    endpoints["keyed"] = EndpointSettings("keyed", "diffusion", "pad", "blue", key_env="NO_SUCH_KEY_HERE")
    endpoints["prose"] = EndpointSettings("prose", "llm", "pad", "blue")
    endpoints["other"] = EndpointSettings("other", "diffusion", "pda", "blue")
    return replace(settings_at(tmp_path / "store"), endpoints=endpoints)


def described(source: str, settings: Settings, base: Path, kind: str = "diffusion") -> Description:
    return describe(choice("painter", kind, source, SPAN), settings, base)


def finding(source: str, settings: Settings, base: Path) -> Diagnostic:
    with pytest.raises(ModelUnavailable) as caught:
        described(source, settings, base)
    assert caught.value.finding.span == SPAN
    return caught.value.finding


def test_an_endpoint_is_known_by_what_is_asked_for_and_vouched_for(site, settings, tmp_path) -> None:
    from dataclasses import replace

    site("inka", {"diffusion.pad": "PROVIDER"})
    blue = described("blue", settings, tmp_path)
    assert blue.card == Card(name="blue", kind="diffusion", repeats=False)
    endpoint = settings.endpoints["blue"]

    def identity(**changed: object) -> str:
        other = replace(settings, endpoints={"blue": replace(endpoint, **changed)})
        return described("blue", other, tmp_path).identity

    assert identity(url="http://elsewhere/", price={"picture": 1.0}, caps={"in_flight": 2}) == blue.identity
    assert len({blue.identity, identity(model="red"), identity(identity="2")}) == 3


def test_a_folder_belongs_to_whose_marker_lies_there(site, settings, tmp_path) -> None:
    site("inkb", {"diffusion.pad": "PROVIDER"})
    folder = tmp_path / "pads" / "blue"
    folder.mkdir(parents=True)
    assert finding("pads/blue", settings, tmp_path).code == "E304"
    (folder / "inkb.json").write_text("{}")
    (folder / "notes.txt").write_text("not opened")
    before = described("pads/blue", settings, tmp_path)
    assert (before.provider, before.card.kind, before.card.repeats) == ("pad", "diffusion", True)
    (folder / "notes.txt").write_text("still not opened")
    assert described("pads/blue", settings, tmp_path).identity == before.identity
    (folder / "ink.bin").write_bytes(b"blue")
    assert described("pads/blue", settings, tmp_path).identity != before.identity
    with pytest.raises(ModelUnavailable) as caught:
        Loader(settings)(before)
    assert caught.value.finding.code == "E309"


def test_two_claims_on_a_folder_name_both_packages(site, settings, tmp_path) -> None:
    site("inkc", {"diffusion.pad": "PROVIDER"})
    site("inkd", {"diffusion.pen": "PROVIDER"})
    (tmp_path / "pad").mkdir()
    for name in ("inkc", "inkd"):
        (tmp_path / "pad" / f"{name}.json").write_text("{}")
    found = finding("./pad", settings, tmp_path)
    assert found.code == "E354"
    assert "studio-inkc 1.0" in found.why
    assert "pip uninstall studio-inkd" in found.help


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("nobody", "E350", "[endpoints.nobody]"),
        ("bleu", "E350", "blue"),
        ("prose", "E351", "painter: {llm: prose}"),
        ("other", "E352", "`pad`"),
        ("keyed", "E357", "NO_SUCH_KEY_HERE"),
        ("none", "E355", "there is no ink of this name"),
        ("odd", "E355", "KeyError"),
        ("cardless", "E355", "a dict in place of a card"),
    ],
)
def test_what_is_wrong_with_an_endpoint(site, settings, tmp_path, source: str, code: str, said: str) -> None:
    site("inke", {"diffusion.pad": "PROVIDER"})
    found = finding(source, settings, tmp_path)
    assert found.code == code
    assert said in f"{found.message} {found.why} {found.fix}"
    if code == "E355":
        assert "studio-inke 1.0" in found.message
        assert found.fix == "python -m pip uninstall studio-inke"


@pytest.mark.parametrize("target", ["NOTHING", "ABSENT", "OURS", "FAR", "CALLED", "HALF"])
def test_a_provider_that_cannot_be_used(site, settings, tmp_path, target: str) -> None:
    site(f"inkf{target.lower()}", {"diffusion.pad": target})
    found = finding("blue", settings, tmp_path)
    assert found.code == "E409"
    assert f"studio-inkf{target.lower()} 1.0" in found.message


@pytest.mark.parametrize("point", ["pad", "picture.pad", "diffusion."])
def test_a_name_without_a_kind_is_told_where_providers_are_listed(site, point: str) -> None:
    site(f"inkn{len(point)}", {point: "PROVIDER"})
    (found,) = providers.all_providers()
    assert isinstance(found, Diagnostic)
    assert found.code == "E409"
    assert f"{point!r} of studio-inkn" in found.message
    assert "`KIND.NAME`" in found.message


def test_a_broken_provider_spoils_no_folder_of_another(site, settings, tmp_path) -> None:
    site("inkg", {"diffusion.pad": "PROVIDER", "diffusion.torn": "ABSENT"})
    (tmp_path / "pad").mkdir()
    (tmp_path / "pad" / "inkg.json").write_text("{}")
    assert described("./pad", settings, tmp_path).provider == "pad"
    (tmp_path / "none").mkdir()
    found = finding("./none", settings, tmp_path)
    assert found.code == "E304"
    assert "diffusion.torn" in found.help


def test_two_packages_of_one_name_are_told_and_nothing_is_taken(site, settings, tmp_path) -> None:
    site("inkh", {"diffusion.pad": "PROVIDER"})
    site("inki", {"diffusion.pad": "PROVIDER"})
    assert finding("blue", settings, tmp_path).code == "E417"
    assert described("embedded", settings, tmp_path).provider == ""


def test_a_provider_of_folders_alone_serves_no_endpoint(site, settings, tmp_path) -> None:
    site("inkj", {"diffusion.pad": "BARE"})
    assert finding("blue", settings, tmp_path).code == "E352"


def test_a_row_of_our_own_serves_an_endpoint(site, settings, tmp_path, monkeypatch) -> None:
    site("inkm", {"diffusion.own": "PROVIDER"})
    monkeypatch.setitem(providers.BUILT_IN, "diffusion.pad", "inkm:PROVIDER")
    monkeypatch.setitem(providers.BUILT_IN, "diffusion.own", "inkm:BARE")
    assert described("blue", settings, tmp_path).provider == "pad"
    found = list(providers.all_providers())
    assert [(each.name, each.package) for each in found if isinstance(each, providers.Registered)] == [
        ("pad", "orchestrator"),
        ("own", "orchestrator"),
    ]
    assert [each.code for each in found if isinstance(each, Diagnostic)] == ["W670"]


@pytest.mark.parametrize("name", ["lame", "burnt"])
def test_what_loads_as_no_model_is_told(site, settings, tmp_path, name: str) -> None:
    site(f"inkk{name}", {"diffusion.pad": "PROVIDER"})
    with pytest.raises(ModelUnavailable) as caught:
        Loader(settings)(described(name, settings, tmp_path))
    assert caught.value.finding.code == "E355"
    assert f"studio-inkk{name}" in caught.value.finding.message


REQUEST = PaintRequest(RenderPlan(prompt="x", width=32, height=16, steps=1, guidance_scale=1.0), 7)
GOOD = PaintReply(Image.new("RGB", (32, 16)))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (None, "NoneType"),
        ([], "0 answers to 1"),
        ([Image.new("RGB", (32, 16))], "gave a Image"),
        ([PaintReply(Image.new("RGB", (16, 16)))], "16 × 16 pixels where 32 × 16"),
        ([PaintReply("picture")], "a str in place of a picture"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_answer_is_refused_and_names_the_package(site, settings, tmp_path, answers, said) -> None:
    site("inkl", {"diffusion.pad": "PROVIDER"})
    model = Loader(settings)(described("blue", settings, tmp_path))
    assert model.environment == {"pad": "studio-inkl 1.0", "ink": "blue"}
    assert model.batch_size == 3
    model._model.answers = answers
    with pytest.raises(StageFailure) as caught:
        model.paint([REQUEST], bool, lambda *_: None)
    assert caught.value.code == "E355"
    assert said in str(caught.value)
    assert "studio-inkl 1.0" in str(caught.value)
    assert "pip uninstall studio-inkl" in caught.value.help
    model._model.answers = [GOOD]
    assert model.paint([REQUEST], bool, lambda *_: None)[0].image.size == (32, 16)
