"""Build the compiled kernels; used by the build backend only, never at run time."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Any

from setuptools.command.build_ext import build_ext


class BuildExtensions(build_ext):  # type: ignore[misc]
    """Compile the kernels, linking those over htslib to the library that pysam brings.

    ``TUMORKIT_KERNELS=required`` turns a failed compile into an error,
    ``TUMORKIT_KERNELS=none`` skips compiling.
    """

    def build_extension(self, ext: Any) -> None:
        """Compile one kernel."""
        mode = os.environ.get("TUMORKIT_KERNELS", "")
        if mode == "none":
            return
        if ".htslib." in ext.name:
            link_to_htslib(ext)
        if mode == "required":
            ext.optional = False
        super().build_extension(ext)


def link_to_htslib(ext: Any) -> None:
    """Point an extension at pysam's htslib.

    That library has no SONAME, hence ``-l:`` with the file's name; the run path is relative,
    so that a wheel works in another environment with another pysam.
    """
    import pysam

    home = Path(pysam.__file__).parent
    up = "/".join([".."] * ext.name.count("."))
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    ext.include_dirs += pysam.get_include()
    ext.extra_link_args += [
        f"-L{home}",
        f"-l:libchtslib{suffix}",
        f"-Wl,-rpath,$ORIGIN/{up}/pysam",
    ]
