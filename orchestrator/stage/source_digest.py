"""The digest of a module that declares stages: of its syntax, so that a comment changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from orchestrator.stage.canonical import canonical_json, digest_of

if TYPE_CHECKING:
    from orchestrator.stage.local_modules import LocalModule


def source_of(text: str) -> str:
    """The digest of a module's syntax tree without docstrings; the same under every version of Python."""
    return digest_of(canonical_json(_canonical(_syntax_without_docstrings(text))))


def source_with(text: str, modules: Sequence[LocalModule], files: Mapping[str, bytes]) -> str:
    """The digest of a module with the local modules that it imports and the files that it opens.

    Args:
        text: of the module.
        modules: those that it imports, as deep as they go.
        files: bytes by name of what it opens.
    """
    alone = source_of(text)
    if not modules and not files:
        return alone
    imported: dict[str, list[str]] = {}
    for module in modules:
        imported.setdefault(module.name, []).append(_digest_of(module))
    opened = {name: digest_of(data) for name, data in files.items()}
    return digest_of(canonical_json({"source": alone, "modules": imported, "files": opened}))


def _digest_of(module: LocalModule) -> str:
    """Of its syntax; of its bytes where it is no Python, as a compiled one."""
    try:
        return source_of(module.data.decode("utf-8-sig").replace("\r\n", "\n"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return digest_of(module.data)


def _syntax_without_docstrings(text: str) -> object:
    import ast

    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and (
            ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _canonical(node: object) -> object:
    """Node types and fields that are not empty: versions of Python differ in the empty ones alone."""
    import ast

    if isinstance(node, ast.JoinedStr):  # Python 3.12 keeps empty texts in an f-string
        texts = [part for part in node.values if getattr(part, "value", None) != ""]
        return ["JoinedStr", [_canonical(part) for part in texts]]
    if isinstance(node, ast.AST):
        fields = {name: value for name, value in ast.iter_fields(node) if value is not None and value != []}
        return [type(node).__name__, {name: _canonical(value) for name, value in fields.items()}]
    if isinstance(node, list):
        return [_canonical(member) for member in cast("list[object]", node)]
    return repr(node)
