"""What the tables know of an idea, what the language model is asked about it, and what its answer settles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.builtin.expand.idea_text import Translation, with_article
from orchestrator.builtin.expand.idea_words import Reading, singular_forms
from orchestrator.builtin.expand.prompt_form import PromptForm, render_form
from orchestrator.stage import Example, TemplateText, WriteReply, WriteRequest

_LEAD = 1.0
"""By how much (natural logarithm) a material must beat the usual one, the first of its category's list."""


@dataclass(slots=True)
class Draft:
    """One idea on its way to a prompt; `reasons` grows by a line for each field."""

    idea: str
    translation: Translation
    reading: Reading
    form: PromptForm
    category: str = ""
    material: str = ""
    details: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    scores: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Tables:
    """The lexicon and the template; a reference is rendered once, for all ideas."""

    lexicon: Mapping[str, Any]
    template: TemplateText
    _references: dict[str, PromptForm] = field(default_factory=dict[str, PromptForm])

    def form(self, idea: str, subject: str) -> PromptForm:
        """The template, rendered for an idea."""
        shots = [self._shot(row) for row in self.lexicon.get("shots", ())]
        thing = with_article(subject)
        return render_form(self.template, {"idea": idea, "subject": subject, "thing": thing, "shots": shots})

    def row(self, category: str) -> Mapping[str, Any]:
        """What follows from a category."""
        return self.lexicon["categories"].get(category, {})

    def first_question(self, draft: Draft) -> WriteRequest | None:
        """About the category and the material, where the idea and the tables leave them open."""
        choices: dict[str, tuple[str, ...]] = {}
        rows: Mapping[str, Any] = self.lexicon["categories"]
        category = draft.reading.category
        if not category:
            choices["category"] = tuple(row["word"] for row in rows.values())
        if self._known_material(draft.reading) is None:
            every = (material for row in rows.values() for material in row["materials"])
            choices["material"] = tuple(rows[category]["materials"] if category else dict.fromkeys(every))
        return self._request(draft, choices)

    def settle_nature(self, draft: Draft, reply: WriteReply) -> None:
        """Takes category and material from what is known, else from the answer."""
        draft.scores |= {slot: _best(scores) for slot, scores in reply.scores.items()}
        draft.category = self._category(draft, reply)
        draft.material = self._material(draft, reply)

    def second_question(self, draft: Draft) -> WriteRequest | None:
        """About the details of the banks, where there is a choice."""
        return self._request(draft, {"details": self._bank(draft)} if _wanted(draft) else {})

    def settle_details(self, draft: Draft, reply: WriteReply) -> None:
        """The idea's own details, then the fittest one of its themes, then the fittest of its kind."""
        ranked = reply.ranked.get("details", self._bank(draft))
        draft.scores |= {slot: _best(scores) for slot, scores in reply.scores.items()}
        of_themes = set(self._theme_details(draft))
        first = next((detail for detail in ranked if detail in of_themes), None)
        order = [first] if first else []
        order += [detail for detail in ranked if detail not in of_themes]
        kept = order[: _wanted(draft)]
        draft.details = tuple(dict.fromkeys((*draft.reading.clauses, *kept)))
        draft.reasons["details"] = _reason_of_details(draft, kept, len(ranked))

    def _request(self, draft: Draft, choices: Mapping[str, tuple[str, ...]]) -> WriteRequest | None:
        cues = draft.form.cues
        asked = {slot: values for slot, values in choices.items() if len(values) > 1 and slot in cues}
        if not asked:
            return None
        return WriteRequest(
            messages=draft.form.messages,
            choices=asked,
            cues={slot: cues[slot] for slot in asked},
            examples=tuple(self._example(row, asked) for row in self.lexicon.get("references", ())),
        )

    def _example(self, row: Mapping[str, str], choices: Mapping[str, tuple[str, ...]]) -> Example:
        idea = row["idea"]
        form = self._references.get(idea) or self._references.setdefault(idea, self.form(idea, idea))
        answers = {"category": self.row(row["category"])["word"], "material": row.get("material", "")}
        return Example(
            messages=form.messages,
            cues={slot: form.cues[slot] for slot in choices},
            answers={slot: value for slot, value in answers.items() if value in choices.get(slot, ())},
        )

    def _shot(self, row: Mapping[str, str]) -> dict[str, str]:
        word = self.row(row["category"])["word"]
        return {
            "thing": with_article(row["idea"]),
            "category": word,
            "category_thing": with_article(word),
            "material": row.get("material", ""),
        }

    def _category(self, draft: Draft, reply: WriteReply) -> str:
        reading = draft.reading
        if reading.category:
            draft.reasons["category"] = f"{reading.category}: the lexicon has {reading.head!r} there"
            return reading.category
        names = {row["word"]: name for name, row in self.lexicon["categories"].items()}
        category = names.get(next(iter(reply.ranked.get("category", ())), ""), "")
        if category:
            draft.reasons["category"] = f"{category}: the model finds it likeliest for {reading.subject!r}"
        return category

    def _known_material(self, reading: Reading) -> str | None:
        """The material that needs no judgement; None where it does."""
        if "material" in reading.said:
            return reading.said["material"]
        table = self.lexicon.get("noun_materials", {})
        known = next((form for form in _names_of(reading.head) if form in table), None)
        if known is not None:
            return str(table[known])
        return "" if reading.category and not self.row(reading.category)["materials"] else None

    def _material(self, draft: Draft, reply: WriteReply) -> str:
        known = self._known_material(draft.reading)
        if word := draft.reading.said.get("material word"):
            draft.reasons["material"] = f"the idea says {word!r}"
        elif known:
            draft.reasons["material"] = f"usual for {draft.reading.head!r} in the lexicon"
        if known is not None:
            return known
        allowed: list[str] = self.row(draft.category).get("materials", [])
        material, reason = _likeliest(allowed, reply)
        if material:
            draft.reasons["material"] = f"{reason} of {', '.join(allowed)}"
        return material

    def _bank(self, draft: Draft) -> tuple[str, ...]:
        """Details of the idea's themes, and of its noun's group or its category; none of another material."""
        row = self.row(draft.category)
        names = set(_names_of(draft.reading.head))
        groups = self.lexicon.get("groups", ())
        group = next((group for group in groups if names & set(group["nouns"])), row)
        others = set(row.get("materials", ())) - {draft.material}
        usual = [detail for detail in group.get("details", ()) if not others & set(detail.split())]
        return tuple(dict.fromkeys([*self._theme_details(draft), *usual]))

    def _theme_details(self, draft: Draft) -> list[str]:
        themes = self.lexicon.get("themes", {})
        rows = [themes[name] for name in draft.reading.themes]
        return [
            detail
            for row in rows
            if draft.category not in row.get("not_for", ())
            for detail in row["details"]
        ]


def _likeliest(allowed: list[str], reply: WriteReply) -> tuple[str, str]:
    """The material of the answer, unless the usual one comes close; with the reason."""
    ranked = [value for value in reply.ranked.get("material", allowed) if value in allowed]
    if "material" not in reply.ranked or not ranked:
        return (allowed[0], "the usual one") if allowed else ("", "")
    usual, scores = allowed[0], reply.scores.get("material", {})
    if ranked[0] != usual and scores.get(ranked[0], _LEAD) - scores.get(usual, 0.0) < _LEAD:
        return usual, "the usual one"
    return ranked[0], "the model finds it likeliest"


def _names_of(head: str) -> Iterable[str]:
    return (*singular_forms(head), *singular_forms(head.rsplit(" ", 1)[-1]))


def _wanted(draft: Draft) -> int:
    return max(0, draft.form.detail_count - len(draft.reading.clauses))


def _reason_of_details(draft: Draft, kept: list[str], total: int) -> str:
    own = ["the idea's own: " + ", ".join(draft.reading.clauses)] if draft.reading.clauses else []
    banks = ", ".join(filter(None, (*draft.reading.themes, draft.reading.head or draft.category)))
    chosen = [f"{', '.join(kept)}: fittest of {total} for {banks}"] if kept else []
    return "; ".join(own + chosen)


def _best(scores: Mapping[str, float]) -> dict[str, float]:
    return {value: round(score, 2) for value, score in sorted(scores.items(), key=lambda pair: -pair[1])[:5]}
