"""Fixtures and options of all tests."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate", action="store_true", help="rewrite the golden files and schemas"
    )
    parser.addoption(
        "--full-calibration", action="store_true", help="run calibrations at full size"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be missing (TUMORKIT_NO_SKIPS), a skipped test has failed."""
    report = yield
    if report.skipped and os.environ.get("TUMORKIT_NO_SKIPS"):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real test data; tests that use it carry the marker ``shared``."""
    folder = os.environ.get("TUMORKIT_TEST_DATA")
    if not folder:
        pytest.skip("TUMORKIT_TEST_DATA is not set: no real data here")
    return Path(folder)


@pytest.fixture(scope="session")
def regenerate(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--regenerate"))


@pytest.fixture(scope="session")
def full_calibration(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full-calibration"))
