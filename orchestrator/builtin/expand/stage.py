"""`expand`: an idea becomes a structured prompt.

Words of the idea win. The tables know what follows from a known noun; the language model judges which of the
details suit, by ranking them, never by free text. What nobody knows stays open, and that is told.
"""

from __future__ import annotations

from orchestrator.stage import (
    Batch,
    Context,
    Failure,
    Field,
    Glossary,
    Idea,
    Lexicon,
    Params,
    Prompt,
    Role,
    Template,
    Writer,
    stage,
)


class Expand(Params):
    """Rewrite a terse idea into a structured prompt."""

    writer: Role[Writer] = Field(default=Role[Writer].called(), description="the language model that judges")
    template: Template = Field(default=Template.called("game-icon"), description="the prompt template")
    glossary: Glossary = Field(default=Glossary.called("default"), description="foreign words, in English")
    lexicon: Lexicon = Field(default=Lexicon.called("default"), description="tables of the words of game art")
    things: Lexicon | None = Field(
        default=Lexicon.called("things"), description="kinds and usual materials of further nouns"
    )


@stage("expand", version=2, batch=True)
def expand(ideas: Batch[Idea], params: Expand, ctx: Context) -> Batch[Prompt | Failure]:
    """Structured prompts; an idea that cannot be read fails alone."""
    from orchestrator.builtin.expand.drafts import drafted, finished, settled_by
    from orchestrator.builtin.expand.judgement import Tables
    from orchestrator.builtin.expand.nouns import Nouns
    from orchestrator.stage.idea.translation import Words

    lexicon = ctx.lexicon(params.lexicon)
    nouns = Nouns(lexicon, ctx.lexicon(params.things) if params.things is not None else {})
    tables = Tables(lexicon, ctx.template(params.template), nouns)
    words = Words(ctx.glossary(params.glossary))
    drafts = [drafted(idea.text, words, tables) for idea in ideas]
    drafts = settled_by(tables.question, tables.settle_details, drafts, params.writer, ctx)
    return Batch(finished(draft, tables, at, ctx) for at, draft in enumerate(drafts))
