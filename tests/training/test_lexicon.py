from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.lexicon import sources, table
from training.lexicon.__main__ import main
from training.lexicon.wordnet import read_wordnet

# offset, lexicographer's file, words, parents (@ a kind, @i an instance), gloss
NOUNS = (
    (1, 6, "weapon", "", "an instrument for fighting"),
    (2, 6, "sword", "1", "a weapon with a long blade"),
    (3, 6, "rapier tuck", "2", "a straight sword"),
    (4, 5, "cat", "", "feline mammal"),
    (5, 5, "lion", "4", "large feline"),
    (6, 5, "sea_lion", "", "eared seal"),
    (7, 7, "justice", "", "the quality of being just"),
    (8, 5, "kit", "", "a young cat; tiny"),
    (9, 20, "plum", "", "a fruit tree"),
    (10, 13, "plum", "11", "a small round fruit"),
    (11, 13, "fruit", "", "the ripened body"),
    (12, 18, "Excalibur", "2i", "the sword of a king"),
    (13, 6, "couch", "", "a seat"),
    (15, 10, "social_lion", "", "a famous guest"),
    (14, 6, "throne", "", "a seat of state"),
)


def wordnet(folder: Path) -> Path:
    folder.mkdir(parents=True)
    senses: dict[str, list[int]] = {}
    data: list[str] = []
    for offset, file, words, parents, gloss in NOUNS:
        for word in words.split():
            senses.setdefault(word.lower(), []).append(offset)
        above = [
            f"@{'i' * parent.endswith('i')} {parent.rstrip('i'):0>8} n 0000" for parent in parents.split()
        ]
        named = " ".join(f"{word} 0" for word in words.split())
        count = len(words.split())
        data.append(
            f"{offset:08} {file:02} n {count:02x} {named} {len(above):03} {' '.join(above)} | {gloss}  "
        )
    index = [
        f"{lemma} n {len(at)} 0 {len(at)} 0 {' '.join(f'{o:08}' for o in at)}" for lemma, at in senses.items()
    ]
    counts = [f"{lemma}%1:06:00:: {o:08} 1 0" for lemma, at in senses.items() for o in at]
    for name, lines in (("data.noun", data), ("index.noun", index), ("index.sense", counts)):
        folder.joinpath(name).write_text("  1 a licence\n" + "\n".join(lines) + "\n", "latin-1")
    return folder


class Near:
    """A double of the embedding: words are near when their first letter is the same."""

    common = frozenset({"couch", "sword", "lion", "sea"})

    def embed(self, texts: list[str]) -> torch.Tensor:
        return torch.stack([torch.eye(26)[ord(text[0]) - ord("a")] for text in texts])


def made(tmp_path: Path) -> dict[str, str]:
    net = read_wordnet(wordnet(tmp_path / "dict"))
    by_meaning = {2: ("sword",), 4: ("cat",), 11: ("fruit",), 14: ("cot",), 6: ("seal",)}
    anchors = sources.Anchors(("sword", "cat", "fruit", "cot", "seal"), by_meaning)
    hand = {"blade": ("sword",), "cat": ("sword",)}
    whole = table.make_table(table.Sources(net, anchors, hand, frozenset({"tuck"})), Near())  # type: ignore[arg-type]
    chains, words = whole["chains"], whole["words"]
    assert isinstance(chains, list)
    assert isinstance(words, dict)
    return {word: chains[at] for word, at in words.items()}


def test_each_word_has_its_nouns_with_the_reason(tmp_path: Path) -> None:
    words = made(tmp_path)
    assert words["blade"] == "=sword"
    assert words["rapier"] == ">sword"
    assert words["lion"] == ">cat >sword", "where a painter has no cat, what stands for one"
    assert words["kit"].startswith(">cat"), "the gloss begins with what it is"
    assert words["plum"] == ">fruit", "a fruit goes before its tree"
    assert words["couch"] == "~cot"
    assert words["tuck"] == "", "refused by hand"
    assert words["sea_lion"] == ">seal", "a compound is not what its last word is"
    assert words["social_lion"] == ""
    assert not {"justice", "excalibur", "weapon"} & set(words)


def test_the_same_sources_make_the_same_table(tmp_path: Path) -> None:
    assert made(tmp_path / "a") == made(tmp_path / "b")


def test_anchors_of_a_card_are_taken_by_the_first_sense_that_can_be_touched(tmp_path: Path) -> None:
    net = read_wordnet(wordnet(tmp_path / "dict"))
    assert [net.synsets[at].words for at in sources._meanings(net, "plum", ())] == [("plum",)]
    assert sources._meanings(net, "justice", ()) == ()


def test_missing_sources_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--wordnet", str(tmp_path), "--minilm", str(tmp_path / "none")]) == 1
    assert "data.noun" in capsys.readouterr().err
