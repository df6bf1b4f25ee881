"""What a painter with a closed vocabulary draws for a subject, where the recipe names no table of its own."""

from __future__ import annotations

from collections.abc import Mapping

_SYNONYMS: Mapping[str, str] = {
    "armour": "armor", "breastplate": "armor", "cuirass": "armor", "battleaxe": "axe", "hatchet": "axe",
    "rucksack": "backpack", "spellbook": "book", "tome": "book", "grimoire": "book", "shoe": "boots",
    "longbow": "bow", "loaf": "bread", "car": "car", "automobile": "car", "fortress": "castle",
    "kitten": "cat", "kitty": "cat", "coffer": "chest", "money": "coin", "die": "dice", "puppy": "dog",
    "hound": "dog", "wyvern": "dragon", "drake": "dragon", "plume": "feather", "quill": "feather",
    "banner": "flag", "fire": "flame", "blossom": "flower", "rose": "flower", "toad": "frog", "cog": "gear",
    "cogwheel": "gear", "diamond": "gem", "jewel": "gem", "gemstone": "gem", "ruby": "gem", "sapphire": "gem",
    "emerald": "gem", "crystal": "gem", "spirit": "ghost", "phantom": "ghost", "chalice": "goblet",
    "grail": "goblet", "mallet": "hammer", "warhammer": "hammer", "helm": "helmet", "pony": "horse",
    "steed": "horse", "home": "house", "cottage": "house", "thunderbolt": "lightning", "padlock": "lock",
    "ham": "meat", "crescent": "moon", "toadstool": "mushroom", "elixir": "potion", "flask": "potion",
    "blade": "sword", "longsword": "sword", "shortsword": "sword", "greatsword": "sword", "boat": "ship",
    "sailboat": "ship", "serpent": "snake", "spaceship": "rocket", "android": "robot", "oak": "tree",
    "chestplate": "armor",
}  # fmt: skip


def few_synonyms() -> Mapping[str, object]:
    """The commonest synonyms, in the form of the lexicon `drawable`: a chain of reasons for each word."""
    chains = sorted({f"={noun}" for noun in _SYNONYMS.values()})
    return {"chains": chains, "words": {word: chains.index(f"={noun}") for word, noun in _SYNONYMS.items()}}
