"""Compiled hot loops, each beside its Python twin of the same signature."""

from __future__ import annotations

import importlib
import os
import warnings
from types import ModuleType

KERNELS = (
    "tumorkit.core.kernels.partition",
    "tumorkit.core.kernels.ratio_rows",
    "tumorkit.core.kernels.vcf_block",
    "tumorkit.core.kernels.repeats",
    "tumorkit.core.kernels.mixture",
    "tumorkit.io.htslib.depth",
    "tumorkit.io.htslib.counts",
    "tumorkit.io.htslib.pileup",
    "tumorkit.io.htslib.lengths",
)
INSTALL_HINT = (
    "compiled kernels are not installed, the slower Python forms are used; install a C compiler "
    "and the Python headers (Debian: gcc python3-dev), then: pip install --force-reinstall tumorkit"
)

_warned = False


def load_kernel(name: str) -> ModuleType:
    """Return the compiled kernel, or its Python twin ``<name>_python`` with one warning.

    ``TUMORKIT_KERNELS=python`` asks for the twins without a warning.
    """
    if os.environ.get("TUMORKIT_KERNELS") != "python":
        try:
            return importlib.import_module(name)
        except ImportError:
            warn_once()
    return importlib.import_module(f"{name}_python")


def warn_once() -> None:
    """Say once in a process that the Python forms are in use, and what to install."""
    global _warned  # noqa: PLW0603
    if not _warned:
        _warned = True
        warnings.warn(INSTALL_HINT, RuntimeWarning, stacklevel=3)


def kernel_forms() -> dict[str, str]:
    """Return ``compiled`` or ``python`` for each kernel, by its short name."""
    forms = {}
    for name in KERNELS:
        form = "python"
        if os.environ.get("TUMORKIT_KERNELS") != "python":
            try:
                importlib.import_module(name)
                form = "compiled"
            except ImportError:
                pass
        forms[name.rsplit(".", 1)[1]] = form
    return forms
