"""`models:` read: roles, kinds and sources."""

from __future__ import annotations

import pytest

from tests.recipe.readings import FORTY, HEAD, STAGES, codes


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("embedded", []),
        ("models/sd/", []),
        ("./sd", []),
        ("/srv/models/sd", []),
        ("C:/models/sd", []),
        (f"huggingface:CompVis/stable-diffusion-v1-4@{FORTY}", []),
        ("'huggingface:CompVis/stable-diffusion-v1-4'", ["E121"]),
        ("'huggingface:CompVis/stable-diffusion-v1-4@'", ["E121"]),
        ("'huggingface:stable-diffusion'", ["E122"]),
        ("'hf:a/b'", ["E121"]),
        ("'huggingface:../../etc@main'", ["E122"]),
        ("a/b@main", ["E122"]),
        ("~/models/sd", []),
        ("~other/models/sd", ["E122"]),
        ("~./models", ["E122"]),
        ("./~models/sd", []),
        ("'https://example.org/x'", ["E122"]),
        (r"models\sd", ["E122"]),
        ("gpt", []),
        ("GPT-4", ["E122"]),
        ("3", ["E114"]),
        ("", ["E114"]),
    ],
)
def test_sources(source: str, expected: list[str]) -> None:
    assert codes(f"{HEAD}models:\n  painter: {{diffusion: {source}}}\n{STAGES}") == expected


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ("painter: embedded", ["E114"]),
        ("painter: {}", ["E114"]),
        ("painter: {llm: embedded, diffusion: embedded}", ["E114"]),
        ("painter: {gan: embedded}", []),
        ("painter: {difusion: embedded}", ["E120"]),
        ("Painter: {diffusion: embedded}", ["E115"]),
        ("[a]", ["E114"]),
    ],
)
def test_models(models: str, expected: list[str]) -> None:
    text = f"models: {models}" if models.startswith("[") else f"models:\n  {models}"
    assert codes(f"{HEAD}{text}\n{STAGES}") == expected
