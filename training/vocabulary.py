"""What the painter knows: nouns with their drawings, colours, backgrounds, styles, synonyms.

A drawing is named `source:name`: `flat` is fluent-emoji-flat (MIT), `3d` fluent-emoji-3d (MIT, by code
point), `noto` Google's Noto emoji (Apache-2.0), `gi` game-icons.net (CC BY 3.0).
"""

from __future__ import annotations

from typing import NamedTuple


class Drawings(NamedTuple):
    """The canonical drawings of a noun: in flat colours (pixel and ink pictures come of it too), in relief.

    `solid` "" means: the flat drawing with relief. A flat drawing from `gi` is a silhouette, coloured in.
    """

    flat: str
    solid: str


def _d(flat: str, solid: str) -> Drawings:
    return Drawings(flat if ":" in flat else f"flat:{flat}", f"3d:{solid}" if solid else "")


NOUNS: dict[str, Drawings] = {
    "anchor": _d("anchor", "2693"),
    "apple": _d("red-apple", "1f34e"),
    "armor": _d("gi:chest-armor", ""),
    "axe": _d("axe", "1fa93"),
    "backpack": _d("backpack", "1f392"),
    "bat": _d("noto:bat", ""),
    "bear": _d("bear", "1f43b"),
    "bee": _d("honeybee", "1f41d"),
    "bell": _d("bell", "1f514"),
    "bomb": _d("bomb", "1f4a3"),
    "bone": _d("bone", "1f9b4"),
    "book": _d("closed-book", "1f4d5"),
    "boots": _d("hiking-boot", "1f97e"),
    "bow": _d("bow-and-arrow", "1f3f9"),
    "bread": _d("bread", "1f35e"),
    "cactus": _d("cactus", "1f335"),
    "candle": _d("candle", "1f56f"),
    "car": _d("automobile", "1f697"),
    "carrot": _d("carrot", "1f955"),
    "castle": _d("castle", "1f3f0"),
    "cat": _d("cat-face", "1f431"),
    "cheese": _d("cheese-wedge", "1f9c0"),
    "cherry": _d("cherries", "1f352"),
    "chest": _d("gi:chest", ""),
    "coin": _d("coin", "1fa99"),
    "compass": _d("compass", "1f9ed"),
    "crown": _d("crown", "1f451"),
    "dice": _d("game-die", "1f3b2"),
    "dog": _d("dog-face", "1f436"),
    "dragon": _d("dragon-face", "1f432"),
    "egg": _d("egg", "1f95a"),
    "feather": _d("feather", "1fab6"),
    "fish": _d("fish", "1f41f"),
    "flag": _d("triangular-flag", "1f6a9"),
    "flame": _d("fire", "1f525"),
    "flower": _d("cherry-blossom", "1f338"),
    "fox": _d("fox", "1f98a"),
    "frog": _d("frog", "1f438"),
    "gear": _d("gear", "2699"),
    "gem": _d("gem-stone", "1f48e"),
    "ghost": _d("ghost", "1f47b"),
    "goblet": _d("wine-glass", "1f377"),
    "grapes": _d("grapes", "1f347"),
    "hammer": _d("hammer", "1f528"),
    "heart": _d("red-heart", "2764"),
    "helmet": _d("gi:visored-helm", ""),
    "horse": _d("horse-face", "1f434"),
    "hourglass": _d("hourglass-done", "231b"),
    "house": _d("house", "1f3e0"),
    "key": _d("key", "1f511"),
    "leaf": _d("maple-leaf", "1f341"),
    "lightning": _d("high-voltage", "26a1"),
    "lock": _d("locked", "1f512"),
    "meat": _d("meat-on-bone", "1f356"),
    "moon": _d("crescent-moon", "1f319"),
    "mushroom": _d("mushroom", "1f344"),
    "owl": _d("owl", "1f989"),
    "pickaxe": _d("pick", "26cf"),
    "potion": _d("gi:potion-ball", ""),
    "pumpkin": _d("jack-o-lantern", "1f383"),
    "rabbit": _d("rabbit-face", "1f430"),
    "ring": _d("ring", "1f48d"),
    "robot": _d("robot", "1f916"),
    "rocket": _d("rocket", "1f680"),
    "scroll": _d("scroll", "1f4dc"),
    "shield": _d("shield", "1f6e1"),
    "ship": _d("sailboat", "26f5"),
    "skull": _d("skull", "1f480"),
    "snake": _d("snake", "1f40d"),
    "snowflake": _d("snowflake", "2744"),
    "spider": _d("spider", "1f577"),
    "star": _d("star", "2b50"),
    "sun": _d("sun", "2600"),
    "sword": _d("dagger", "1f5e1"),
    "tower": _d("gi:white-tower", ""),
    "tree": _d("deciduous-tree", "1f333"),
    "trophy": _d("trophy", "1f3c6"),
    "turtle": _d("turtle", "1f422"),
    "wand": _d("magic-wand", "1fa84"),
    "wolf": _d("wolf", "1f43a"),
}

COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.85, 0.13, 0.12),
    "orange": (0.97, 0.52, 0.08),
    "gold": (0.95, 0.78, 0.18),
    "green": (0.18, 0.62, 0.22),
    "teal": (0.08, 0.66, 0.64),
    "blue": (0.13, 0.33, 0.87),
    "purple": (0.5, 0.2, 0.72),
    "pink": (0.97, 0.5, 0.72),
    "brown": (0.55, 0.33, 0.16),
    "silver": (0.70, 0.73, 0.78),
}
"""sRGB from 0 to 1. A picture without a named colour keeps the natural ones of its drawing."""

BACKGROUNDS: dict[str, tuple[float, float, float]] = {
    "white": (1.0, 1.0, 1.0),
    "dark": (0.07, 0.07, 0.1),
    "parchment": (0.93, 0.86, 0.68),
    "sky": (0.6, 0.82, 0.97),
    "grass": (0.55, 0.76, 0.42),
}

STYLES = ("flat", "3d", "ink", "pixel")

NATURAL = {"potion": "purple", "armor": "silver", "tower": "silver", "chest": "brown", "helmet": "silver"}
"""The natural colour of a noun whose flat drawing is a silhouette."""

GLASS = frozenset({"potion"})
"""Silhouettes whose holes are pale."""

OUTLINED = frozenset({"bone", "ghost", "skull"})
"""Flat drawings that bring their own outline: an ink line inside it would double it."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "armor": ("breastplate", "armour", "cuirass"),
    "axe": ("hatchet", "battleaxe"),
    "backpack": ("rucksack", "bag"),
    "book": ("tome", "spellbook"),
    "boots": ("boot", "shoes"),
    "bow": ("longbow",),
    "bread": ("loaf",),
    "candle": ("taper",),
    "car": ("automobile",),
    "castle": ("fortress",),
    "cat": ("kitten", "kitty"),
    "chest": ("treasure chest", "coffer"),
    "coin": ("money", "coins"),
    "dice": ("die",),
    "dog": ("puppy", "hound"),
    "dragon": ("wyvern", "drake"),
    "feather": ("plume", "quill"),
    "flag": ("banner",),
    "flame": ("fire",),
    "flower": ("blossom",),
    "frog": ("toad",),
    "gear": ("cog", "cogwheel"),
    "gem": ("diamond", "jewel"),
    "ghost": ("spirit", "phantom"),
    "goblet": ("chalice", "grail"),
    "grapes": ("grape",),
    "hammer": ("mallet",),
    "helmet": ("helm",),
    "horse": ("pony", "steed"),
    "house": ("home", "cottage"),
    "lightning": ("thunderbolt", "bolt"),
    "lock": ("padlock",),
    "meat": ("ham",),
    "moon": ("crescent",),
    "mushroom": ("toadstool",),
    "pickaxe": ("pick",),
    "potion": ("elixir", "flask"),
    "pumpkin": ("jack-o-lantern",),
    "rabbit": ("bunny", "hare"),
    "robot": ("android",),
    "rocket": ("spaceship",),
    "scroll": ("parchment scroll",),
    "shield": ("buckler",),
    "ship": ("boat", "sailboat"),
    "skull": ("death",),
    "snake": ("serpent",),
    "sword": ("blade", "longsword"),
    "tower": ("turret",),
    "tree": ("oak",),
    "trophy": ("cup",),
    "turtle": ("tortoise",),
    "wand": ("magic wand",),
}
