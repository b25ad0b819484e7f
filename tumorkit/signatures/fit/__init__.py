"""Explain a tumour's mutations by signatures: processes first, names after, what is left last.

A signature acts with a probability and has a share with an interval; sets of signatures are
averaged, because few mutations cannot choose between sets that look alike. A process that is not
seen is absent only where it could have been seen: its detectable share says from where on.

>>> import numpy as np
>>> from tumorkit.genome.profiles import Profiles
>>> rng = np.random.default_rng(1)
>>> table = Profiles(kind="DBS78", names=("A", "B"), values=rng.dirichlet(np.full(78, 0.2), 2))
>>> counts = rng.multinomial(200, table.of("A"))[None, :].astype(float)
>>> fit = fit_signatures(Profiles(kind="DBS78", names=("one",), values=counts), table)
>>> [(row.name, round(row.share, 2)) for row in fit.samples[0].signatures if row.named]
[('A', 1.0)]
"""

from tumorkit.signatures.fit.analysis import fit_signatures
from tumorkit.signatures.fit.params import FitParams
from tumorkit.signatures.fit.result import FitResult, ProcessFit, SampleFit, SignatureFit

__all__ = ["FitParams", "FitResult", "ProcessFit", "SampleFit", "SignatureFit", "fit_signatures"]
