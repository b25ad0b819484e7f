"""A BED that is compressed in blocks and has an index beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pysam

from tumorkit.io.alignment import quiet
from tumorkit.io.atomic import atomic_path
from tumorkit.io.bgzf import BgzfWriter


def write_indexed_bed(path: Path, text: str) -> None:
    """Write sorted BED lines as BGZF with a tabix index; both files whole or not at all."""
    with atomic_path(path) as temporary:
        with temporary.open("wb") as handle:
            writer = BgzfWriter(handle)
            writer.write(text.encode())
            writer.close()
        made = Path(f"{temporary}.tbi")
        try:
            with quiet():
                pysam.tabix_index(
                    str(temporary), preset="bed", force=True, index=str(made), keep_original=True
                )
            with atomic_path(Path(f"{path}.tbi")) as index:
                shutil.copyfile(made, index)
        finally:
            made.unlink(missing_ok=True)
