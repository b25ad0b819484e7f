"""Which form of the kernels is in use here."""

from __future__ import annotations

import os

import pytest

from tumorkit.core.kernels import kernel_forms


def test_the_kernels_have_the_form_that_was_asked_for() -> None:
    wanted = os.environ.get("TUMORKIT_EXPECT_KERNELS")
    if not wanted:
        pytest.skip("TUMORKIT_EXPECT_KERNELS is not set")
    assert set(kernel_forms().values()) == {wanted}
