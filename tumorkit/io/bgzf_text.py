"""Write block-gzipped text with a tabix index."""

from __future__ import annotations

from pathlib import Path

from tumorkit.io.atomic import atomic_path, write_bytes
from tumorkit.io.fasta_writer import BLOCK, bgzf_block
from tumorkit.io.text import BGZF_END


def write_bgzf(path: Path, text: str) -> None:
    """Write text in BGZF blocks, whole or not at all."""
    content = text.encode("utf-8")
    blocks = [bgzf_block(content[at : at + BLOCK]) for at in range(0, len(content), BLOCK)]
    write_bytes(path, b"".join(blocks) + BGZF_END)


def write_vcf(path: Path, text: str) -> None:
    """Write a sorted VCF as BGZF with its ``.tbi``; an older index never outlives its file."""
    import pysam

    write_bgzf(path, text)
    index = path.with_name(path.name + ".tbi")
    with atomic_path(index) as temporary:
        temporary.unlink()
        pysam.tabix_index(str(path), preset="vcf", index=str(temporary), force=True)
