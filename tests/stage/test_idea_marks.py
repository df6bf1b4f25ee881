from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.stage.idea.marks import normalised, read_marks


@pytest.mark.parametrize(
    ("idea", "text"),
    [
        ("fire sword", "fire sword"),
        ("(fire:1.3) sword", "fire sword"),
        ("((fire)) sword", "fire sword"),
        ("(fire)1.2 sword", "fire sword"),
        ("fire++ sword", "fire sword"),
        ("fire::2 sword::1", "fire sword"),
        ("[fire] sword", "fire sword"),
        ("[fire:ice:0.5] sword", "ice sword"),
        ("<lora:add_detail:0.8> sword", "sword"),
        ("sword --ar 16:9 --v 6 --style raw", "sword"),
        ("sword --tile", "sword"),
        ("sword --no text, frame --ar 1:1", "sword"),
        ("sword. Negative prompt: text, hands", "sword"),
        ("masterpiece, best quality, 8k, sword", "sword"),
        ("score_9, score_8_up, sword", "sword"),
        ("sword BREAK shield", "sword shield"),
        ("masterpiece", "masterpiece"),
        ("sword (rusty)", "sword (rusty)"),
        ("well-made sword", "well-made sword"),
        ("sword 2.5", "sword 2.5"),
        ("ｆｉｒｅ　ｓｗｏｒｄ", "fire sword"),
        ("“Zephyr”", '"Zephyr"'),
    ],
)
def test_what_is_left_to_read(idea: str, text: str) -> None:
    marked = read_marks(idea)
    assert marked.text == text
    assert bool(marked.told) == (normalised(idea) != text)


def test_joiners_stay_where_they_join() -> None:
    family, persian = "👩\u200d🚀 rocket", "می\u200cخواهم"
    assert normalised(family) == family
    assert normalised(persian) == persian
    assert normalised("sw\u200dord\u200b") == "sword"


@given(st.text(st.sampled_from("ab1 ()[]<>:,.-+_'\"|loraBREAKno"), max_size=60))
def test_any_text_is_read_and_loses_no_word_in_silence(idea: str) -> None:
    marked = read_marks(idea)
    assert marked.text or not normalised(idea)
    letters = [character for character in normalised(idea) if character.isalnum()]
    if [character for character in marked.text if character.isalnum()] != letters:
        assert marked.told
