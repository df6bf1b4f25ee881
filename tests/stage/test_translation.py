from __future__ import annotations

import pytest

from orchestrator.stage.idea.translation import Words, foreign_words, is_chinese, script_of

GLOSSARY = {
    "剑": "sword", "鱼": "fish", "水": "water", "升级": "upgrade", "卷轴": "scroll", "的": "", "里": "",
    "红": "red", "食人鱼": "piranha", "меч": "sword", "巨": "giant",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "english", "unknown"),
    [
        ("升级卷轴", "upgrade scroll", ()),
        ("红的剑", "red sword", ()),
        ("刺剑", "刺 sword", ("刺",)),
        ("手里剑", "手里 sword", ("手里",)),
        ("巨型食人鱼", "巨型 piranha", ("巨型",)),
        ("水母", "水母", ("水母",)),
        ("cute 剑", "cute sword", ()),
        ("огненный меч", "огненный sword", ("огненный",)),
        ("мечник", "мечник", ("мечник",)),
        ("fire sword", "fire sword", ()),
    ],
)
def test_the_longest_word_wins_and_the_last_known_noun_is_the_head(
    text: str, english: str, unknown: tuple[str, ...]
) -> None:
    translation = Words(GLOSSARY).translated(text)
    assert (translation.text, translation.unknown) == (english, unknown)


@pytest.mark.parametrize(
    ("text", "script", "chinese"),
    [
        ("меч", "Cyrillic", False),
        ("검", "Korean", False),
        ("炎の剣", "Japanese", False),
        ("剑", "Chinese", True),
    ],
)
def test_the_script_of_a_text(text: str, script: str, chinese: bool) -> None:
    assert (script_of(text), is_chinese(text)) == (script, chinese)
    assert foreign_words(f"a {text}") == (text,)
    assert foreign_words("café Ærø") == ()
