"""What the painter knows: nouns with their drawings, colours, backgrounds, styles, synonyms.

A drawing is named `source:name`: `flat` is fluent-emoji-flat (MIT), `3d` fluent-emoji-3d (MIT, by code
point), `noto` Google's Noto emoji (Apache-2.0), `gi` game-icons.net (CC BY 3.0).
"""

from __future__ import annotations

from typing import NamedTuple


class Drawings(NamedTuple):
    """The canonical drawings of a noun: in flat colours, in relief, in ink.

    `solid` "" means: the flat drawing with relief. A flat drawing from `gi` is a silhouette, coloured in.
    """

    flat: str
    solid: str
    ink: str


def _d(flat: str, solid: str, ink: str) -> Drawings:
    flat = flat if ":" in flat else f"flat:{flat}"
    return Drawings(flat, f"3d:{solid}" if solid else "", f"gi:{ink}" if ":" not in ink else ink)


NOUNS: dict[str, Drawings] = {
    "anchor": _d("anchor", "2693", "anchor"),
    "apple": _d("red-apple", "1f34e", "shiny-apple"),
    "armor": _d("gi:breastplate", "", "breastplate"),
    "axe": _d("axe", "1fa93", "battle-axe"),
    "backpack": _d("backpack", "1f392", "light-backpack"),
    "bat": _d("noto:bat", "", "bat"),
    "bear": _d("bear", "1f43b", "bear-face"),
    "bee": _d("honeybee", "1f41d", "bee"),
    "bell": _d("bell", "1f514", "ringing-bell"),
    "bomb": _d("bomb", "1f4a3", "unlit-bomb"),
    "bone": _d("bone", "1f9b4", "crossed-bones"),
    "book": _d("closed-book", "1f4d5", "book-cover"),
    "boots": _d("hiking-boot", "1f97e", "leather-boot"),
    "bow": _d("bow-and-arrow", "1f3f9", "high-shot"),
    "bread": _d("bread", "1f35e", "bread-slice"),
    "cactus": _d("cactus", "1f335", "cactus"),
    "candle": _d("candle", "1f56f", "candle-light"),
    "car": _d("automobile", "1f697", "city-car"),
    "carrot": _d("carrot", "1f955", "carrot"),
    "castle": _d("castle", "1f3f0", "elven-castle"),
    "cat": _d("cat-face", "1f431", "cat"),
    "cheese": _d("cheese-wedge", "1f9c0", "cheese-wedge"),
    "cherry": _d("cherries", "1f352", "cherry"),
    "chest": _d("gi:chest", "", "chest"),
    "coin": _d("coin", "1fa99", "crown-coin"),
    "compass": _d("compass", "1f9ed", "compass"),
    "crown": _d("crown", "1f451", "queen-crown"),
    "dice": _d("game-die", "1f3b2", "perspective-dice-six-faces-three"),
    "dog": _d("dog-face", "1f436", "sitting-dog"),
    "dragon": _d("dragon-face", "1f432", "spiked-dragon-head"),
    "egg": _d("egg", "1f95a", "big-egg"),
    "feather": _d("feather", "1fab6", "feather"),
    "fish": _d("fish", "1f41f", "tropical-fish"),
    "flag": _d("triangular-flag", "1f6a9", "flying-flag"),
    "flame": _d("fire", "1f525", "flame"),
    "flower": _d("cherry-blossom", "1f338", "flower-emblem"),
    "fox": _d("fox", "1f98a", "fox-head"),
    "frog": _d("frog", "1f438", "frog"),
    "gear": _d("gear", "2699", "big-gear"),
    "gem": _d("gem-stone", "1f48e", "cut-diamond"),
    "ghost": _d("ghost", "1f47b", "ghost"),
    "goblet": _d("wine-glass", "1f377", "jeweled-chalice"),
    "grapes": _d("grapes", "1f347", "grapes"),
    "hammer": _d("hammer", "1f528", "claw-hammer"),
    "heart": _d("red-heart", "2764", "hearts"),
    "helmet": _d("gi:visored-helm", "", "visored-helm"),
    "horse": _d("horse-face", "1f434", "horse-head"),
    "hourglass": _d("hourglass-done", "231b", "hourglass"),
    "house": _d("house", "1f3e0", "house"),
    "key": _d("key", "1f511", "key"),
    "leaf": _d("maple-leaf", "1f341", "oak-leaf"),
    "lightning": _d("high-voltage", "26a1", "power-lightning"),
    "lock": _d("locked", "1f512", "padlock"),
    "meat": _d("meat-on-bone", "1f356", "meat"),
    "moon": _d("crescent-moon", "1f319", "moon"),
    "mushroom": _d("mushroom", "1f344", "super-mushroom"),
    "owl": _d("owl", "1f989", "owl"),
    "pickaxe": _d("pick", "26cf", "war-pick"),
    "potion": _d("gi:round-potion", "", "round-potion"),
    "pumpkin": _d("jack-o-lantern", "1f383", "pumpkin-lantern"),
    "rabbit": _d("rabbit-face", "1f430", "rabbit-head"),
    "ring": _d("ring", "1f48d", "diamond-ring"),
    "robot": _d("robot", "1f916", "vintage-robot"),
    "rocket": _d("rocket", "1f680", "rocket"),
    "scroll": _d("scroll", "1f4dc", "scroll-unfurled"),
    "shield": _d("shield", "1f6e1", "checked-shield"),
    "ship": _d("sailboat", "26f5", "sailboat"),
    "skull": _d("skull", "1f480", "death-skull"),
    "snake": _d("snake", "1f40d", "snake"),
    "snowflake": _d("snowflake", "2744", "snowflake-2"),
    "spider": _d("spider", "1f577", "spider-alt"),
    "star": _d("star", "2b50", "round-star"),
    "sun": _d("sun", "2600", "sun"),
    "sword": _d("dagger", "1f5e1", "broadsword"),
    "tower": _d("gi:white-tower", "", "white-tower"),
    "tree": _d("deciduous-tree", "1f333", "oak"),
    "trophy": _d("trophy", "1f3c6", "trophy-cup"),
    "turtle": _d("turtle", "1f422", "turtle"),
    "wand": _d("magic-wand", "1fa84", "fairy-wand"),
    "wolf": _d("wolf", "1f43a", "wolf-head"),
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
