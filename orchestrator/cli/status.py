"""Exit codes."""

from typing import Final

FINE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
STOPPED: Final = 130
