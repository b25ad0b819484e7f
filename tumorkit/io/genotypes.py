"""Genotypes of one person's SNPs, as a germline caller wrote them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.vcf import VcfHeader
from tumorkit.io.snps import BASES, UNKNOWN, allele_reads
from tumorkit.io.vcf import open_vcf

PASSED = ((), ("PASS",))


@dataclass(frozen=True, kw_only=True, slots=True)
class Genotype:
    """A SNP of one person; ``position`` is 0-based, ``reads`` None where the file has none."""

    contig: str
    position: int
    ref: str
    alt: str
    heterozygous: bool
    reads: tuple[int, int] | None


def read_genotypes(path: Path, *, sample: str | None = None) -> list[Genotype]:
    """Read the SNPs that a person carries: one alternative base, FILTER passed, genotype called.

    ``sample`` names the person's column; it may be left out where there is one, or where the
    header says which is the normal. Raises :class:`InputError` where no such SNP is left.
    """
    found = []
    with open_vcf(path) as source:
        name = person_of(path, source.header, sample)
        for record in source:
            alts = record.alts
            ref, alt = record.ref.upper(), alts[0].upper() if len(alts) == 1 else ""
            if ref not in BASES or alt not in BASES or record.filters not in PASSED:
                continue
            called = re.split(r"[/|]", record.sample(name).get("GT", "."))
            if "1" not in called or not {"0", "1"} >= set(called):
                continue
            reads = allele_reads(path, record, name)
            found.append(
                Genotype(
                    contig=record.contig,
                    position=record.pos - 1,
                    ref=ref,
                    alt=alt,
                    heterozygous="0" in called,
                    reads=None if reads == UNKNOWN else reads,
                )
            )
    if not found:
        raise InputError(
            path,
            f"holds no SNP with a called genotype of {name}",
            hint="give the normal's germline VCF (FORMAT GT), or a list of sites with --snps",
        )
    return found


def person_of(path: Path, header: VcfHeader, sample: str | None) -> str:
    """Return the column of the person: as given, the only one, or the header's normal."""
    samples = header.samples
    if sample is not None:
        if sample not in samples:
            raise ParameterError(
                f"{path}: no sample {sample!r}; samples are {', '.join(samples) or 'none'}"
            )
        return sample
    named = [name for name in header.normal_samples if name in samples]
    if len(samples) == 1 or named:
        return samples[0] if len(samples) == 1 else named[0]
    raise ParameterError(
        f"{path}: which sample is the normal? samples are {', '.join(samples) or 'none'}",
        "name it: --normal-sample NAME",
    )
