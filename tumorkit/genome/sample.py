"""What kind of material and library a sample is."""

from __future__ import annotations

from enum import Enum


class Material(Enum):
    """Where the DNA comes from."""

    FFPE = "ffpe"
    FROZEN = "frozen"
    CFDNA = "cfdna"


class Library(Enum):
    """How the library was made, and whether UMI families are collapsed."""

    CAPTURE = "capture"
    AMPLICON = "amplicon"
    UMI_RAW = "umi-raw"
    UMI_CONSENSUS = "umi-consensus"
