"""Assays: the presets of filter, TMB, MSI and copy number that belong together."""

from __future__ import annotations

from dataclasses import dataclass, field

from tumorkit.copynumber.call import CallParams
from tumorkit.copynumber.segment import SegmentParams
from tumorkit.msi.score.params import MsiPreset


@dataclass(frozen=True, kw_only=True)
class Assay:
    """The presets of one assay, each with the reason for its choice."""

    name: str
    filter_tumor_only: str
    filter_paired: str
    tmb: tuple[str, ...]
    material: str
    library: str
    why: str
    # Cut-offs of MSI: published ones hold for msisensor-pro's score on one panel and its loci
    # (tumorkit.msi.score.peers); an assay without them has our own, not clinically validated.
    # ``msi_loci`` is for a BED of chosen loci, ``msi`` for a whole list.
    msi: MsiPreset = "tumorkit"
    msi_loci: MsiPreset = "tumorkit"
    segment: SegmentParams = field(default_factory=SegmentParams)
    call: CallParams = field(default_factory=CallParams)


ASSAYS = {
    assay.name: assay
    for assay in (
        Assay(
            name="gms560-ffpe",
            filter_tumor_only="twist-solid",
            filter_paired="twist-solid",
            tmb=("twist-gms560",),
            material="ffpe",
            library="capture",
            why="GMS560 solid panel on FFPE: the rules of genomic-medicine-sweden/Twist_Solid",
            msi="gms560-unfiltered",
            msi_loci="gms560-filtered",
        ),
        Assay(
            name="gms560-ctdna",
            filter_tumor_only="twist-ctdna-umi",
            filter_paired="twist-ctdna-umi",
            tmb=("twist-gms560-ctdna",),
            material="cfdna",
            library="umi-consensus",
            why="GMS560 on cell-free DNA: the UMI rules of genomic-medicine-sweden/Twist_Solid",
            # A tumour fraction of a tenth moves one copy by .07 log2 only; the limits are those of
            # the copy-number report of Clinical-Genomics/BALSAMIC.
            call=CallParams(loss_log2=-0.07, gain_log2=0.07),
        ),
        Assay(
            name="tso500",
            filter_tumor_only="caller-pass",
            filter_paired="caller-pass",
            tmb=("tso500",),
            material="ffpe",
            library="umi-consensus",
            why="TSO500: the caller's own filters hold, TMB as the vendor describes it",
        ),
        Assay(
            name="wes",
            filter_tumor_only="tumor-only-strict",
            filter_paired="caller-pass",
            tmb=("pytmb-wes",),
            material="frozen",
            library="capture",
            why="exome: the caller's own filters with a normal, strict population rules without",
        ),
        Assay(
            name="wgs",
            filter_tumor_only="balsamic-wgs-tumor-only",
            filter_paired="balsamic-wgs-paired",
            tmb=("pcgr-coding",),
            material="frozen",
            library="wgs",
            why="genome: the rules of Clinical-Genomics/BALSAMIC",
        ),
    )
}
ASSAY_NAMES = tuple(ASSAYS)

# Without an assay nothing is assumed of panel or material: the caller's own filters hold, and a
# TMB scheme has to be named.
NO_ASSAY = Assay(
    name="",
    filter_tumor_only="caller-pass",
    filter_paired="caller-pass",
    tmb=(),
    material="",
    library="",
    why="no assay named",
)


def assay_named(name: str) -> Assay:
    """Return an assay, or the one that assumes nothing."""
    return ASSAYS.get(name, NO_ASSAY)
