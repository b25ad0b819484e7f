"""tumorkit profiles a tumour.

From a laboratory's alignments, variant calls, panel and reference it makes filtered variants
with reasons, copy number, biomarkers and one report. The functions are in :mod:`tumorkit.api`;
the command line is :mod:`tumorkit.cli`.
"""

__version__ = "0.1.0"
