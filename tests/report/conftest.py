"""A finished run."""

from __future__ import annotations

import pytest

from orchestrator.report import RunReport
from tests.report.samples import sample_run


@pytest.fixture
def report() -> RunReport:
    return sample_run()
