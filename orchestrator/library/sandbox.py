"""The Jinja environment of templates: no attribute that does anything, few filters, and a budget on all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Final, cast

from jinja2 import StrictUndefined, TemplateNotFound, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.loaders import FunctionLoader
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from orchestrator.library.budget import BUDGET, exceeded, turns, weighed

_FILTERS: Final = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "last",
    "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select",
    "selectattr", "sort", "string", "title", "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip
_TEXT_METHODS: Final = frozenset(
    (
        "capitalize",
        "endswith",
        "lower",
        "removeprefix",
        "removesuffix",
        "split",
        "startswith",
        "strip",
        "title",
        "upper",
    )
)
_MAPPING_METHODS: Final = frozenset({"get", "items", "keys", "values"})
_LONGEST_RANGE: Final = 10_000
_LARGEST_POWER: Final = 64


class PromptEnvironment(ImmutableSandboxedEnvironment):
    """Templates may fill in, choose and repeat; they cannot call into Python, and every step is paid for."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__(
            loader=FunctionLoader(lambda name: _source(sources, name)),
            undefined=StrictUndefined,
            autoescape=False,
            auto_reload=False,
            finalize=_printed,
        )
        self.globals.clear()
        self.globals["range"] = cast("type[range]", _range)
        self.filters = {name: _weighing(FILTERS[name]) for name in _FILTERS}
        self.filters |= {"join": _joined, "replace": _replaced, "tojson": _as_json}
        self.filters |= {"_turns": turns, "_weighed": weighed, "_concatenated": _concatenated}
        self._characters: dict[str | None, int] = {}

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        self._characters[name] = _fixed_text(source)
        _Guard().visit(source)
        source.set_environment(self)
        return super()._generate(source, name, filename, defer_init)

    def _load_template(self, name: str, globals: Any) -> Any:  # noqa: A002 - as the base has it
        template = super()._load_template(name, globals)
        if (budget := BUDGET.get(None)) is not None:
            budget.spend("operations", 20)
            budget.spend("characters", self._characters.get(name, 0))
        return template

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Calls macros, loops, `super()`, `range`, harmless methods of texts and mappings; nothing else."""
        BUDGET.get().spend("operations", 5)
        if isinstance(obj, LoopContext):
            args = (turns(args[0]), *args[1:]) if args else args
        elif not (isinstance(obj, (Macro, BlockReference)) or obj is _range or _is_harmless(obj)):
            raise SecurityError(f"a template cannot call {getattr(obj, '__name__', type(obj).__name__)!r}")
        result = super().call(context, obj, *args, **kwargs)
        if isinstance(result, str):
            BUDGET.get().spend("characters", len(result) if isinstance(obj, (Macro, BlockReference)) else 0)
        return weighed(result)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, and `+` of texts and lists that stay small."""
        if operator == "+" or _are_numbers(left, right):
            if operator == "**" and not (isinstance(right, (int, float)) and abs(right) <= _LARGEST_POWER):
                raise exceeded(f"a power of {_LARGEST_POWER}")
            weighed([left, right])
            return weighed(super().call_binop(context, operator, left, right))
        raise SecurityError(f"a template uses `{operator}` on numbers alone")


class _Guard(NodeTransformer):
    """Puts a counter round every loop, literal and concatenation."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - as the visitor calls it
        characters = _fixed_text(node)
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "_turns", [nodes.Const(characters)], [], None, None)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - as the visitor calls it
        self.generic_visit(node)
        return nodes.Filter(nodes.List(node.nodes), "_concatenated", [], [], None, None)

    def _literal(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return node
        return nodes.Filter(node, "_weighed", [], [], None, None)

    visit_List = visit_Dict = visit_Tuple = _literal  # noqa: N815 - as the visitor calls them


def _fixed_text(node: nodes.Node) -> int:
    return sum(len(data.data) for data in node.find_all(nodes.TemplateData))


def _source(sources: Mapping[str, str], name: str) -> str:
    if (text := sources.get(name.removesuffix(".jinja"))) is None:
        raise TemplateNotFound(name)
    return text


def _printed(value: object) -> object:
    """What `{{ … }}` may print: texts and numbers."""
    if isinstance(value, Undefined):
        return str(value)  # raises, as it is strict
    if value is not None and not isinstance(value, (str, int, float)):
        raise SecurityError(
            f"a template prints texts and numbers, not a {type(value).__name__}; use `| join(', ')`"
        )
    text = "" if value is None else str(weighed(value))
    BUDGET.get().spend("characters", len(text))
    return text


def _range(*arguments: int) -> range:
    numbers = range(*arguments)
    if len(numbers) > _LONGEST_RANGE:
        raise exceeded(f"a range of {_LONGEST_RANGE:,}")
    return numbers


def _is_harmless(function: object) -> bool:
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    if isinstance(owner, str):
        return name in _TEXT_METHODS
    return isinstance(owner, Mapping) and name in _MAPPING_METHODS


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, (int, float)) for value in values)


def _weighing(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja whose result is weighed."""

    @wraps(filter_)  # also copies the mark of `pass_environment`
    def weighing(*arguments: Any, **options: Any) -> Any:
        return weighed(filter_(*arguments, **options))

    return weighing


def _texts(values: Iterable[object]) -> list[str]:
    texts: list[str] = []
    for value in turns(values):
        if isinstance(value, Undefined):
            str(value)
        if not isinstance(value, (str, int, float)):
            raise SecurityError(f"a template joins texts and numbers, not a {type(value).__name__}")
        texts.append(str(weighed(value)))
    return texts


def _joined(values: Iterable[object], between: str = "") -> str:
    texts = _texts(values)
    weighed([texts, [between] * len(texts)])
    return str(between).join(texts)


def _concatenated(values: Iterable[object]) -> str:
    texts = _texts("" if value is None else value for value in values)
    weighed(texts)
    return "".join(texts)


def _replaced(text: object, old: str, new: str, count: int = -1) -> str:
    whole, old, new = str(weighed(text)), str(old), str(new)
    weighed([new] * min(whole.count(old), 1_000_000) if len(new) > len(old) else whole)
    return whole.replace(old, new, count)


def _as_json(value: object, indent: int | None = None) -> str:
    return json.dumps(weighed(value), ensure_ascii=False, indent=None if indent is None else min(indent, 8))
