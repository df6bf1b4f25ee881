from __future__ import annotations

import pytest

from tests.builtin.language_desk import prompt_of, shipped


def test_the_glossary_has_the_words_of_games() -> None:
    glossary = shipped()["glossary", "default"]
    assert len([word for word, english in glossary.items() if english]) >= 500
    assert all(english.isascii() for english in glossary.values())


@pytest.mark.parametrize(
    ("idea", "subject"),
    [
        ("一只可爱的猫咪", "cute cat"),
        ("蓝色宝石", "blue gem"),
        ("古老的魔法书", "ancient spell book"),
        ("一把燃烧的剑", "burning sword"),
        ("一瓶生命药水", "health potion"),
        ("红苹果", "red apple"),
        ("木制盾牌", "wooden shield"),
        ("黑暗骑士", "dark knight"),
        ("传说之剑", "legendary sword"),
        ("一顶金色皇冠", "golden crown"),
        ("被诅咒的戒指", "cursed ring"),
        ("冰霜巨龙", "frost giant dragon"),
        ("藏宝图", "treasure map"),
        ("铁钥匙", "iron key"),
        ("毒蘑菇", "poison mushroom"),
        ("一艘海盗船", "pirate ship"),
        ("小兔子", "bunny"),
        ("发光的水晶球", "glowing crystal orb"),
        ("破旧的木桶", "worn wooden barrel"),
        ("生锈的铁剑", "rusty iron sword"),
        ("一堆金币", "pile of gold coin"),
        ("闪亮的星星", "shiny star"),
        ("愤怒的兽人", "angry orc"),
        ("睡觉的熊猫", "sleeping panda"),
        ("一碗拉面", "ramen"),
        ("草地上的红色蘑菇", "red mushroom"),
        ("像素风格的长剑", "longsword"),
        ("白色背景的城堡", "castle"),
        ("金龍", "gold dragon"),
        ("可愛的貓咪", "cute cat"),
        ("史诗级法杖", "epic magic staff"),
        ("水墨画的老虎", "tiger"),
        ("宝剑和盾牌", "sword and shield"),
        ("cute 小猫", "cute kitten"),
        ("火焰 sword", "flame sword"),
    ],
)
def test_fresh_chinese_ideas(idea: str, subject: str) -> None:
    assert prompt_of(idea).subject == subject


@pytest.mark.parametrize(
    ("idea", "field", "value"),
    [
        ("像素风格的长剑", "style", "pixel"),
        ("水墨画的老虎", "style", "ink"),
        ("草地上的红色蘑菇", "background", "grass"),
        ("草地上的红色蘑菇", "colour", "red"),
        ("木制盾牌", "material", "wood"),
        ("金色皇冠", "colour", "gold"),
    ],
)
def test_chinese_words_reach_their_fields(idea: str, field: str, value: str) -> None:
    assert getattr(prompt_of(idea), field) == value
