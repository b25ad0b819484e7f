"""An MSI score with its interval, its sites and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tumorkit.contract.estimate import Estimate, Status
from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.msi.score.params import MsiParams

Call = Literal["unstable", "stable", "undetermined"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCall:
    """One microsatellite; ``location`` is 0-based as in the lists.

    ``probability`` that it is unstable given the whole sample, ``q`` the share of false ones among
    the sites at least as likely. ``log_likelihood_ratio`` compares shifted with stable,
    ``fraction`` and ``shift`` tell the likeliest shift. ``stutter`` is the rate expected here.
    ``pro`` and ``difference`` are msisensor-pro's quantities, ``threshold`` its limit.
    """

    contig: str
    location: int
    unit: str
    repeats: int
    depth: int
    normal_depth: int | None = None
    status: Status = "ok"
    reason: str | None = None
    call: Call | None = None
    probability: float | None = None
    q: float | None = None
    log_likelihood_ratio: float | None = None
    fraction: float | None = None
    shift: float | None = None
    stutter: float | None = None
    pro: float | None = None
    threshold: float | None = None
    difference: float | None = None
    lengths: str = ""
    normal_lengths: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LengthRow:
    """Fragments of one length: the tumour's, the normal's, and the share that stutter expects."""

    units: int
    tumor: int
    normal: int | None
    stutter: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownSite:
    """One of the sites most likely to be unstable, with its lengths; else as :class:`SiteCall`."""

    contig: str
    location: int
    unit: str
    repeats: int
    depth: int
    normal_depth: int | None
    call: Call | None
    probability: float | None
    fraction: float | None
    shift: float | None
    lengths: tuple[LengthRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedSites:
    """Judged sites whose mean length moved by ``low`` to ``high`` units; None is an open end."""

    low: float | None
    high: float | None
    stable: int
    undetermined: int
    unstable: int


@dataclass(frozen=True, kw_only=True)
class PeerScore:
    """A score by msisensor-pro's formula: ``unstable`` of ``sites``, in percent."""

    name: str
    sites: int
    unstable: int
    score: Estimate


@dataclass(frozen=True, kw_only=True)
class MsiResult(Result):
    """Share of unstable microsatellites.

    ``lost_reads`` are alignments at listed sites that did not vote, by reason; ``lost_sites`` the
    listed sites that were not judged. ``detectable_fraction`` is the smallest share of shifted
    reads that a site of middling depth and length would show, ``detectable_purity`` the purity at
    which one of two alleles shows as much, None above 1. ``clearest`` are the sites most
    likely to be unstable, ``moved`` counts all judged ones by how far their mean length lies from
    the normal's, without one from the reference's.
    """

    schema_name: ClassVar[str] = "msi"
    main: ClassVar[str] = "msi"

    msi: Estimate
    paired: bool = False
    listed: int = 0
    usable: int = 0
    unstable: int = 0
    undetermined: int = 0
    votes: int = 0
    normal_votes: int | None = None
    lost_reads: Mapping[str, int] = field(default_factory=dict)
    normal_lost_reads: Mapping[str, int] | None = None
    lost_sites: Mapping[str, int] = field(default_factory=dict)
    median_depth: float | None = None
    normal_median_depth: float | None = None
    detectable_fraction: float | None = None
    detectable_purity: float | None = None
    stutter_offsets: Mapping[str, float] = field(default_factory=dict)
    stutter_spread: float | None = None
    heterozygous: float | None = None
    peers: tuple[PeerScore, ...] = ()
    clearest: tuple[ShownSite, ...] = ()
    moved: tuple[MovedSites, ...] = ()
    notes: tuple[str, ...] = ()
    sites: tuple[SiteCall, ...] = field(default=(), metadata={"document": False})
    params: MsiParams = field(default_factory=MsiParams)


SITES = TableSchema(
    "msi-sites",
    "Microsatellites: lengths, and whether they are unstable.",
    (
        Column("contig", str, "Contig, as in the list.", optional=False),
        Column("location", int, "Start of the tract, 0-based.", optional=False),
        Column("unit", str, "Repeated unit.", optional=False),
        Column("repeats", int, "Units in the reference.", optional=False),
        Column("depth", int, "Fragments that tell the tumour's length.", optional=False),
        Column("normal_depth", int, "Fragments that tell the normal's length."),
        Column("status", str, "ok or not_evaluable.", optional=False),
        Column("reason", str, "Why a site was not judged."),
        Column("call", str, "unstable, stable or undetermined."),
        Column("probability", float, "Probability that the site is unstable."),
        Column("q", float, "Share of false ones among sites at least as likely."),
        Column("log_likelihood_ratio", float, "Shifted against stable, natural logarithm."),
        Column("fraction", float, "Share of reads that shifted, if it is unstable."),
        Column("shift", float, "Units gained or lost by them, on average."),
        Column("stutter", float, "Expected share of reads with a wrong length."),
        Column("pro", float, "msisensor-pro's p: units lost over units seen."),
        Column("threshold", float, "msisensor-pro's limit for it."),
        Column("difference", float, "msisensor-pro's difference of tumour and normal."),
        Column("lengths", str, "Tumour's fragments by units, as units:fragments."),
        Column("normal_lengths", str, "Normal's fragments by units."),
    ),
)
