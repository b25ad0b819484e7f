"""Build the compiled kernels; used by the build backend only, never at run time."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Any

from setuptools.command.build_ext import build_ext

# One module holds what Cython gives every kernel that takes arrays: each kernel would
# otherwise compile its own copy, four fifths of all the compiler's work.
SHARED = "tumorkit.core.kernels._shared"


class BuildExtensions(build_ext):  # type: ignore[misc]
    """Compile the kernels, linking those over htslib to the library that pysam brings.

    ``TUMORKIT_KERNELS=required`` turns a failed compile into an error,
    ``TUMORKIT_KERNELS=none`` skips compiling.
    """

    def build_extensions(self) -> None:
        """Translate all kernels, then compile them side by side."""
        from Cython.Build import cythonize

        mode = os.environ.get("TUMORKIT_KERNELS", "")
        if mode == "none":
            return
        for ext in self.extensions:
            # Debug symbols of machine-written C help nobody and double what is shipped.
            ext.extra_compile_args += ["-g0"]
            if ".htslib." in ext.name:
                link_to_htslib(ext)
            if mode == "required":
                ext.optional = False
        translated = cythonize(
            self.extensions,
            force=self.force,
            quiet=self.verbose == 0,
            shared_utility_qualified_name=SHARED,
        )
        sources = {ext.name: ext.sources for ext in translated}
        for ext in self.extensions:
            ext.sources = sources[ext.name]
        self.parallel: Any = self.parallel or os.cpu_count()
        super().build_extensions()


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
