"""What the tables know of an idea, what the language model is asked about it, and what its answer settles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestrator.builtin.expand.idea_text import with_article
from orchestrator.builtin.expand.idea_words import Reading
from orchestrator.builtin.expand.nouns import Nouns
from orchestrator.builtin.expand.prompt_form import PromptForm, render_form
from orchestrator.stage import Example, TemplateText, WriteReply, WriteRequest
from orchestrator.stage.idea.heads import forms, words_of
from orchestrator.stage.idea.translation import Translation


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
    warnings: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Tables:
    """The lexicon and the template; a reference is rendered once, for all ideas."""

    lexicon: Mapping[str, Any]
    template: TemplateText
    nouns: Nouns
    _references: dict[str, PromptForm] = field(default_factory=dict[str, PromptForm])

    def form(self, idea: str, subject: str) -> PromptForm:
        """The template, rendered for an idea."""
        shots = [self._shot(row) for row in self.lexicon.get("shots", ())]
        thing = with_article(subject)
        return render_form(self.template, {"idea": idea, "subject": subject, "thing": thing, "shots": shots})

    def row(self, category: str) -> Mapping[str, Any]:
        """What follows from a category."""
        return self.lexicon["categories"].get(category, {})

    def settle_nature(self, draft: Draft) -> None:
        """Category and material, where idea and tables know them; else they stay open, and that is told."""
        reading = draft.reading
        draft.category = reading.category
        if reading.category:
            draft.reasons["category"] = f"{reading.category}: the tables have {reading.head!r} there"
        else:
            draft.warnings.append(
                f"I do not know {reading.head or reading.subject!r}: "
                "its light and view are the template's, and it has no details of its kind"
            )
        if reading.second:
            draft.warnings.append(
                f"of two things {reading.head!r} is the subject, {reading.second!r} stays beside it"
            )
        draft.material = self._material(draft)

    def question(self, draft: Draft) -> WriteRequest | None:
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
        return Example(messages=form.messages, cues={slot: form.cues[slot] for slot in choices}, answers={})

    def _shot(self, row: Mapping[str, str]) -> dict[str, str]:
        word = self.row(row["category"])["word"]
        return {
            "thing": with_article(row["idea"]),
            "category": word,
            "category_thing": with_article(word),
            "material": row.get("material", ""),
        }

    def _material(self, draft: Draft) -> str:
        """What the idea says; else the first usual one that it does not exclude; "" where none is known."""
        reading = draft.reading
        if word := reading.said.get("material word"):
            draft.reasons["material"] = f"the idea says {word!r}"
            return reading.said["material"]
        excluded = {*words_of(" ".join(reading.negative)), *_names_of(reading.head)}
        material = next((each for each in self._usual(reading) if each not in excluded), "")
        if material:
            draft.reasons["material"] = f"usual for {reading.head!r} in the tables"
        return material

    def _usual(self, reading: Reading) -> Sequence[str]:
        """Materials, the likeliest first: of the noun itself, else of its category where that is known."""
        table = self.lexicon.get("noun_materials", {})
        known = next((form for form in _names_of(reading.head) if form in table), None)
        if known is not None:
            return (str(table[known]),)
        usual = self.nouns.materials(reading.head)
        listed = not set(_names_of(reading.head)).isdisjoint(self.nouns.own)
        return usual or (self.row(reading.category).get("materials", ()) if listed else ())

    def _bank(self, draft: Draft) -> tuple[str, ...]:
        """Details of the idea's themes, and of its noun's group or its category; none of another material."""
        row = self.row(draft.category)
        names = set(_names_of(draft.reading.head))
        groups = self.lexicon.get("groups", ())
        group: Mapping[str, Any] = next((group for group in groups if names & set(group["nouns"])), row)
        others = set(row.get("materials", ())) - {draft.material}
        if group is row and row.get("details_for") == "nouns" and not names & set(row["nouns"]):
            group = {}
        bank: Sequence[str] = group.get("details", ())
        usual = [detail for detail in bank if not others & set(detail.split())]
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


def _names_of(head: str) -> Iterable[str]:
    return (*forms(head), *forms(head.rsplit(" ", 1)[-1]))


def _wanted(draft: Draft) -> int:
    return max(0, draft.form.detail_count - len(draft.reading.clauses))


def _reason_of_details(draft: Draft, kept: list[str], total: int) -> str:
    own = ["the idea's own: " + ", ".join(draft.reading.clauses)] if draft.reading.clauses else []
    banks = ", ".join(filter(None, (*draft.reading.themes, draft.reading.head or draft.category)))
    chosen = [f"{', '.join(kept)}: fittest of {total} for {banks}"] if kept else []
    return "; ".join(own + chosen)


def _best(scores: Mapping[str, float]) -> dict[str, float]:
    return {value: round(score, 2) for value, score in sorted(scores.items(), key=lambda pair: -pair[1])[:5]}
