"""Files on the way out: PNGs with their origin inside, written through one manifest."""

from orchestrator.export.folder import Written, write_run
from orchestrator.export.owner import Owner, place_of
from orchestrator.export.probe import check_out, led_elsewhere, other_recipe
from orchestrator.export.written_findings import blocked_files
from orchestrator.format import OutputFile, png_with_metadata

__all__ = [
    "OutputFile",
    "Owner",
    "Written",
    "blocked_files",
    "check_out",
    "led_elsewhere",
    "other_recipe",
    "place_of",
    "png_with_metadata",
    "write_run",
]
