"""Prompt templates: a template with all that it extends and includes, read once and digested together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final

from orchestrator.frozen import Frozen
from orchestrator.library.budget import budgeted
from orchestrator.library.source import Source
from orchestrator.stage import StageFailure
from orchestrator.stage.canonical import canonical_json, digest_of

if TYPE_CHECKING:
    from jinja2 import Template, nodes

_MOST_TEMPLATES: Final = 20
_MOST_CHARACTERS: Final = 64 * 1024


class PromptTemplate(Frozen):
    """A template that compiles. Plain data, so it pickles; compiled on first use in each process."""

    name: str
    sources: Mapping[str, str]
    _compiled: list[Template] = field(default_factory=list["Template"], compare=False, repr=False)

    def render(self, variables: Mapping[str, object]) -> str:
        """The text with the variables filled in.

        Raises:
            StageFailure: a variable is missing or of the wrong kind (E415), or a budget is used up (E416).
        """
        from jinja2 import TemplateError

        try:
            with budgeted():
                return self._template().render(variables)
        except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            raise StageFailure(
                f"the template `{self.name}` cannot be filled in: {error}",
                code="E415",
                help="mend the template; its variables are those that the stage's page lists",
            ) from error
        except RecursionError:
            raise StageFailure(
                f"the template `{self.name}` includes or calls itself without end",
                code="E416",
                help="take the include or the call out",
            ) from None

    def _template(self) -> Template:
        if not self._compiled:
            from orchestrator.library.sandbox import PromptEnvironment

            self._compiled.append(PromptEnvironment(self.sources).get_template(self.name))
        return self._compiled[0]

    def __reduce__(self) -> tuple[type[PromptTemplate], tuple[str, Mapping[str, str]]]:
        return PromptTemplate, (self.name, self.sources)


def read_template(source: Source, find: Callable[[str], Source | None]) -> tuple[str, PromptTemplate]:
    """A template and the digest over it and all that it names; raises InvalidInput (E413, E414)."""
    found = {source.name: source}
    waiting = [source]
    while waiting:
        for name, line, user in _references(waiting.pop()):
            if name not in found:
                found[name] = _named(name, line, user, find)
                waiting.append(found[name])
                _refuse_too_many(found, user, line)
    others = [[name, part.digest] for name, part in sorted(found.items()) if name != source.name]
    digest = digest_of(canonical_json([source.digest, others]))
    return digest, PromptTemplate(source.name, {name: part.text for name, part in found.items()})


def _named(name: str, line: int, user: Source, find: Callable[[str], Source | None]) -> Source:
    part = find(name)
    if part is None:
        raise user.refuse(
            "E414",
            f"the template `{user.name}` names `{name}`, and there is none",
            line,
            why="A template may extend, include and import templates of the library, by a plain name.",
            help=f"write prompts/templates/{name}.jinja, or name another",
        )
    return part


def _refuse_too_many(found: Mapping[str, Source], user: Source, line: int) -> None:
    if len(found) > _MOST_TEMPLATES:
        message = f"the template `{user.name}` names more than {_MOST_TEMPLATES} others"
        raise user.refuse("E414", message, line, help="name fewer")


def _references(source: Source) -> Iterator[tuple[str, int, Source]]:
    from jinja2 import nodes

    tree = _parsed(source)
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for node in tree.find_all(kinds):
        if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
            raise source.refuse(
                "E414",
                f"the template `{source.name}` chooses another by an expression",
                node.lineno,
                why="What a template reads is digested before anything runs, so every name is written out.",
                help='write the name in quotes: {% include "base.jinja" %}',
            )
        yield node.template.value.removesuffix(".jinja"), node.lineno, source


def _parsed(source: Source) -> nodes.Template:
    """The syntax tree; compiled once to find unknown filters too."""
    from jinja2 import TemplateSyntaxError

    from orchestrator.library.sandbox import PromptEnvironment

    if len(source.text) > _MOST_CHARACTERS:
        message = f"the template `{source.name}` has more than {_MOST_CHARACTERS:,} characters"
        raise source.refuse("E413", message, help="templates make one prompt; make it shorter")
    environment = PromptEnvironment({})
    try:
        with budgeted():
            environment.compile(source.text, source.name)
        return environment.parse(source.text, source.name)
    except TemplateSyntaxError as error:
        raise source.refuse(
            "E413",
            f"the template `{source.name}` is no Jinja: {error.message}",
            error.lineno,
            why="Templates are Jinja, with few filters and no way into Python.",
            help="see jinja.palletsprojects.com/templates",
        ) from error
    except StageFailure as failure:
        raise source.refuse("E413", str(failure), help=failure.help) from failure
    except (RecursionError, SyntaxError, MemoryError):  # Python's own parser has limits, too
        raise source.refuse(
            "E413", f"the template `{source.name}` is nested too deep", help="take loops out of one another"
        ) from None
