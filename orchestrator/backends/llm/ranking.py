"""Log-probabilities of allowed values, each bit for bit the same whatever shares its batch.

A forward pass always has the same number of rows, and a row is padded to a width that its own length picks,
so its numbers depend on its own tokens alone. What all questions of a template begin with is run once. A row
that only begins a longer one of the same width is not run: attention is causal, so the longer one passes
through the same numbers on its way.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar, cast

from orchestrator.backends.torch_process import torch_threads

Tokens: TypeAlias = tuple[int, ...]
Row: TypeAlias = tuple[Tokens, Tokens]
"""A shared beginning, and what follows it."""
_Member = TypeVar("_Member")
_ROWS, _BUCKET, _REMEMBERED = 8, 8, 160
_BOUNDLESS = 2**62


@dataclass(frozen=True, slots=True)
class Question:
    """`prefix` is shared with other questions, `tail` goes on to where a value would stand."""

    prefix: str
    tail: str
    values: tuple[str, ...]

    def texts(self) -> tuple[str, ...]:
        """Prefix, tail, and the tail with each value."""
        blank = " " if self.tail and not self.tail[-1].isspace() else ""
        return (self.prefix, self.tail, *(self.tail + blank + value for value in self.values))


@dataclass(slots=True)
class Ranker:
    """Scores values with a causal language model and its tokenizer."""

    model: Any
    tokenizer: Any
    threads: int = 1
    _prefixes: OrderedDict[Tokens, Any] = field(default_factory=OrderedDict[Tokens, Any])
    _rows: OrderedDict[Row, Any] = field(default_factory=OrderedDict["Row", Any])

    def scores(
        self, questions: Sequence[Question], cancelled: Callable[[], bool] = lambda: False
    ) -> list[dict[str, float]]:
        """For each question the log-probability of each value, up to where it differs from all others.

        {} for a question that is longer than the model's context.
        """
        tokens = self._tokenised(text for question in questions for text in question.texts())
        plans = [_plan(question, tokens) for question in questions]
        fitting = [plan for plan in plans if plan.length <= self.context]
        wanted = dict.fromkeys((plan.prefix, row) for plan in fitting for row in plan.rows())
        vectors = self._vectors(list(wanted), cancelled)
        return [plan.scores(vectors) if plan.length <= self.context else {} for plan in plans]

    @property
    def context(self) -> int:
        """How many tokens the model was made for."""
        config = self.model.config
        names = ("max_position_embeddings", "n_positions", "max_sequence_length")
        return next((int(held) for name in names if (held := getattr(config, name, None))), _BOUNDLESS)

    def _tokenised(self, texts: Iterable[str]) -> dict[str, Tokens]:
        """Tokens by text; many at once, for a call of the tokenizer costs more than a text."""
        different = list(dict.fromkeys(texts))
        ids = self.tokenizer(different, add_special_tokens=False)["input_ids"] if different else []
        return dict(zip(different, map(tuple, ids), strict=True)) | {"": ()}

    def _vectors(self, wanted: list[Row], cancelled: Callable[[], bool]) -> dict[Any, Any]:
        """Log-probabilities of the next token after each row."""
        known = {key: self._rows[key] for key in wanted if key in self._rows}
        groups: dict[tuple[Tokens, int], list[Tokens]] = {}
        for prefix, row in wanted:
            if (prefix, row) not in known:
                groups.setdefault((prefix, -(-len(row) // _BUCKET) * _BUCKET), []).append(row)
        made: dict[Row, Any] = {}
        with torch_threads(self.threads):
            for (prefix, width), rows in groups.items():
                for part in _parts(_longest(rows)):
                    if cancelled():
                        raise InterruptedError
                    vectors = self._forward(prefix, width, part, frozenset(rows))
                    made |= {(prefix, row): vector for row, vector in vectors.items()}
        self._remember(made, known)
        return made | known

    def _forward(
        self, prefix: Tokens, width: int, rows: list[Tokens], wanted: frozenset[Tokens]
    ) -> dict[Tokens, Any]:
        """One pass; what was wanted of rows, and of what they begin with."""
        import torch

        device = self.model.device
        ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in _filled(rows)], device=device)
        places = {
            row[:end]: (index, end - 1)
            for index, row in enumerate(rows)
            for end in range(1, len(row) + 1)
            if row[:end] in wanted
        }
        with torch.inference_mode():
            hidden = self._hidden(ids, self._past(prefix))
            scores = [
                vector for part in _parts(list(places.values())) for vector in self._next_token(hidden, part)
            ]
        return dict(zip(places, scores, strict=True))

    def _next_token(self, hidden: Any, places: list[tuple[int, int]]) -> list[Any]:
        """Log-probabilities after (row, position) places; always as many at once, like the rows."""
        import torch

        row, position = zip(*_filled(places), strict=True)
        states = hidden[list(row), list(position)]
        scores = torch.log_softmax(self.model.get_output_embeddings()(states).float(), -1).cpu()
        return [scores[index].clone() for index in range(len(places))]

    def _hidden(self, ids: Any, cache: Any) -> Any:
        """States of the last layer; releases of transformers differ in what they call the cache."""
        body = self.model.base_model
        name = "cache" if "cache" in inspect.signature(body.forward).parameters else "past_key_values"
        return body(input_ids=ids, use_cache=cache is not None, **{name: cache}).last_hidden_state

    def _past(self, prefix: Tokens) -> Any:
        """Keys and values of the shared beginning, for every row; run alone, so always the same."""
        import torch
        from transformers import DynamicCache

        if not prefix:
            return None
        if prefix not in self._prefixes:
            cache = DynamicCache(config=self.model.config)
            self._hidden(torch.tensor([prefix], device=self.model.device), cache)
            layers = cast("list[Any]", cache.layers)
            self._prefixes[prefix] = [(layer.keys, layer.values) for layer in layers]
            while len(self._prefixes) > 4:  # noqa: PLR2004 - templates in use at once
                self._prefixes.popitem(last=False)
        past = DynamicCache(config=self.model.config)
        for index, (keys, values) in enumerate(self._prefixes[prefix]):
            past.update(keys.expand(_ROWS, -1, -1, -1), values.expand(_ROWS, -1, -1, -1), index)
        return past

    def _remember(self, made: Mapping[Row, Any], known: Mapping[Row, Any]) -> None:
        """What was asked for again is the last to be forgotten: it is what all ideas are compared with."""
        self._rows.update(made)
        for key in known:
            self._rows.move_to_end(key)
        while len(self._rows) > _REMEMBERED:
            self._rows.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A question in tokens: `base` is what all values stand after."""

    prefix: Tokens
    base: Tokens
    values: Mapping[str, Tokens]

    @property
    def length(self) -> int:
        """Tokens of the longest row, with what it shares."""
        return len(self.prefix) + len(self.base) + max(map(len, self.values.values()), default=0)

    def rows(self) -> list[Tokens]:
        """The rows whose next token has to be known."""
        tokens = self.values.values()
        return list(dict.fromkeys(self.base + ids[:at] for ids in tokens for at in self._depths(ids)))

    def scores(self, vectors: Mapping[Row, Any]) -> dict[str, float]:
        """The sum over the tokens that tell a value from the others."""

        def score(tokens: Tokens) -> float:
            rows = ((self.base + tokens[:at], tokens[at]) for at in self._depths(tokens))
            return sum(float(vectors[self.prefix, row][token]) for row, token in rows)

        return {value: score(tokens) for value, tokens in self.values.items()}

    def _depths(self, tokens: Tokens) -> range:
        others = [_common([tokens, other]) for other in self.values.values() if other is not tokens]
        return range(min(len(tokens), max(others, default=0) + 1))


def _plan(question: Question, tokens: Mapping[str, Tokens]) -> _Plan:
    """Where the values part, in tokens."""
    prefix, tail, *whole = (tokens[text] for text in question.texts())
    shared = _common([tail, *whole])
    values = dict(zip(question.values, (ids[shared:] for ids in whole), strict=True))
    return _Plan(prefix, tail[:shared], values)


def _common(rows: Sequence[Tokens]) -> int:
    """How many first tokens all rows share."""
    columns = enumerate(zip(*rows, strict=False))
    return next((at for at, column in columns if len(set(column)) > 1), min(map(len, rows)))


def _longest(rows: Sequence[Tokens]) -> list[Tokens]:
    """Rows that no other row begins with."""
    begun = {row[:end] for row in rows for end in range(len(row))}
    return [row for row in rows if row not in begun]


def _parts(members: list[_Member]) -> Iterator[list[_Member]]:
    """At most as many as a pass takes, in order."""
    return (members[start : start + _ROWS] for start in range(0, len(members), _ROWS))


def _filled(part: list[_Member]) -> list[_Member]:
    """As many as a pass takes, by repeating the first."""
    return [*part, *part[:1] * (_ROWS - len(part))]
