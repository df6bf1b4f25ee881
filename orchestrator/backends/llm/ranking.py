"""Log-probabilities of allowed values, each bit for bit the same whatever shares its batch.

A forward pass always has the same number of rows, and a row is padded to a width that its own length picks,
so its numbers depend on its own tokens alone. What all questions of a template begin with is run once.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from orchestrator.backends.llm.threads import torch_threads

Tokens: TypeAlias = tuple[int, ...]
Row: TypeAlias = tuple[Tokens, Tokens]
"""A shared beginning, and what follows it."""
_ROWS, _BUCKET, _REMEMBERED = 8, 16, 160


@dataclass(frozen=True, slots=True)
class Question:
    """`prefix` is shared with other questions, `tail` goes on to where a value would stand."""

    prefix: str
    tail: str
    values: tuple[str, ...]


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
        """For each question the log-probability of each value, up to where it differs from all others."""
        plans = [self._plan(question) for question in questions]
        wanted = dict.fromkeys((plan.prefix, row) for plan in plans for row in plan.rows())
        vectors = self._vectors(list(wanted), cancelled)
        return [plan.scores(vectors) for plan in plans]

    def _plan(self, question: Question) -> _Plan:
        """Where the values part, in tokens."""
        prefix, tail = self._tokens(question.prefix), self._tokens(question.tail)
        blank = " " if question.tail and not question.tail[-1].isspace() else ""
        whole = [self._tokens(question.tail + blank + value) for value in question.values]
        shared = _common([tail, *whole])
        return _Plan(
            prefix, tail[:shared], dict(zip(question.values, (ids[shared:] for ids in whole), strict=True))
        )

    def _tokens(self, text: str) -> Tokens:
        return tuple(self.tokenizer(text, add_special_tokens=False)["input_ids"]) if text else ()

    def _vectors(self, wanted: list[Row], cancelled: Callable[[], bool]) -> dict[Any, Any]:
        """Log-probabilities of the next token after each row."""
        found = {key: self._rows[key] for key in wanted if key in self._rows}
        groups: dict[tuple[Tokens, int], list[Row]] = {}
        for key in wanted:
            if key not in found:
                groups.setdefault((key[0], -(-len(key[1]) // _BUCKET) * _BUCKET), []).append(key)
        with torch_threads(self.threads):
            for (prefix, width), keys in groups.items():
                for start in range(0, len(keys), _ROWS):
                    if cancelled():
                        raise InterruptedError
                    part = keys[start : start + _ROWS]
                    found |= zip(part, self._forward(prefix, width, [row for _, row in part]), strict=True)
        self._remember(found)
        return found

    def _forward(self, prefix: Tokens, width: int, rows: list[Tokens]) -> list[Any]:
        import torch

        device = self.model.device
        padded = [*rows, *[rows[0]] * (_ROWS - len(rows))]
        ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in padded], device=device)
        last = torch.tensor([len(row) - 1 for row in padded], device=device)
        with torch.inference_mode():
            hidden = self._hidden(ids, self._past(prefix))
            states = hidden[torch.arange(_ROWS, device=device), last]
            scores = torch.log_softmax(self.model.get_output_embeddings()(states).float(), -1).cpu()
        return [scores[index].clone() for index in range(len(rows))]

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

    def _remember(self, found: Mapping[Row, Any]) -> None:
        self._rows.update(found)
        while len(self._rows) > _REMEMBERED:
            self._rows.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A question in tokens: `base` is what all values stand after."""

    prefix: Tokens
    base: Tokens
    values: Mapping[str, Tokens]

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


def _common(rows: Sequence[Tokens]) -> int:
    """How many first tokens all rows share."""
    columns = enumerate(zip(*rows, strict=False))
    return next((at for at, column in columns if len(set(column)) > 1), min(map(len, rows)))
