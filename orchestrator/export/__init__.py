"""Files on the way out: PNGs with their origin inside, written through one manifest."""

from orchestrator.export.folder import Written, write_run
from orchestrator.export.probe import check_out
from orchestrator.format import OutputFile, png_with_metadata

__all__ = ["OutputFile", "Written", "check_out", "png_with_metadata", "write_run"]
