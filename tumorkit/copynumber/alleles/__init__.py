"""Allele counts: reads of both alleles at SNPs of the tumour, and of its normal.

Where a tumour has lost one of two parental copies, the reads at heterozygous SNPs leave the half;
with copy number alone, loss that a second copy of the other allele makes good is not seen. The
SNPs are those that a germline VCF of the normal calls heterozygous, those of a population list, or
those that the reads themselves show. The table is what ``tumorkit cnv segment --snps`` reads.

>>> from tumorkit.genome.snps import SnpCounts
>>> import numpy as np
>>> counts = SnpCounts(contig=np.array(["chr1"]), position=np.array([99]), ref=np.array([40]),
...                    alt=np.array([10]), normal_ref=np.array([20]), normal_alt=np.array([22]))
>>> int(heterozygous_rows(counts, AllelesParams()).sum())
1
"""

from tumorkit.copynumber.alleles.analysis import heterozygous_rows, snps_shown
from tumorkit.copynumber.alleles.params import AllelesParams
from tumorkit.copynumber.alleles.result import AllelesResult

__all__ = ["AllelesParams", "AllelesResult", "heterozygous_rows", "snps_shown"]
