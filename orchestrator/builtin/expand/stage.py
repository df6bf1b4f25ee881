"""`expand`: an idea becomes a structured prompt.

Words of the idea win. The lexicon knows what follows from a known noun; the language model judges what is
left (category, material, which details suit) by ranking allowed values, never by free text.
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


@stage("expand", version=1, batch=True)
def expand(ideas: Batch[Idea], params: Expand, ctx: Context) -> Batch[Prompt | Failure]:
    """Structured prompts; an idea that cannot be read fails alone."""
    from orchestrator.builtin.expand.drafts import drafted, finished, settled_by
    from orchestrator.builtin.expand.judgement import Tables

    tables = Tables(ctx.lexicon(params.lexicon), ctx.template(params.template))
    glossary = ctx.glossary(params.glossary)
    drafts = [drafted(idea.text, glossary, tables) for idea in ideas]
    drafts = settled_by(tables.first_question, tables.settle_nature, drafts, params.writer, ctx)
    drafts = settled_by(tables.second_question, tables.settle_details, drafts, params.writer, ctx)
    return Batch(finished(draft, tables, at, ctx) for at, draft in enumerate(drafts))
