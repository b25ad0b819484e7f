"""The reads of many records at once, straight from the bytes of a block.

What they give equals what the accessor gives record by record; a record that is not of the
commonest kind is left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isnan

import numpy as np

from tumorkit.genome.vcf import FORMAT_COLUMN, MISSING, VcfRecord, to_int
from tumorkit.genome.vcf_block import RecordBlock
from tumorkit.variants.calls import CallReader
from tumorkit.variants.counts import Reads, completed, quick_places
from tumorkit.variants.strands import Strands

UNUSUAL = (-1, -1, -1)
# Tumour and normal of a record; None is left to the accessor.
Pair = tuple[Reads, Reads | None] | None


def reads_of_block(records: Sequence[VcfRecord], reader: CallReader) -> list[Pair]:
    """Return the reads of each record, None for one that the accessor has to read."""
    roles = reader.roles
    deep = "NDP" in reader.header.formats
    if not isinstance(records, RecordBlock) or roles.tumor is None or deep:
        return [None] * len(records)
    tumor = sample_column(records, reader, roles.tumor)
    if roles.normal is None:
        return [None if one is None else (one, None) for one in tumor]
    normal = sample_column(records, reader, roles.normal)
    return [
        None if one is None or other is None else (one, other)
        for one, other in zip(tumor, normal, strict=True)
    ]


def sample_column(block: RecordBlock, reader: CallReader, sample: str) -> list[Reads | None]:
    """Return one sample's reads in each record, None for one that the accessor has to read."""
    codes, formats = block.grouped(FORMAT_COLUMN)
    known = [quick_places(text) or UNUSUAL for text in formats]
    places = np.array(known, dtype=np.int64).reshape(-1, 3)[codes]
    places[block.alternatives != 1] = UNUSUAL
    values, read = block.reads(reader.header.sample_columns[sample], places)
    rows = completed(values)
    usual = read & ~np.isnan(rows[:3]).any(axis=0)
    counts = np.where(np.isnan(rows[:3]), 0, rows[:3]).astype(np.int64).tolist()
    return [
        Reads(depth, ref, alt, None if isnan(vaf) else vaf) if good else None
        for good, depth, ref, alt, vaf in zip(
            usual.tolist(), *counts, rows[3].tolist(), strict=True
        )
    ]


@lru_cache(maxsize=256)
def strand_table(keys: str) -> int | None:
    """Return where a FORMAT holds Mutect2's SB where nothing else tells strands; else None."""
    names = keys.split(":")
    if "SB" not in names or {"ADF", "ADR", "DP4", "FAZ"} & set(names):
        return None
    return names.index("SB")


def quick_strands(record: VcfRecord, reader: CallReader, sample: str | None, at: int) -> Strands:
    """Return the strands of one allele's reads in one sample, Mutect2's SB the short way."""
    place = None if reader.alone or sample is None else strand_table(record.format)
    if place is None or sample is None or "," in record.columns[4]:
        return reader.strands(record, sample)[at]
    fields = record.sample_text(sample).split(":")
    table = fields[place].split(",") if place < len(fields) else [MISSING]
    if len(table) != 4:
        return reader.strands(record, sample)[at]
    return Strands(*map(to_int, table))
