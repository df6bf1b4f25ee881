"""Files on the way out: PNGs with their origin inside, written through one manifest."""

from orchestrator.export.folder import OutputFile, Written, write_run
from orchestrator.export.picture import png_with_metadata
from orchestrator.export.probe import check_out

__all__ = ["OutputFile", "Written", "check_out", "png_with_metadata", "write_run"]
