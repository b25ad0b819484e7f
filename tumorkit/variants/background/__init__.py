"""How often normals show an allele by mistake: the background against which a variant must stand.

A panel of normals, sequenced as the tumours are, tells for every base of the targets and every
allele how many reads are errors, and how much that differs between samples. A variant call then
has a p-value: the probability that so many of so many reads are errors. Where few normals or few
reads speak, the errors of alike places (the bases around; the repeat) speak with them, and the
p-value is the more careful; where no normal covers the site it is unknown.

>>> from tumorkit.core.error_rates import RatePrior
>>> usual = RatePrior(log_mean=-9.2, log_mean_sd=1.0, log_rho=-7.0, log_rho_sd=0.7)
>>> row = ["chr1", "100", "C", ".", "ACG", "3", "", "3000", "0", "", "1000,1000,1000", ""]
>>> panel = Background(normals=3, priors={"A[C>T]G": usual}, lookup=lambda contig, places: [row])
>>> p = panel.p_value(["chr1"] * 2, [100] * 2, ["C"] * 2, ["T"] * 2, [1, 12], [1000] * 2)
>>> bool(p[0] > 0.01), bool(p[1] < 1e-3)
(True, True)
"""

from tumorkit.variants.background.model import Background, Evidence
from tumorkit.variants.background.params import BackgroundParams
from tumorkit.variants.background.result import BackgroundResult, ErrorRate

__all__ = ["Background", "BackgroundParams", "BackgroundResult", "ErrorRate", "Evidence"]
