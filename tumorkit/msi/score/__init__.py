"""Score a tumour's microsatellite instability, alone or beside its normal.

Every repeat's lengths are compared with what stutter alone would give; the score is the share of
repeats that are unstable, with its interval. Few repeats, or too little depth for the purity, is
not evaluable.

>>> import numpy as np
>>> from tumorkit.msi.sites import site_lengths
>>> score_lengths(site_lengths([], [])).msi.reason
'0 usable microsatellites, 40 are needed: 0 listed'
"""

from tumorkit.msi.score.analysis import score_lengths
from tumorkit.msi.score.params import MsiParams
from tumorkit.msi.score.result import MsiResult, PeerScore, SiteCall

__all__ = ["MsiParams", "MsiResult", "PeerScore", "SiteCall", "score_lengths"]
