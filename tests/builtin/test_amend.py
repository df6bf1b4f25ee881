from __future__ import annotations

import pytest
from pydantic import ValidationError

from orchestrator.builtin.amend import Amend, amend
from orchestrator.stage import Context, Prompt

PROMPT = Prompt(subject="sword", colour="red", details=("runes",), negative=("text",))


def amended(**values: object) -> Prompt:
    return amend(PROMPT, Amend.checked(values), Context())


def test_what_is_left_out_stays() -> None:
    assert amended() == PROMPT
    assert amended(colour=None, details=None) == PROMPT


def test_fields_are_set_and_emptied() -> None:
    assert amended(colour="blue", view="side view").model_dump() == {
        **PROMPT.model_dump(),
        "colour": "blue",
        "view": "side view",
    }
    assert amended(colour="").colour == ""
    assert amended(details=[], negative=["hands"]).details == ()


def test_lists_are_replaced_or_extended() -> None:
    assert amended(add_details=["runes", "smoke"]).details == ("runes", "smoke")
    assert amended(details=["fog"], add_details=["smoke"]).details == ("fog", "smoke")
    assert amended(add_negative=["hands"]).negative == ("text", "hands")


def test_the_notes_say_what_was_changed() -> None:
    ctx = Context()
    amend(PROMPT, Amend(colour="red", style="ink"), ctx)
    assert ctx.notes[0]["reasons"] == {"style": "set by amend"}


@pytest.mark.parametrize("values", [{"subject": ""}, {"color": "red"}, {"colour": 3}, {"add_details": "x"}])
def test_what_makes_no_prompt_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Amend.checked(values)
