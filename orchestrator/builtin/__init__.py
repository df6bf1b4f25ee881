"""The built-in stages; each imports `orchestrator.stage` alone, as a studio's own would."""
