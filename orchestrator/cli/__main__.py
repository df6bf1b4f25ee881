"""`python -m orchestrator.cli`, for machines where scripts are not on the path."""

from orchestrator.cli.app import main

main()
