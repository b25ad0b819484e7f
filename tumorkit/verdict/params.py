"""What a laboratory tested beside the sequencing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about
from tumorkit.errors import ParameterError, suggestion

MMR_PROTEINS = ("MLH1", "MSH2", "MSH6", "PMS2")
Methylation = Literal["", "methylated", "unmethylated"]


@dataclass(frozen=True, kw_only=True)
class MmrTests(Settings):
    """Other tests of mismatch repair; what is not given was not tested."""

    ihc_lost: tuple[str, ...] = field(
        default=(),
        metadata=about("Protein whose nuclear staining is lost (MLH1, MSH2, MSH6, PMS2)."),
    )
    ihc_retained: tuple[str, ...] = field(
        default=(), metadata=about("Protein whose nuclear staining is retained.")
    )
    pcr: Literal["", "MSI-H", "MSI-L", "MSS"] = field(
        default="", metadata=about("Result of a microsatellite PCR.")
    )
    mlh1_methylation: Methylation = field(
        default="", metadata=about("Result of a test of the MLH1 promoter.")
    )
    pole: str = field(
        default="",
        metadata=about("POLE or POLD1 variant by its protein change, for example p.Pro286Arg."),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in (*self.ihc_lost, *self.ihc_retained):
            if name not in MMR_PROTEINS:
                raise ParameterError(
                    f"{name!r} is no mismatch repair protein; known: {', '.join(MMR_PROTEINS)}",
                    suggestion(name.upper(), MMR_PROTEINS),
                )
        both = sorted(set(self.ihc_lost) & set(self.ihc_retained))
        if both:
            raise ParameterError(f"{', '.join(both)}: staining cannot be lost and retained")


@dataclass(frozen=True, kw_only=True)
class HrTests(Settings):
    """Other tests of homologous recombination; what is not given was not tested."""

    brca1_methylation: Methylation = field(
        default="", metadata=about("Result of a test of the BRCA1 promoter.")
    )
    rad51c_methylation: Methylation = field(
        default="", metadata=about("Result of a test of the RAD51C promoter.")
    )
    rad51_foci: Literal["", "present", "absent"] = field(
        default="", metadata=about("Result of a functional test: RAD51 foci in dividing cells.")
    )
