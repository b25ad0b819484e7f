"""One small case, sequenced deeply, for all tests of the simulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumorkit.simulate.case import plan_case
from tumorkit.simulate.nouns import Case
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.run import run_simulate

SMALL = SimulateParams(
    seed=11,
    sample="SMALL",
    genes=24,
    coding_kb=50,
    backbone_snps=90,
    msi_targets=24,
    snvs=30,
    indels=12,
    strand_artefacts=6,
    ffpe_artefacts=6,
    depth=160,
    normal_depth=80,
)


@pytest.fixture(scope="session")
def small_params() -> SimulateParams:
    return SMALL


@pytest.fixture(scope="session")
def small_case() -> Case:
    return plan_case(SMALL)


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulate") / "case"
    run_simulate(folder, params=SMALL)
    return folder
