"""The laboratory's list of transcripts: one for each gene, with its version."""

from __future__ import annotations

from pathlib import Path

from tumorkit.errors import InputError
from tumorkit.io.text import read_lines

HINT = "write a line gene<TAB>transcript.version for each gene, such as TP53<TAB>NM_000546.6"


def read_transcripts(path: Path) -> dict[str, str]:
    """Return the transcript of each gene; the gene is a symbol or an HGNC identifier.

    A first line ``gene<TAB>transcript`` and lines that begin with ``#`` are passed over. Raises
    :class:`InputError` for a transcript without version, for a gene that is named twice with
    different transcripts, and for a file without any row.
    """
    found: dict[str, str] = {}
    for number, line in read_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [text.strip() for text in (line.split("\t") if "\t" in line else line.split())]
        if not found and fields[0].lower() in ("gene", "symbol", "hgnc", "hugo_symbol"):
            continue
        if len(fields) < 2 or not fields[0] or not fields[1]:
            raise InputError(
                path, f"expected gene and transcript, found {line!r}", line=number, hint=HINT
            )
        gene, transcript = fields[:2]
        accession, _, version = transcript.rpartition(".")
        if not accession or not version.isdigit():
            raise InputError(
                path, f"{gene}: transcript {transcript!r} has no version", line=number, hint=HINT
            )
        if found.setdefault(gene, transcript) != transcript:
            raise InputError(
                path,
                f"{gene} has two transcripts, {found[gene]} and {transcript}",
                line=number,
                hint="keep the one that the laboratory reports",
            )
    if not found:
        raise InputError(path, "holds no transcript", hint=HINT)
    return found
