"""Fills in the chat template of a stranger's model, within a budget of time and memory.

As transformers does it (`apply_chat_template`), whose environment keeps a template from Python, but lets it
take all memory by `'x' * 3000000000`, and all time by a loop.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, wraps
from typing import Any, Final, cast

from jinja2 import Template, TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.filters import FILTERS
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from orchestrator.errors import StageFailure
from orchestrator.library.budget import BUDGET, budgeted, exceeded, turns, weighed

_LARGEST: Final = 100_000
_MOST_CHARACTERS: Final = 1_000_000
_WIDTH: Final = re.compile(r"\d{5,}")
_TEXT_METHODS: Final = frozenset({
    "capitalize", "count", "endswith", "find", "format", "index", "isalpha", "isdigit", "isspace", "join",
    "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rpartition",
    "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
})  # fmt: skip


def fill_in(
    template: str, messages: Sequence[Mapping[str, object]], *, ask: bool, tokens: Mapping[str, object]
) -> str:
    """The text of a conversation.

    Args:
        template: Jinja, out of the model's folder.
        messages: `role` and `content` of each turn.
        ask: whether the text ends where the assistant answers.
        tokens: special tokens of the tokenizer, by name.

    Raises:
        StageFailure: it is broken, refuses the conversation, or asks for more than its budget (E416).
    """
    try:
        with budgeted():
            parts = _compiled(template).generate(
                messages=messages, tools=None, documents=None, add_generation_prompt=ask, **tokens
            )
            return _joined(parts)
    except StageFailure as failure:
        raise _unusable(str(failure)) from failure
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise _unusable(str(error)) from error
    except (RecursionError, MemoryError, SyntaxError):
        raise _unusable("it is nested too deep") from None


def _joined(parts: Any) -> str:
    text: list[str] = []
    for part in parts:
        BUDGET.get().spend("characters", len(part) // 10)
        text.append(part)
    return "".join(text)


def _unusable(reason: str) -> StageFailure:
    return StageFailure(
        f"the chat template of the language model cannot be filled in: {reason}",
        code="E416",
        help="name another model, or mend the template in its folder",
    )


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja as chat templates are written for it; what takes memory or turns is paid for."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
        self.filters = {name: _bounded(filter_) for name, filter_ in FILTERS.items()}
        self.filters |= {"tojson": _as_json, "_turns": turns, "_weighed": weighed}
        self.globals |= {"raise_exception": _refuse, "strftime_now": _now}

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        _Guard().visit(source)
        source.set_environment(self)
        return super()._generate(source, name, filename, defer_init)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Calls as the sandbox lets it; of texts the harmless methods alone, and with small numbers."""
        BUDGET.get().spend("operations", 5)
        method: object = getattr(obj, "__wrapped__", obj)  # the sandbox wraps `format`
        owner, name = getattr(method, "__self__", None), getattr(obj, "__name__", "")
        if isinstance(owner, str) and name not in _TEXT_METHODS:
            raise exceeded(f"the harmless methods of texts, by {name!r}")
        _refuse_large(name, owner, args, kwargs)
        return weighed(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic whose result is small."""
        sizes = [value for value in (left, right) if isinstance(value, int)]
        texts = [value for value in (left, right) if isinstance(value, (str, list, tuple))]
        if operator == "*" and texts and sizes and len(cast("str", texts[0])) * sizes[0] > _LARGEST:
            raise exceeded(f"a value of {_LARGEST:,} characters")
        if operator == "%" and isinstance(left, str) and _WIDTH.search(left):
            raise exceeded("a width of five digits")
        if operator == "**" and not (isinstance(right, (int, float)) and abs(right) <= 64):  # noqa: PLR2004 - as templates
            raise exceeded("a power of 64")
        weighed([left, right])
        return weighed(super().call_binop(context, operator, left, right))


class _Generation(Extension):
    """`{% generation %}`, by which training marks what the assistant said, says nothing here."""

    tags = {"generation"}  # noqa: RUF012 - as the base has it

    def parse(self, parser: Parser) -> nodes.Node:
        """What stands within."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body).set_lineno(line)


class _Guard(NodeTransformer):
    """Puts a counter round every loop and literal."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - as the visitor calls it
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "_turns", [], [], None, None)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - as the visitor calls it
        self.generic_visit(node)
        return nodes.Filter(node, "_weighed", [], [], None, None)


@cache
def _compiled(template: str) -> Template:
    """Compiled once; folding of constants is paid for, too."""
    return _Environment().from_string(template)


def _bounded(filter_: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(filter_)  # also copies the mark of `pass_environment`
    def bounded(*arguments: Any, **options: Any) -> Any:
        texts = [value for value in arguments if isinstance(value, (str, list, tuple))]
        _refuse_large(filter_.__name__.removeprefix("do_"), texts[0] if texts else None, arguments, options)
        return weighed(filter_(*arguments, **options))

    return bounded


def _refuse_large(name: str, owner: object, arguments: Sequence[Any], options: Mapping[str, Any]) -> None:
    """What would be large before it can be weighed."""
    given = [*arguments, *options.values()]
    if any(isinstance(value, int) and abs(value) > _LARGEST for value in given):
        raise exceeded(f"a number of {_LARGEST:,}")
    weighed([value for value in given if isinstance(value, (str, list, tuple, dict))])
    texts = [value for value in given if isinstance(value, str)]
    if name == "format" and isinstance(owner, str) and _WIDTH.search(owner):
        raise exceeded("a width of five digits")
    if name == "replace" and isinstance(owner, str) and len(texts) > 1:
        old, new = texts[-2:]
        weighed([owner, *([new] * min(owner.count(old), _MOST_CHARACTERS))])


def _as_json(value: object, indent: int | None = None, **said: Any) -> str:
    return json.dumps(
        weighed(value), ensure_ascii=False, indent=None if indent is None else min(indent, 8), **said
    )


def _refuse(message: str) -> str:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now().strftime(form)  # noqa: DTZ005 - as transformers gives it
