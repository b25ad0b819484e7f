"""What a fit of signatures says of a sample: processes first, names after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, TableSchema
from tumorkit.signatures.fit.params import FitParams

Call = Literal["present", "possible", "not_seen", "not_evaluable"]


@dataclass(frozen=True, kw_only=True)
class ProcessFit:
    """One process (mismatch repair, UV, ...): the probability that any of its signatures acts.

    ``share`` is the part of the sample's mutations that its signatures make together, with its
    interval; 0 is a value where the process is not seen. ``detectable_share`` is the share from
    which it would be found in four of five samples of this many mutations (as the signature
    ``detectable_as``: the one by which it was found, else its most common one), None where no share
    would be. ``evaluable`` is whether absence
    could be told: there are mutations enough and the detectable share is at most the limit.
    ``call`` is ``present`` (probability above one half and share of at least ``min_share``; for a
    process that others imitate, or one found by a rare signature, share above the detectable one),
    ``possible`` (the counts raised its odds threefold), ``not_seen`` or ``not_evaluable``.
    """

    name: str
    title: str
    members: tuple[str, ...]
    share: Estimate
    probability: float | None
    prior: float | None
    detectable_share: float | None
    detectable_as: str
    evaluable: bool
    call: Call
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignatureFit:
    """One signature: probability that it acts, its share of the mutations, and the interval.

    ``prior`` is the probability before the sample was seen; ``support`` is how many times as
    likely the counts are with it as without it (log10 of the Bayes factor). ``named`` is whether
    it stands in the answer. ``bootstrap`` is the share of resampled catalogues that name it.
    """

    name: str
    process: str
    probability: float
    prior: float
    support: float
    share: float
    low: float
    high: float
    mutations: float
    named: bool
    role: Literal["", "background", "artefact", "noise"]
    bootstrap: float | None = None
    bootstrap_low: float | None = None
    bootstrap_high: float | None = None


@dataclass(frozen=True, kw_only=True)
class SampleFit:
    """One sample: what it has of processes and signatures, and what remains unexplained.

    ``unexplained`` is the share of mutations that lie elsewhere than any mixture of the table puts
    them, beyond chance; ``unexplained_p`` the probability of as much by chance; ``cosine`` and
    ``cosine_expected`` the likeness of counts and fit, and what chance would leave of it.
    ``signatures`` are those worth showing; the sum of their shares and ``others`` is 1. ``fitted``
    are the mutations that the fit expects in each channel.
    """

    sample: str
    mutations: float
    status: Literal["ok", "insufficient"]
    reason: str | None
    processes: tuple[ProcessFit, ...]
    signatures: tuple[SignatureFit, ...]
    others: float | None
    unexplained: Estimate
    unexplained_p: float | None
    cosine: float | None
    cosine_expected: float | None
    flags: tuple[str, ...] = ()
    fitted: tuple[float, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class FitResult(Result):
    """Processes and signatures of one sample or of many."""

    schema_name: ClassVar[str] = "signatures"

    kind: Literal["SBS96", "DBS78", "ID83"]
    table: str
    table_signatures: int
    opportunities: str
    samples: tuple[SampleFit, ...]
    notes: tuple[str, ...]
    params: FitParams


EXPOSURES = TableSchema(
    "signatures-exposures",
    "Signatures of samples: share of the mutations, its interval and the probability to be there.",
    (
        Column("sample", str, "Name of the sample.", optional=False),
        Column("signature", str, "Name in the table of signatures.", optional=False),
        Column("process", str, "The process behind it, where one is known."),
        Column("named", bool, "Whether it stands in the answer."),
        Column("probability", float, "Probability that it acts in this sample."),
        Column("prior", float, "The same before the sample was seen."),
        Column("share", float, "Share of the mutations."),
        Column("low", float, "Lower end of the interval of the share."),
        Column("high", float, "Upper end."),
        Column("mutations", float, "Mutations that it made."),
        Column("bootstrap", float, "Share of resampled catalogues that name it."),
    ),
)
