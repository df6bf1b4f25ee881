"""The command `orchestrator`: thin verbs over `orchestrator.api`.

Exit codes: 0 fine; 1 something failed while running; 2 a recipe or an argument is wrong, nothing ran;
130 stopped by Ctrl-C.
"""

from orchestrator.cli.app import main

__all__ = ["main"]
