"""The ideas of the main job: as terse as a studio writes them."""

IDEAS = (
    "fire sword",
    "health potion",
    "golden crown",
    "dragon shield",
    "ancient spell book",
    "red apple",
    "treasure chest",
    "iron key",
    "poison mushroom",
    "wooden bow",
    "silver ring",
    "magic wand",
    "blue gem",
    "war axe",
    "burning torch",
    "royal helmet",
)
