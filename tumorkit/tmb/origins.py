"""What is believed of a tumour's alleles before its panel is looked at."""

from __future__ import annotations

from tumorkit.variants.evidence.params import EvidenceParams

# A panel holds too few alleles to learn its rates well, so their start weighs. Of the variants of
# an exome (33 Mb, three alleles per base) 15 to 250 are germline and unknown to the large
# population sources, by ancestry; the middle of that, in logarithms, is 6e-7 per possible allele:
# 2 * sqrt(low * high). A table of called variants has no such allele without a carrier, which is
# why this is less than the frequency of an unseen allele.
ORIGINS = EvidenceParams(unseen_af_low=1e-8, unseen_af_high=9e-6)
