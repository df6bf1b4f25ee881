"""The wiring of a checked recipe as a picture: for the terminal, as Mermaid, as SVG."""

from orchestrator.report.wiring.mermaid import as_mermaid
from orchestrator.report.wiring.model import Box, Line, Wiring, wiring_of
from orchestrator.report.wiring.svg import as_svg
from orchestrator.report.wiring.text import as_text

__all__ = ["Box", "Line", "Wiring", "as_mermaid", "as_svg", "as_text", "wiring_of"]
