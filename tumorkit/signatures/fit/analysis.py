"""From catalogues and a table of signatures to processes, signatures and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.estimate import Estimate
from tumorkit.core.mixture import Sets
from tumorkit.errors import ParameterError
from tumorkit.genome.profiles import Profiles
from tumorkit.signatures.fit.detect import Detection
from tumorkit.signatures.fit.model import NOISE, Model, make_model
from tumorkit.signatures.fit.params import FitParams
from tumorkit.signatures.fit.posterior import Remainder, Shares, remainders, sample_shares
from tumorkit.signatures.fit.result import FitResult, ProcessFit, SampleFit, SignatureFit
from tumorkit.signatures.fit.words import CHANCE, flags_of, process_call
from tumorkit.signatures.processes import BACKGROUND, BY_NAME, RARE, canonical, process_of

Values = NDArray[np.float64]
# Signatures less probable than this, and never named, are summed up as others.
SHOWN = 0.05
UNIT = "share of mutations"
BLOCK = 500
ROUNDING = 1e-6


def fit_signatures(
    catalogues: Profiles,
    signatures: Profiles,
    *,
    opportunities: Values | None = None,
    priors: Mapping[str, float] | None = None,
    params: FitParams | None = None,
) -> FitResult:
    """Explain the mutations of each sample by signatures of a table.

    ``catalogues`` may hold fractions (variants weighted by their probability of being somatic).
    ``opportunities`` gives for each channel how common its context is in the territory relative to
    the genome; shares stay shares of the mutations counted. ``priors`` replaces the prior
    probability of single signatures. A sample's answer does not depend on other samples, nor on
    the order of rows and columns.
    """
    params = params or FitParams()
    if catalogues.kind != signatures.kind:
        raise ParameterError(
            f"the matrix holds {catalogues.kind}, the signatures are of {signatures.kind}",
            "give signatures and matrix of one kind",
        )
    model = make_model(signatures, opportunities=opportunities, priors=priors, params=params)
    detection = Detection(model)
    samples: list[SampleFit] = []
    for first in range(0, len(catalogues), BLOCK):
        samples += fit_block(
            catalogues.names[first : first + BLOCK],
            catalogues.values[first : first + BLOCK],
            model,
            detection,
        )
    return FitResult(
        sample=catalogues.names[0] if len(catalogues) == 1 else "",
        kind=catalogues.kind,
        table="",
        table_signatures=len(signatures),
        opportunities="those of the table" if opportunities is None else "of the territory",
        samples=tuple(samples),
        notes=notes_of(model, catalogues),
        params=params,
    )


def notes_of(model: Model, catalogues: Profiles) -> tuple[str, ...]:
    """Say what about the table limits the answer."""
    notes = []
    if not any(process_of(name) for name in model.names):
        notes.append(
            "no signature of the table belongs to a known process: equal priors, no groups"
        )
    if catalogues.kind == "SBS96" and not any(
        canonical(name) in BACKGROUND for name in model.names
    ):
        notes.append("the table has no clock-like signature (SBS1, SBS5)")
    return tuple(notes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """What was computed for many samples at once."""

    sets: Sets
    inclusion: Values
    means: Values
    groups: list[Values]
    left: Remainder
    fitted: Values
    bootstrap: list[Values | None]


def fit_block(
    names: tuple[str, ...], counts: Values, model: Model, detection: Detection
) -> list[SampleFit]:
    """Fit some samples."""
    params = model.params
    totals = counts.sum(axis=1)
    # Weights that add up to the limit may miss it by a rounding.
    enough = totals >= params.min_mutations - ROUNDING
    sets = model.explain(np.where(enough[:, None], counts, 0.0))
    means = sets.mean_shares()
    inclusion = sets.inclusion()
    fitted = np.where(enough[:, None], means @ model.table, 1 / counts.shape[1])
    members = [group.inside for group in model.groups]
    block = Block(
        sets=sets,
        inclusion=inclusion,
        means=means,
        groups=[sets.any_of(group) for group in members],
        left=remainders(counts, fitted),
        fitted=fitted,
        bootstrap=[
            bootstrap_of(row, model) if params.bootstraps and enough[at] else None
            for at, row in enumerate(counts)
        ],
    )
    drawn = sample_shares(sets, counts, model, members)
    fits = []
    for at, (name, shares) in enumerate(zip(names, drawn, strict=True)):
        if enough[at]:
            asked = asked_of(at, block, model)
            limits = detection.shares(float(totals[at]), asked)
            fits.append(
                sample_fit(name, at, float(totals[at]), block, shares, model, asked, limits)
            )
        else:
            fits.append(insufficient(name, float(totals[at]), model))
    return fits


def asked_of(at: int, block: Block, model: Model) -> list[int]:
    """Return for each process the signature whose detectable share is asked.

    That is the one by which the process is found in this sample, else its most common one.
    """
    asked = []
    for place, group in enumerate(model.groups):
        found = group.asked
        if block.groups[place][at] > 0.5:
            found = int(np.argmax(np.where(group.inside, block.means[at], -1.0)))
        asked.append(found)
    return asked


def bootstrap_of(counts: Values, model: Model) -> Values:
    """Return shares in resampled catalogues (resamples x signatures), 0 where not named."""
    rng = np.random.default_rng(model.params.seed)
    total = counts.sum()
    drawn = rng.multinomial(max(round(total), 1), counts / total, size=model.params.bootstraps)
    sets = model.explain(drawn.astype(np.float64))
    shares: Values = np.where(sets.inclusion() > 0.5, sets.mean_shares(), 0.0)
    return shares


def sample_fit(
    name: str,
    at: int,
    total: float,
    block: Block,
    shares: Shares,
    model: Model,
    asked: list[int],
    limits: Values,
) -> SampleFit:
    """Put together what is said of one sample."""
    rows = signature_rows(at, total, block, shares, model)
    processes = process_rows(at, total, block, shares, model, asked, limits)
    left = block.left
    excess = float(left.distance[at] - left.expected[at])
    reach = 1.959964 * float(left.spread[at])
    return SampleFit(
        sample=name,
        mutations=total,
        status="ok",
        reason=None,
        processes=processes,
        signatures=rows,
        others=max(1.0 - sum(row.share for row in rows), 0.0),
        unexplained=Estimate(
            value=max(excess, 0.0),
            unit=UNIT,
            low=max(excess - reach, 0.0),
            high=min(max(excess + reach, 0.0), 1.0),
            level=0.95,
            evidence={"distance": float(left.distance[at]), "by_chance": float(left.expected[at])},
        ),
        unexplained_p=float(left.p[at]),
        cosine=float(left.cosine[at]),
        cosine_expected=float(left.cosine_expected[at]),
        flags=flags_of(rows, float(left.p[at]), excess, model.params),
        fitted=tuple((total * block.fitted[at]).tolist()),
    )


def signature_rows(
    at: int, total: float, block: Block, shares: Shares, model: Model
) -> tuple[SignatureFit, ...]:
    """Return the signatures worth showing, the largest named share first."""
    rows = []
    resampled = block.bootstrap[at]
    for place, number in enumerate(shares.at.tolist()):
        probability = float(block.inclusion[at, number])
        if probability < SHOWN:
            continue
        prior = float(model.prior[number])
        name = model.names[number]
        share = float(block.means[at, number])
        bounded = min(max(probability, 1e-12), 1 - 1e-12)
        support = np.log10(bounded / (1 - bounded)) - np.log10(prior / (1 - prior))
        ends = (None, None, None)
        if resampled is not None:
            tail = (1 - model.params.level) / 2
            low, high = np.quantile(resampled[:, number], [tail, 1 - tail])
            ends = (float((resampled[:, number] > 0).mean()), float(low), float(high))  # type: ignore[assignment]
        known = canonical(name)
        rows.append(
            SignatureFit(
                name=name,
                process=process_of(name),
                probability=probability,
                prior=prior,
                support=float(support),
                share=share,
                low=float(shares.interval[place, 0]),
                high=float(shares.interval[place, 1]),
                mutations=share * total,
                named=probability > 0.5,
                role="background" if known in BACKGROUND
                else "artefact" if known in BY_NAME["artefact"].members
                else "noise" if name in NOISE else "",
                bootstrap=ends[0],
                bootstrap_low=ends[1],
                bootstrap_high=ends[2],
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (not row.named, -row.share, row.name)))


def process_rows(
    at: int,
    total: float,
    block: Block,
    shares: Shares,
    model: Model,
    asked: list[int],
    limits: Values,
) -> tuple[ProcessFit, ...]:
    """Return what is said of each process, those that the table does not know included."""
    found = []
    left = block.left
    excess = max(float(left.distance[at] - left.expected[at]), 0.0)
    beyond = excess if left.p[at] < CHANCE else 0.0
    for place, group in enumerate(model.groups):
        limit = float(limits[place])
        probability = float(block.groups[place][at])
        share = float(block.means[at, group.inside].sum())
        low, high = shares.group_interval[place].tolist()
        name = model.names[asked[place]]
        call, reason = process_call(
            group.process,
            probability,
            group.prior,
            share,
            limit,
            model.params,
            rare=canonical(name) in RARE,
            unexplained=beyond,
        )
        found.append(
            ProcessFit(
                name=group.process.name,
                title=group.process.title,
                members=group.members,
                share=Estimate(
                    value=share, unit=UNIT, low=min(low, share), high=max(high, share),
                    level=model.params.level, evidence={"mutations": total},
                ),
                probability=probability,
                prior=group.prior,
                detectable_share=limit if limit <= 1 else None,
                detectable_as=name,
                evaluable=limit <= model.params.max_detectable,
                call=call,
                reason=reason,
            )
        )  # fmt: skip
    return tuple(found)


def insufficient(name: str, total: float, model: Model) -> SampleFit:
    """Say that a sample has too few mutations."""
    least = model.params.min_mutations
    reason = f"{total:g} mutations, {least:g} are needed"
    return SampleFit(
        sample=name,
        mutations=total,
        status="insufficient",
        reason=reason,
        processes=tuple(
            ProcessFit(
                name=group.process.name,
                title=group.process.title,
                members=group.members,
                share=Estimate.not_evaluable(reason, unit=UNIT),
                probability=None,
                prior=None,
                detectable_share=None,
                detectable_as=model.names[group.asked],
                evaluable=False,
                call="not_evaluable",
                reason=reason,
            )
            for group in model.groups
        ),
        signatures=(),
        others=None,
        unexplained=Estimate.not_evaluable(reason, unit=UNIT),
        unexplained_p=None,
        cosine=None,
        cosine_expected=None,
    )
