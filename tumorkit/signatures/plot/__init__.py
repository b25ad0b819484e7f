"""Draw spectra of mutations in the field's order and colours, with what explains them below.

>>> from tumorkit.signatures.plot.layout import layout_of
>>> [block.name for block in layout_of("SBS96").blocks]
['C>A', 'C>G', 'C>T', 'T>A', 'T>C', 'T>G']
"""

from tumorkit.signatures.plot.figure import FitShown, spectrum_figure

__all__ = ["FitShown", "spectrum_figure"]
