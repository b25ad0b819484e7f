"""Settings of the simulator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tumorkit.contract.settings import Settings, about


@dataclass(frozen=True, kw_only=True)
class SimulateParams(Settings):
    """A case to be invented: its tumour, its panel and how it is sequenced."""

    seed: int = field(
        default=7, metadata=about("Seed; the same seed gives the same bytes.", minimum=0)
    )
    sample: str = field(
        default="SIM",
        metadata=about("Name of the case; tumour and normal are called NAME_T and NAME_N."),
    )
    purity: float = field(
        default=0.6,
        metadata=about("Fraction of cells that are tumour cells.", minimum=0.01, maximum=1),
    )
    ploidy: float = field(
        default=2.8,
        metadata=about("Mean copy number of the tumour genome.", minimum=1.4, maximum=5),
    )
    sex: Literal["female", "male"] = field(
        default="female", metadata=about("Sex, for the copies of chromosome X.")
    )
    doubled: bool = field(
        default=False,
        metadata=about("Whether the tumour's whole genome was copied once, with its events."),
    )
    exon_deletion: bool = field(
        default=False,
        metadata=about("Whether two exons of one gene are homozygously deleted."),
    )
    msi: bool = field(
        default=True, metadata=about("Whether the tumour is mismatch-repair deficient.")
    )
    unstable_fraction: float = field(
        default=0.5,
        metadata=about(
            "Share of microsatellites that shift when the tumour is deficient.",
            minimum=0,
            maximum=1,
        ),
    )
    snvs: int = field(
        default=80, metadata=about("Somatic substitutions in the targets.", minimum=0)
    )
    indels: int = field(
        default=15,
        metadata=about("Somatic indels in the targets, beside shifts of repeats.", minimum=0),
    )
    subclonal_fraction: float = field(
        default=0.25,
        metadata=about("Share of somatic variants that a subclone carries.", minimum=0, maximum=1),
    )
    subclone_ccf: float = field(
        default=0.4,
        metadata=about("Cancer cell fraction of the subclone.", minimum=0.01, maximum=1),
    )
    depth: float = field(
        default=100.0,
        metadata=about(
            "Mean depth of the tumour's targets, overlapping mates counted once.",
            unit="reads",
            minimum=1,
        ),
    )
    normal_depth: float = field(
        default=50.0,
        metadata=about("Mean depth of the normal's targets.", unit="reads", minimum=1),
    )
    genes: int = field(
        default=274, metadata=about("Genes of the panel, at most 274.", minimum=10, maximum=274)
    )
    coding_kb: float = field(
        default=600.0, metadata=about("Coding length of all genes.", unit="kb", minimum=5)
    )
    backbone_snps: int = field(
        default=820,
        metadata=about("Targets with one common SNP, spread over the genome.", minimum=0),
    )
    msi_targets: int = field(
        default=110, metadata=about("Targets with one microsatellite.", minimum=0)
    )
    read_length: int = field(
        default=100, metadata=about("Length of a read.", unit="bases", minimum=50, maximum=250)
    )
    fragment_length: float = field(
        default=180.0,
        metadata=about("Mean fragment length.", unit="bases", minimum=60, maximum=400),
    )
    fragment_sd: float = field(
        default=25.0,
        metadata=about("Spread of the fragment length.", unit="bases", minimum=0, maximum=100),
    )
    error_rate: float = field(
        default=0.001,
        metadata=about("Sequencing errors per base read.", minimum=0, maximum=0.1),
    )
    duplicate_rate: float = field(
        default=0.08,
        metadata=about("Duplicates per distinct fragment.", minimum=0, maximum=2),
    )
    low_mapq_rate: float = field(
        default=0.015,
        metadata=about("Share of fragments that map in more than one place.", minimum=0, maximum=1),
    )
    low_quality_rate: float = field(
        default=0.03,
        metadata=about("Share of reads whose tail has a low base quality.", minimum=0, maximum=1),
    )
    strand_artefacts: int = field(
        default=20, metadata=about("Sites with an allele on one strand only.", minimum=0)
    )
    ffpe_artefacts: int = field(
        default=25,
        metadata=about("Sites with C>T in one read orientation, as formalin makes.", minimum=0),
    )
    index: Literal["bai", "csi"] = field(
        default="bai", metadata=about("Kind of index beside the BAM files; csi is smaller.")
    )
    reads: bool = field(default=True, metadata=about("Whether BAM files are written."))

    @property
    def tumor_name(self) -> str:
        """Name of the tumour sample in BAM and VCF."""
        return f"{self.sample}_T"

    @property
    def normal_name(self) -> str:
        """Name of the normal sample in BAM and VCF."""
        return f"{self.sample}_N"
