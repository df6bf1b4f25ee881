"""`python -m benchmarks.found_names`: 253 names out of games through `expand` and `plan`, against labels.

`names/game-en.tsv`: 153 names of two open-source games with the material groups, categories and nouns that
are right; `names/game-zh.tsv`: 100 names of Shattered Pixel Dungeon with words of an English translation. A
name is drawn right where the noun is one of its label's, refused right where `-` is; the labels of `drawable`
are for the 80 nouns of the first painter, those of `drawable_718` were made from them by eye, the drawing
being known. A category of the label's, written for sixteen kinds, is right; "" is open. Chinese is translated
whole where each part of the label has one of its words in the text and no Chinese character is left.
`-v` says what is wrong; `--scripted` does without the language model, which chooses details alone.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orchestrator
from orchestrator.backends.llm.scripted import ScriptedWriter

NAMES = Path(__file__).parent / "names"
RECIPE = (
    "recipe: 1\nname: names\nitems:\n  idea: {csv: names.csv, value: idea}\n"
    "stages:\n  expand: {use: expand}\n"
)
PLAN = "  plan: {use: plan}\n"
_FEW = 100
CJK = re.compile(r"[\u3400-\u9fff]")


def labelled(name: str) -> list[dict[str, str]]:
    """The lines of a table, each with the number of its line as id."""
    with (NAMES / name).open(encoding="utf-8", newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return [{**row, "id": f"n{at}"} for at, row in enumerate(rows)]


def run(rows: list[dict[str, str]], stages: str, folder: Path) -> dict[str, Any]:
    """The finished assets by id."""
    recipe = folder / "names.yaml"
    recipe.write_text(RECIPE + stages, encoding="utf-8")
    with (folder / "names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "idea"])
        writer.writerows([row["id"], row["idea"]] for row in rows)
    models = {"writer": ScriptedWriter()} if "--scripted" in sys.argv else None
    done = orchestrator.run(recipe, models=models, settings=orchestrator.Settings(store=folder / "store"))
    return {asset.coordinates["idea"]: asset for asset in done.assets}


def main() -> int:
    """Prints the figures and every name that is wrong."""
    verbose = "-v" in sys.argv
    english, chinese = labelled("game-en.tsv"), labelled("game-zh.tsv")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for rows, name in ((english, "English"), (chinese, "Chinese")):
            prompts = run(rows, "", folder)
            plans = run(rows, PLAN, folder)
            _drawn(name, rows, plans, verbose)
            if rows is english:
                _categories(rows, prompts, verbose)
                _materials(rows, prompts, verbose)
            else:
                _translated(rows, prompts, verbose)
    return 0


def _drawn(name: str, rows: list[dict[str, str]], plans: Mapping[str, Any], verbose: bool) -> None:
    counts: Counter[str] = Counter()
    column = "drawable" if len(plan_nouns()) <= _FEW else "drawable_718"
    for row in rows:
        noun = plans[row["id"]].notes["plan"].get("drawn_as") if row["id"] in plans else None
        allowed = row[column].split("|")
        right = (noun or "-") in allowed
        kind = f"{'drawn' if noun else 'refused'} {'right' if right else 'wrong'}"
        counts[kind] += 1
        if verbose and not right:
            print(f"  {kind}: {row['idea']} -> {noun}, label {row['drawable']}")
    wrong = counts["drawn wrong"] + counts["refused wrong"]
    print(f"{name}: {dict(counts)}: wrong {wrong} of {len(rows)}, {wrong / len(rows):.1%}")


def plan_nouns() -> list[str]:
    """The nouns of the embedded painter."""
    card = Path(orchestrator.__file__).parent / "backends" / "embedded" / "painter" / "card.json"
    return json.loads(card.read_text(encoding="utf-8"))["nouns"]


def _categories(rows: list[dict[str, str]], prompts: Mapping[str, Any], verbose: bool) -> None:
    given = right = told = 0
    for row in rows:
        notes = prompts[row["id"]].notes["expand"]
        category = notes.get("category", "")
        if not category:
            told += "warnings" in notes
            if verbose:
                print(f"  open: {row['idea']}")
            continue
        given += 1
        right += category in row["category"].split("|")
        if verbose and category not in row["category"].split("|"):
            print(f"  category: {row['idea']} is {category}, label {row['category']}")
    count = len(rows)
    print(f"categories: given {given} of {count}, {given / count:.1%};")
    print(f"  right {right}, {right / given:.1%} of those;")
    print(f"  open {count - given}, of these told {told}")


_GROUPS = {
    "metal": "steel iron gold bronze brass silver copper mithril metal aluminium tin titanium platinum lead",
    "wood": "wood oak bamboo pine ash ebony",
    "stone": "stone crystal marble granite jade obsidian diamond gem amethyst quartz",
    "cloth": "cloth wool linen silk cotton canvas velvet nylon felt",
    "bone": "bone ivory horn",
    "glass": "glass crystal",
    "plastic": "plastic rubber nylon",
    "leather": "leather hide",
    "clay": "clay ceramic porcelain",
    "flesh": "flesh smooth skin",
}


def _materials(rows: list[dict[str, str]], prompts: Mapping[str, Any], verbose: bool) -> None:
    right = asked = 0
    for row in rows:
        allowed = row["material"].split("|")
        if "*" in allowed:
            continue
        asked += 1
        said = prompts[row["id"]].prompt.material
        fits = (not said and "0" in allowed) or any(
            said and (said in _GROUPS.get(group, group).split() or said == group) for group in allowed
        )
        right += fits
        if verbose and not fits:
            print(f"  material: {row['idea']} is {said!r}, label {row['material']}")
    print(f"materials: right {right} of {asked}, {right / asked:.1%}")


def _translated(rows: list[dict[str, str]], prompts: Mapping[str, Any], verbose: bool) -> None:
    whole = 0
    for row in rows:
        prompt = prompts[row["id"]].prompt
        words = set(re.findall(r"[a-z]+", prompt.subject.casefold()))
        parts = [part.split("/") for part in row["english"].split()]
        fits = not CJK.search(prompt.subject) and all(
            any(set(re.findall(r"[a-z]+", one)) <= words for one in part) for part in parts
        )
        whole += fits
        if verbose and not fits:
            print(f"  translated: {row['idea']} -> {prompt.subject!r}, label {row['english']}")
    print(f"Chinese names translated whole: {whole} of {len(rows)}")


if __name__ == "__main__":
    sys.exit(main())
