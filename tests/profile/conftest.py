"""A small simulated case, made once for all tests of the profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumorkit.simulate import SimulateParams
from tumorkit.simulate.run import run_simulate


@pytest.fixture(scope="session")
def small_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with alignments, calls, copy ratios and a case file; 12 genes, 40 SNP targets."""
    folder = tmp_path_factory.mktemp("case")
    params = SimulateParams(seed=3, genes=12, coding_kb=20, backbone_snps=40, depth=60)
    run_simulate(folder, params=params)
    return folder
