"""The digest of a module that declares stages: of its syntax, so that a comment changes nothing."""

from __future__ import annotations

from typing import cast

from orchestrator.stage.canonical import canonical_json, digest_of


def source_of(text: str) -> str:
    """The digest of a module's syntax tree without docstrings; the same under every version of Python."""
    return digest_of(canonical_json(_canonical(_syntax_without_docstrings(text))))


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
