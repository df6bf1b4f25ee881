"""The table of kinds: each said once, and each Protocol asked by what the table lists."""

from __future__ import annotations

from pkgutil import resolve_name

import pytest

from orchestrator.stage import KINDS, USUAL_ROLES, Painter, Role, Writer, draws, sizes_own_batches
from orchestrator.stage.kinds import kinds_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_lists_what_its_protocol_is_asked(kind) -> None:
    asked = {name for name, value in vars(kind.protocol).items() if callable(value) and name[0] != "_"}
    assert set(kind.answers) == asked
    for answer in kind.answers.values():
        assert isinstance(resolve_name(answer) if isinstance(answer, str) else answer, type)
    assert kind.name in Role[kind.protocol].kinds()


def test_usual_roles_tell_kinds_apart() -> None:
    assert len(USUAL_ROLES) == len(KINDS)
    assert (USUAL_ROLES["writer"], USUAL_ROLES["painter"], USUAL_ROLES["judge"]) == (
        "llm",
        "diffusion",
        "clip",
    )


def test_what_follows_from_a_kind() -> None:
    assert [name for name in KINDS if draws(name)] == ["diffusion", "gan"]
    assert [name for name in KINDS if sizes_own_batches(name)] == ["llm"]
    assert not draws("studio-kind")
    assert (kinds_of(Painter), kinds_of(Writer)) == (("diffusion", "gan"), ("llm",))


def test_a_protocol_of_a_package_names_its_kinds_itself() -> None:
    class Composer:
        kinds = ("music",)

    assert Role[Composer].kinds() == ("music",)
