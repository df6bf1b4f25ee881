"""The final text for a painter: in the wording that its card names, or in the general one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FIELDS = ("style", "colour", "noun", "subject", "material", "lighting", "view", "background", "details")
_COLOURS: Mapping[str, str] = {
    "crimson": "red", "scarlet": "red", "ruby": "red", "maroon": "red", "amber": "orange", "golden": "gold",
    "yellow": "gold", "brass": "gold", "emerald": "green", "lime": "green", "olive": "green", "jade": "green",
    "turquoise": "teal", "cyan": "teal", "aqua": "teal", "azure": "blue", "navy": "blue", "sapphire": "blue",
    "indigo": "blue", "violet": "purple", "lilac": "purple", "lavender": "purple", "magenta": "pink",
    "rose": "pink", "bronze": "brown", "copper": "brown", "tan": "brown", "beige": "brown", "grey": "silver",
    "gray": "silver", "steel": "silver", "silvery": "silver",
}  # fmt: skip
_BACKGROUNDS: Mapping[str, str] = {
    "black": "dark", "night": "dark", "shadow": "dark", "cave": "dark", "dungeon": "dark", "space": "dark",
    "paper": "parchment", "scroll": "parchment", "beige": "parchment", "blue": "sky", "clouds": "sky",
    "cloud": "sky", "green": "grass", "meadow": "grass", "forest": "grass", "field": "grass",
    "plain": "white", "light": "white", "transparent": "white", "blank": "white",
}  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a hyphen parts words."""
    return _WORD.findall(text.casefold())


def colour_in(text: str, known: Iterable[str]) -> str | None:
    """The colour of the vocabulary that a text names or comes nearest to."""
    return _member(text, tuple(known), _COLOURS)


def background_in(text: str, known: Iterable[str]) -> str | None:
    """The background of the vocabulary that a text names or comes nearest to."""
    return _member(text, tuple(known), _BACKGROUNDS)


def style_in(text: str, known: Iterable[str]) -> str | None:
    """The style of the vocabulary that a text names."""
    return _member(text, tuple(known), {})


def _member(text: str, known: tuple[str, ...], near: Mapping[str, str]) -> str | None:
    words = words_of(text)
    named = [word for word in words if word in known]
    close = [near[word] for word in words if near.get(word) in known]
    return next(iter([*named, *close]), None)


def in_wording_of(caption: str, values: Mapping[str, str]) -> str:
    """The caption with its fields filled in; a part between commas whose fields are all empty is left out.

    A part that says again what an earlier one said is left out too, and `a` becomes `an` where it must.
    """
    parts: list[str] = []
    for template in caption.split(", "):
        from string import Formatter

        names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
        if names and not any(values.get(name) for name in names):
            continue
        filled = {name: values.get(name, "") for name in _FIELDS}
        parts.append(_with_articles(" ".join(template.format_map(filled).split())))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def general_wording(values: Mapping[str, str], words: Iterable[str]) -> str:
    """Subject first, then everything else, comma separated; what the subject says is not said again."""
    background = values.get("background", "")
    rest = [*words] or [f"{values['style']} style" if values.get("style") else ""]
    rest += [values.get(name, "") for name in ("colour", "material", "lighting", "view")]
    rest += [f"{background} background" if background else "", values.get("details", "")]
    subject = values["subject"]
    said = set(words_of(subject))
    new = [part for part in rest if part and not set(words_of(part)) <= said]
    return ", ".join(dict.fromkeys([subject, *new]))


def _with_articles(text: str) -> str:
    words = text.split(" ")
    for at, word in enumerate(words[:-1]):
        if word in {"a", "an"}:
            words[at] = "an" if words[at + 1][:1].casefold() in set("aeiou") else "a"
    return " ".join(words)
