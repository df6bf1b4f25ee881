"""`expand`: an idea becomes a structured prompt.

Words of the idea win. The lexicon knows what follows from a known noun; the language model judges what is left
(category, material, which details suit), by ranking allowed values, never by free text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.builtin.idea_text import Translation, normalised, translated, with_article, without_filler
from orchestrator.builtin.idea_words import Reading, read_idea, singular_forms
from orchestrator.builtin.prompt_form import PromptForm, render_form
from orchestrator.stage import (
    Batch,
    Context,
    Example,
    Failure,
    Field,
    Glossary,
    Idea,
    Lexicon,
    Params,
    Prompt,
    Role,
    StageFailure,
    Template,
    TemplateText,
    Writer,
    WriteReply,
    WriteRequest,
    stage,
)

_LONGEST = 1000


class Expand(Params):
    """Rewrite a terse idea into a structured prompt."""

    writer: Role[Writer] = Field(default=Role[Writer](), description="the language model that judges")
    template: Template = Field(default=Template(name="game-icon"), description="the prompt template")
    glossary: Glossary = Field(default=Glossary(name="default"), description="foreign words and their English")
    lexicon: Lexicon = Field(default=Lexicon(name="default"), description="tables of the words of game art")


@dataclass(slots=True)
class _Work:
    """One idea on its way; `reasons` grows a line for each field."""

    idea: str
    translation: Translation
    reading: Reading
    form: PromptForm
    reasons: dict[str, str]
    category: str = ""
    material: str = ""
    details: tuple[str, ...] = ()
    scores: dict[str, object] | None = None


@stage("expand", version=1, batch=True)
def expand(ideas: Batch[Idea], params: Expand, ctx: Context) -> Batch[Prompt | Failure]:
    """Structured prompts; an idea that cannot be read fails alone."""
    tables = _Tables(ctx.lexicon(params.lexicon), ctx.template(params.template))
    glossary = ctx.glossary(params.glossary)
    work = [_begun(idea.text, glossary, tables) for idea in ideas]
    work = _asked(work, lambda item: tables.judgement(item), lambda item, reply: tables.judged(item, reply), params, ctx)
    work = _asked(work, lambda item: tables.details(item), lambda item, reply: tables.detailed(item, reply), params, ctx)
    return Batch(_ended(item, tables, at, ctx) for at, item in enumerate(work))


def _begun(text: str, glossary: Mapping[str, str], tables: _Tables) -> _Work | Failure:
    plain = normalised(text)
    if len(plain) > _LONGEST:
        return Failure(
            f"the idea has {len(plain)} characters, more than {_LONGEST}",
            code="E511",
            help="an idea names one thing in a few words; details go into the template or `amend`",
        )
    translation = translated(plain, glossary)
    english = without_filler(translation.text)
    if not any(character.isalnum() for character in english):
        return Failure(f"the idea {plain[:40]!r} names nothing to draw", code="E510", help="name a thing: fire sword")
    reading = read_idea(english, tables.lexicon)
    try:
        form = tables.form(plain, reading.subject)
    except StageFailure as failure:
        return Failure(str(failure), code=failure.code, help=failure.help)
    return _Work(plain, translation, reading, form, {})


def _asked(work: Sequence[_Work | Failure], ask: Any, take: Any, params: Expand, ctx: Context) -> list[_Work | Failure]:
    """Asks the model for all items that have a question; an item whose answer failed is a Failure."""
    ctx.stop_if_cancelled()
    asked = [(at, request) for at, item in enumerate(work) if isinstance(item, _Work) and (request := ask(item))]
    replies: Sequence[WriteReply | Failure] = ()
    if asked:
        replies = ctx.model(params.writer).write([request for _, request in asked], ctx.cancelled)
    answers = dict(zip((at for at, _ in asked), replies, strict=True))
    done: list[_Work | Failure] = []
    for at, item in enumerate(work):
        reply = answers.get(at)
        if isinstance(item, Failure) or isinstance(reply, Failure):
            done.append(item if isinstance(item, Failure) else reply)  # pyright: ignore[reportArgumentType]
            continue
        take(item, reply or WriteReply())
        done.append(item)
    return done


@dataclass(frozen=True, slots=True)
class _Tables:
    """The lexicon and the template, and what they make of an item."""

    lexicon: Mapping[str, Any]
    template: TemplateText

    def form(self, idea: str, subject: str) -> PromptForm:
        """The template, rendered for an idea."""
        shots = [self._shot(row) for row in self.lexicon.get("shots", ())]
        return render_form(self.template, {"idea": idea, "subject": subject, "thing": with_article(subject), "shots": shots})

    def judgement(self, item: _Work) -> WriteRequest | None:
        """What the model is asked first: the category and material that the idea and the tables leave open."""
        choices: dict[str, tuple[str, ...]] = {}
        rows = self.lexicon["categories"]
        if not item.reading.category and "category" in item.form.cues:
            choices["category"] = tuple(row["word"] for row in rows.values())
        if self._known_material(item) is None and "material" in item.form.cues:
            category = item.reading.category
            union = (material for row in rows.values() for material in row["materials"])
            allowed = tuple(rows[category]["materials"] if category else dict.fromkeys(union))
            if len(allowed) > 1:
                choices["material"] = allowed
        return self._request(item, choices) if choices else None

    def judged(self, item: _Work, reply: WriteReply) -> None:
        """Takes category and material from the answer, or from what was known without it."""
        item.scores = {slot: _rounded(values) for slot, values in reply.scores.items()}
        item.category = self._category(item, reply)
        item.material = self._material(item, reply)

    def details(self, item: _Work) -> WriteRequest | None:
        """What the model is asked next: which details of the banks suit."""
        bank = self._bank(item)
        if len(bank) < 2 or not self._wanted(item) or "details" not in item.form.cues:  # noqa: PLR2004 - no choice
            return None
        return self._request(item, {"details": bank})

    def detailed(self, item: _Work, reply: WriteReply) -> None:
        """The idea's own details, then the best one of its themes, then the best of its category."""
        ranked = reply.ranked.get("details", self._bank(item))
        if "details" in reply.scores and item.scores is not None:
            item.scores["details"] = _rounded(reply.scores["details"])
        themes = self.lexicon.get("themes", {})
        of_themes = {detail for name in item.reading.themes for detail in themes[name]["details"]}
        chosen = [next((detail for detail in ranked if detail in of_themes), "")]
        chosen += [detail for detail in ranked if detail not in of_themes]
        kept = [detail for detail in chosen if detail][: self._wanted(item)]
        item.details = (*item.reading.clauses, *kept)
        item.reasons["details"] = "; ".join(filter(None, (
            "the idea's own: " + ", ".join(item.reading.clauses) if item.reading.clauses else "",
            f"of {len(ranked)} in the banks for {', '.join((*item.reading.themes, item.category))}, "
            f"the model finds these fittest" if kept else "",
        )))  # fmt: skip

    def row(self, item: _Work) -> Mapping[str, Any]:
        """What follows from the item's category."""
        return self.lexicon["categories"].get(item.category, {})

    def _request(self, item: _Work, choices: Mapping[str, tuple[str, ...]]) -> WriteRequest:
        return WriteRequest(
            messages=item.form.messages,
            choices=choices,
            cues={slot: item.form.cues[slot] for slot in choices},
            examples=tuple(self._example(row, choices) for row in self.lexicon.get("references", ())),
        )

    def _example(self, row: Mapping[str, str], choices: Mapping[str, tuple[str, ...]]) -> Example:
        form = self.form(row["idea"], row["idea"])
        word = self.lexicon["categories"][row["category"]]["word"]
        answers = {"category": word, "material": row.get("material", "")}
        return Example(
            messages=form.messages,
            cues={slot: form.cues[slot] for slot in choices},
            answers={slot: value for slot, value in answers.items() if value in choices.get(slot, ())},
        )

    def _shot(self, row: Mapping[str, str]) -> dict[str, str]:
        word = self.lexicon["categories"][row["category"]]["word"]
        return {
            "thing": with_article(row["idea"]),
            "category": word,
            "category_thing": with_article(word),
            "material": row.get("material", ""),
        }

    def _category(self, item: _Work, reply: WriteReply) -> str:
        reading = item.reading
        if reading.category:
            item.reasons["category"] = f"{reading.category}: the lexicon has {reading.head!r} there"
            return reading.category
        by_word = {row["word"]: name for name, row in self.lexicon["categories"].items()}
        best = next(iter(reply.ranked.get("category", ())), "")
        item.reasons["category"] = f"{best or 'none'}: the model finds it likeliest for {reading.subject!r}"
        return by_word.get(best, "")

    def _known_material(self, item: _Work) -> str | None:
        """The material that needs no judgement; None where it does."""
        if "material" in item.reading.said:
            return item.reading.said["material"]
        table = self.lexicon.get("noun_materials", {})
        tail = item.reading.head.split(" ")[-1]
        for form in (*singular_forms(item.reading.head), *singular_forms(tail)):
            if form in table:
                return table[form]
        category = item.reading.category
        return "" if category and not self.lexicon["categories"][category]["materials"] else None

    def _material(self, item: _Work, reply: WriteReply) -> str:
        said, known = item.reading.said.get("material"), self._known_material(item)
        if said:
            item.reasons["material"] = f"the idea says {item.reading.said['material word']!r}"
        elif known:
            item.reasons["material"] = f"the lexicon says that of {item.reading.head!r}"
        if known is not None:
            return known
        allowed = self.row(item).get("materials", ())
        ranked = [value for value in reply.ranked.get("material", allowed) if value in allowed]
        if not ranked:
            return ""
        item.reasons["material"] = f"of {', '.join(allowed)}, the model finds it likeliest"
        return ranked[0]

    def _bank(self, item: _Work) -> tuple[str, ...]:
        themes = self.lexicon.get("themes", {})
        own = [detail for name in item.reading.themes for detail in themes[name]["details"]]
        others = set(self.row(item).get("materials", ())) - {item.material}
        usual = [detail for detail in self.row(item).get("details", ()) if not others & set(detail.split())]
        return tuple(dict.fromkeys([*own, *usual]))

    def _wanted(self, item: _Work) -> int:
        return max(0, item.form.detail_count - len(item.reading.clauses))


def _ended(item: _Work | Failure, tables: _Tables, at: int, ctx: Context) -> Prompt | Failure:
    if isinstance(item, Failure):
        return item
    prompt = _prompt(item, tables.row(item))
    for name, value in _notes(item).items():
        ctx.note(name, value, at=at)
    return prompt


def _prompt(item: _Work, row: Mapping[str, Any]) -> Prompt:
    """Words of the idea, then the tables, then the template's default; a line of reason for each field."""
    item.reasons["subject"] = "the idea, word for word"
    fields = {name: _field(item, name, row) for name in ("style", "colour", "material", "lighting", "view", "background")}
    negative = (*item.reading.negative, *_listed(item.form.defaults["negative"]))
    if negative:
        item.reasons["negative"] = "the idea and the template" if item.reading.negative else "the template"
    return Prompt(
        subject=item.reading.subject,
        details=tuple(dict.fromkeys(item.details)),
        negative=tuple(dict.fromkeys(negative)),
        **fields,
    )


def _field(item: _Work, name: str, row: Mapping[str, Any]) -> str:
    if name == "material" and item.material:
        return item.material
    if said := item.reading.said.get(name):
        word = item.reading.said.get(f"{name} word")
        item.reasons[name] = f"the idea says {word!r}" if word else "the idea says so"
        return said
    if name in {"lighting", "view", "background"} and row.get(name):
        item.reasons[name] = f"usual for {item.category} in the lexicon"
        return str(row[name])
    if default := item.form.defaults[name]:
        item.reasons[name] = "the template's default"
    return default


def _notes(item: _Work) -> dict[str, object]:
    notes: dict[str, object] = {
        "original": item.idea,
        "category": item.category,
        "reasons": item.reasons,
        "scores": item.scores or {},
        "translated": dict(item.translation.words),
        "untranslated": list(item.translation.unknown),
        "moved": list(item.reading.moved),
    }
    return {name: value for name, value in notes.items() if value}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    best = sorted(values.items(), key=lambda pair: -pair[1])[:5]
    return {value: round(score, 2) for value, score in best}
