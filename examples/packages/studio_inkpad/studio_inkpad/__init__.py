"""A model provider: behind an endpoint, and in every folder that has an `inkpad.json`."""

from orchestrator.provider import Provider

PROVIDER = Provider(
    describe="studio_inkpad.card:describe",
    load="studio_inkpad.painter:load",
    marker="inkpad.json",
    files=("inkpad.json",),
)
