"""Where things lie, and the sizes that all trainers share."""

from __future__ import annotations

import os
from pathlib import Path

CACHE = Path(os.environ.get("ORCHESTRATOR_TRAINING", Path.home() / ".cache" / "orchestrator-training"))
"""Downloads, banks and checkpoints; never inside the repository."""

RUN = CACHE / os.environ.get("ORCHESTRATOR_TRAINING_RUN", "run")
"""The folder of one training: its checkpoints and what comes of them."""

ROOT = Path(__file__).resolve().parent.parent
PAINTER = ROOT / "orchestrator" / "backends" / "embedded" / "painter"
CLIP = ROOT / "orchestrator" / "backends" / "embedded" / "clip"
JUDGE = ROOT / "training" / "judge"

SIZE = 256
"""Side of a picture in pixels."""

FACTOR = 16
"""How many pixels of a side go into one latent cell."""

CHANNELS = 8
"""Latent channels. Of sixteen, eight stayed unused in the first training, and were cut away without loss."""

LATENT = SIZE // FACTOR
"""Side of a latent in cells."""

CELLS = 32
"""Cells along a side of a pixel picture."""

PALETTE = 24
"""Most colours of a pixel picture."""

TOKENS = 48
"""Length of a tokenised caption, with its start and end marks."""

TEXT_WIDTH = 192
"""Width of the text tower."""
