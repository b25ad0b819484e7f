"""What a fit of signatures says of a sample: processes first, names after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tumorkit.contract.estimate import Estimate
from tumorkit.contract.result import Result
from tumorkit.genome.table import Column, Table
from tumorkit.signatures.fit.params import FitParams

Call = Literal["present", "possible", "not_seen", "not_evaluable"]


@dataclass(frozen=True, kw_only=True)
class ProcessFit:
    """One process (mismatch repair, UV, ...): the probability that any of its signatures acts.

    ``share`` is the part of the sample's mutations that its signatures make together, with its
    interval; 0 is a value where the process is not seen. ``detectable_share`` is the share from
    which it would be found in four of five samples of this many mutations (``detectable_as`` names
    the signature that was asked), None where no share would be. ``evaluable`` is whether absence
    could be told: there are mutations enough and the detectable share is at most the limit.
    ``call`` is ``present`` (probability above one half and, for a process without a spectrum of
    its own, share above the detectable one), ``possible``, ``not_seen`` or ``not_evaluable``.
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
    role: Literal["", "background", "artefact"]
    bootstrap: float | None = None
    bootstrap_low: float | None = None
    bootstrap_high: float | None = None


@dataclass(frozen=True, kw_only=True)
class SampleFit:
    """One sample: what it has of processes and signatures, and what remains unexplained.

    ``unexplained`` is the share of mutations that lie elsewhere than any mixture of the table puts
    them, beyond chance; ``unexplained_p`` the probability of as much by chance; ``cosine`` and
    ``cosine_expected`` the likeness of counts and fit, and what chance would leave of it.
    ``rows`` are the signatures worth showing; the sum of their shares and ``others`` is 1.
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
    fitted: tuple[float, ...] = field(default=(), metadata={"document": False}, repr=False)


@dataclass(frozen=True, kw_only=True)
class FitResult(Result):
    """Processes and signatures of one sample or of many."""

    schema_name: ClassVar[str] = "signatures-fit"

    kind: Literal["SBS96", "DBS78", "ID83"]
    table: str
    table_signatures: int
    opportunities: str
    samples: tuple[SampleFit, ...]
    notes: tuple[str, ...]
    params: FitParams


EXPOSURES = Table(
    "signatures-exposures",
    (
        Column("sample", str),
        Column("signature", str),
        Column("process", str),
        Column("share", float),
        Column("low", float),
        Column("high", float),
        Column("mutations", float),
        Column("probability", float),
        Column("prior", float),
        Column("named", str),
    ),
)
