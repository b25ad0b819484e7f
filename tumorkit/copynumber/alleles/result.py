"""Allele counts at SNPs, and how the SNPs were chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.result import Result
from tumorkit.copynumber.alleles.params import AllelesParams
from tumorkit.genome.snps import SnpCounts

Source = Literal["germline", "sites", "reads"]


@dataclass(frozen=True, kw_only=True)
class AllelesResult(Result):
    """Reads of both alleles at SNPs in genome order.

    ``source`` says where the SNPs are from: a germline VCF of the normal, a list of sites, or the
    reads. ``listed`` = rows of ``counts`` + ``outside`` (far from targets, or on contigs that the
    alignment lacks) + ``not_snps`` (other alleles, repeated places) + ``homozygous`` (by the
    germline VCF). ``matched`` tells whether the rows have counts of a normal; ``heterozygous``
    counts rows where both alleles are common in it (else in the tumour). ``x_sites`` and
    ``x_heterozygous`` are the person's SNPs on X outside the pseudo-autosomal regions, None where
    nothing of the normal is known. ``reference_bases`` and ``other_bases`` have one letter a row.
    """

    schema_name: ClassVar[str] = "copynumber.alleles"

    counts: SnpCounts = field(metadata={"document": False})
    reference_bases: NDArray[np.str_] = field(metadata={"document": False})
    other_bases: NDArray[np.str_] = field(metadata={"document": False})
    source: Source
    listed: int
    outside: int
    not_snps: int
    homozygous: int
    snps: int
    matched: bool
    heterozygous: int
    median_depth: float | None
    x_sites: int | None
    x_heterozygous: int | None
    notes: tuple[str, ...] = ()
    params: AllelesParams
