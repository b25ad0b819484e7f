"""What a sample is made of: one word for each material, library and kind of reads."""

from __future__ import annotations

from typing import Literal

Material = Literal["unknown", "ffpe", "fresh-frozen", "cfdna", "blood", "bone-marrow"]
Library = Literal["unknown", "capture", "amplicon", "wgs"]
# Reads as sequenced, or consensus reads of molecular barcodes.
Reads = Literal["unknown", "raw", "consensus"]
