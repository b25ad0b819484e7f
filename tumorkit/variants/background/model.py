"""The background that normals leave: how probable is it that so many reads are errors?

:class:`Background` answers for arrays of alleles. It opens no file: rows come from the function it
is given (:func:`tumorkit.variants.background.run.open_background` joins the two).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.beta_binomial import Floats, log_beta_binomial, mixture_tails, quantile_counts
from tumorkit.core.error_rates import (
    VAGUE,
    RatePrior,
    grid_likelihood,
    log_prior,
    posterior,
    standard_grid,
)
from tumorkit.errors import ParameterError
from tumorkit.genome.site import Site, shortest
from tumorkit.variants.background.contexts import (
    SUBSTITUTION,
    SUBSTITUTION_NAMES,
    base_codes,
    indel_kind,
    substitution_kinds,
)

Integers = NDArray[np.int64]
# Contig and sorted 1-based positions in; fields of the rows out.
Lookup = Callable[[str, Sequence[int]], Iterable[list[str]]]
# Contig, start, end (0-based half-open) in; bases out.
Fetch = Callable[[str, int, int], str]

BLOCK = 2_000
NOT_COVERED = "no normal of the background covers the site"
NOT_COUNTABLE = "the allele is symbolic or complex: the background does not know it"
ALL_CARRY = "every normal that covers the site carries the allele"
NO_COUNTS = "depth or alternative reads are not known"
COLUMNS = (
    "contig",
    "pos",
    "ref",
    "alt",
    "context",
    "normals",
    "germline",
    "depth",
    "alt_depth",
    "rate",
    "depths",
    "alt_depths",
)
FOLLOWING = 40


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the normals say of alleles: reads by allele and normal, and the kind of error.

    ``n`` is 0 for a normal that does not cover the site or carries the allele; ``germline`` counts
    the latter. ``reasons`` says why nothing is known, empty where something is.
    """

    k: Integers
    n: Integers
    kinds: tuple[str, ...]
    germline: Integers
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Background:
    """Errors of a panel of normals, by allele.

    ``priors`` holds one prior by kind of error; ``material`` and ``reads`` are those of the
    panel (``unknown`` where nobody said).
    """

    normals: int
    priors: dict[str, RatePrior]
    lookup: Lookup = field(repr=False)
    germline_vaf: float = 0.1
    min_germline_reads: int = 3
    material: str = "unknown"
    reads: str = "unknown"
    min_mapping_quality: int = 20
    min_base_quality: int = 20
    fetch: Fetch | None = field(default=None, repr=False)

    def p_value(
        self,
        contig: Sequence[str],
        pos: Sequence[int],
        ref: Sequence[str],
        alt: Sequence[str],
        alt_depth: Sequence[int | None] | Integers,
        depth: Sequence[int | None] | Integers,
    ) -> Floats:
        """Return P(K >= alt_depth | depth) of every allele if all its reads were errors.

        ``pos`` is 1-based; alleles as in VCF, in any order, those of sorted input in one pass over
        the file. NaN is unknown: no normal covers the site, all carry the allele, the allele is
        symbolic or complex, or its counts are None or negative. Of several bases for as many
        (MNV) the errors of the rarest single change are taken: all of them together are
        no more frequent than that.
        """
        return self.tails(self.evidence(contig, pos, ref, alt), alt_depth, depth)[0]

    def tails(
        self,
        evidence: Evidence,
        alt_depth: Sequence[int | None] | Integers,
        depth: Sequence[int | None] | Integers,
    ) -> tuple[Floats, Floats]:
        """Return P(K >= alt_depth) and P(K = alt_depth), NaN where nothing is known."""
        k, n = as_counts(alt_depth), as_counts(depth)
        known = (k >= 0) & (n >= k) & np.array([not reason for reason in evidence.reasons], bool)
        tail = np.full(len(k), np.nan)
        at = np.full(len(k), np.nan)
        grid = standard_grid()
        for rows in blocks(np.flatnonzero(known)):
            weights = self.weights(evidence, rows)
            tail[rows], at[rows] = mixture_tails(k[rows], n[rows], weights, grid.alpha, grid.beta)
        return tail, at

    def weights(self, evidence: Evidence, rows: NDArray[np.intp]) -> Floats:
        """Return the posterior weights over mean and rho of some alleles (rows, nodes)."""
        grid = standard_grid()
        kinds = [evidence.kinds[row] for row in rows]
        logs = {kind: log_prior(self.prior_of(kind), grid) for kind in dict.fromkeys(kinds)}
        prior = np.stack([logs[kind] for kind in kinds])
        return posterior(grid_likelihood(evidence.k[rows], evidence.n[rows], grid), prior)

    def prior_of(self, kind: str) -> RatePrior:
        """Return the prior of a kind of error.

        A kind that was not met takes that of fewer units, which is commoner, or what all of its
        sort share.
        """
        while kind not in self.priors and kind[-2:-1] == ":" and kind[-1] > "1":
            kind = f"{kind[:-1]}{int(kind[-1]) - 1}"
        sort = kind.partition(":")[0] if ":" in kind else SUBSTITUTION
        return self.priors.get(kind) or self.priors.get(sort) or VAGUE

    def detection(
        self,
        evidence: Evidence,
        depth: Sequence[int | None] | Integers,
        *,
        vaf: float,
        max_p: float,
        min_alt_depth: int,
    ) -> tuple[Integers, Floats]:
        """Return the least alternative reads that would convince, and the chance to see so many.

        The chance is for a variant at ``vaf`` over this depth: beta-binomial with the rho of the
        site, errors not counted in its favour. -1 and NaN where nothing is known.
        """
        n = as_counts(depth)
        known = (n > 0) & np.array([not reason for reason in evidence.reasons], bool)
        least = np.full(len(n), -1, dtype=np.int64)
        power = np.full(len(n), np.nan)
        grid = standard_grid()
        for rows in blocks(np.flatnonzero(known)):
            weights = self.weights(evidence, rows)
            found = quantile_counts(
                n[rows], weights, grid.alpha, grid.beta, alpha_level=max_p, least=min_alt_depth
            )
            least[rows] = found
            rho = np.exp(weights @ grid.log_rho)
            power[rows] = chance(found, n[rows], vaf, rho)
        return least, power

    def check_sample(self, material: str, reads: str) -> tuple[str, ...]:
        """Raise :class:`ParameterError` for a panel of other material or reads than a sample.

        Returns what to warn of where one of the two is not known.
        """
        notes = []
        for what, ours, theirs in (
            ("material", self.material, material),
            ("reads", self.reads, reads),
        ):
            if ours == theirs:
                continue
            verb = "are" if what == "reads" else "is"
            if "unknown" not in (ours, theirs):
                raise ParameterError(
                    f"the background's {what} {verb} {ours}, but the sample's {verb} {theirs}",
                    "errors differ between them; make a background of normals like the sample",
                )
            known = f"background: {ours}" if theirs == "unknown" else f"sample: {theirs}"
            notes.append(
                f"{what} of one side {verb} not known ({known}): p-values hold only if both "
                f"are alike; say it with --{what}"
            )
        return tuple(notes)

    def evidence(
        self, contig: Sequence[str], pos: Sequence[int], ref: Sequence[str], alt: Sequence[str]
    ) -> Evidence:
        """Return what the normals say of alleles (1-based ``pos``, as in VCF)."""
        sites = [shortest(c, p, r, a) for c, p, r, a in zip(contig, pos, ref, alt, strict=True)]
        wanted: dict[str, set[int]] = {}
        for site in sites:
            if site is not None:
                wanted.setdefault(site.contig, set()).update(places_of(site))
        rows: dict[tuple[str, int, str, str], list[str]] = {}
        depths: dict[tuple[str, int], list[str]] = {}
        for name, places in wanted.items():
            for fields in self.lookup(name, sorted(places)):
                at = int(fields[1])
                if fields[3] == ".":
                    depths[name, at] = fields
                else:
                    rows[name, at, fields[2], fields[3]] = fields
        size = len(sites)
        k = np.zeros((size, self.normals), dtype=np.int64)
        n = np.zeros((size, self.normals), dtype=np.int64)
        kinds, reasons = [], []
        germline = np.zeros(size, dtype=np.int64)
        for number, site in enumerate(sites):
            kind, reason = "", NOT_COUNTABLE
            if site is not None:
                kind, reason = self.fill(site, rows, depths, k[number], n[number])
            germline[number] = self.leave_out_carriers(k[number], n[number])
            if not reason and not n[number].any():
                reason = ALL_CARRY if germline[number] else NOT_COVERED
            kinds.append(kind)
            reasons.append(reason)
        return Evidence(k=k, n=n, kinds=tuple(kinds), germline=germline, reasons=tuple(reasons))

    def fill(
        self,
        site: Site,
        rows: dict[tuple[str, int, str, str], list[str]],
        depths: dict[tuple[str, int], list[str]],
        k: Integers,
        n: Integers,
    ) -> tuple[str, str]:
        """Fill in the counts of one allele; return its kind and why nothing is known, if so."""
        if site.kind == "mnv":
            return self.fill_rarest(site, rows, depths, k, n)
        pos = site.position + 1
        there = depths.get((site.contig, pos))
        if there is None:
            return "", NOT_COVERED
        row = rows.get((site.contig, pos, site.ref, site.alt))
        listed = row[10] if row is not None and row[10] else there[10]
        n[:] = np.array(listed.split(","), dtype=np.int64)
        if row is not None:
            for item in row[11].split(","):
                normal, _, count = item.partition(":")
                k[int(normal)] = int(count)
            return row[4], ""
        if site.kind == "snv":
            return substitution_name(there[4], site.alt), ""
        if self.fetch is None:
            return f"{site.kind}:", ""
        following = self.fetch(site.contig, pos, pos + FOLLOWING)
        return indel_kind(site.ref, site.alt, following), ""

    def fill_rarest(
        self,
        site: Site,
        rows: dict[tuple[str, int, str, str], list[str]],
        depths: dict[tuple[str, int], list[str]],
        k: Integers,
        n: Integers,
    ) -> tuple[str, str]:
        """Fill in the counts of the single change of an MNV that normals show least."""
        best: tuple[float, str] | None = None
        for offset, (ref, alt) in enumerate(zip(site.ref, site.alt, strict=True)):
            if ref == alt:
                continue
            part = Site(
                contig=site.contig,
                position=site.position + offset,
                ref=ref,
                alt=alt,
                kind="snv",
            )
            seen, over = np.zeros_like(k), np.zeros_like(n)
            kind, reason = self.fill(part, rows, depths, seen, over)
            if reason:
                return "", reason
            prior = self.prior_of(kind)
            self.leave_out_carriers(trial := seen.copy(), total := over.copy())
            rate = (trial.sum() + 1) / (total.sum() + np.exp(-prior.log_mean))
            if best is None or rate < best[0]:
                best = (float(rate), kind)
                k[:], n[:] = seen, over
        return (best[1], "") if best is not None else ("", NOT_COUNTABLE)

    def leave_out_carriers(self, k: Integers, n: Integers) -> int:
        """Set the counts of normals that carry the allele to 0; return how many there were."""
        carry = carriers(k, n, self.germline_vaf, self.min_germline_reads)
        k[carry] = n[carry] = 0
        return int(carry.sum())


def carriers(k: Integers, n: Integers, germline_vaf: float, min_reads: int) -> NDArray[np.bool_]:
    """Return which counts are those of a normal that carries the allele.

    >>> carriers(np.array([2, 40, 5]), np.array([4, 90, 900]), 0.1, 3).tolist()
    [False, True, False]
    """
    return np.asarray((k >= min_reads) & (k > germline_vaf * n))


def places_of(site: Site) -> range:
    """Return the 1-based positions that an allele is looked up at."""
    return range(
        site.position + 1, site.position + 1 + (len(site.ref) if site.kind == "mnv" else 1)
    )


def substitution_name(around: str, alt: str) -> str:
    """Return the kind of a substitution of the middle of three bases.

    >>> substitution_name("CGT", "A"), substitution_name("NGT", "A")
    ('A[C>T]G', 'substitution')
    """
    before, ref, after = (base_codes(base) for base in around)
    return SUBSTITUTION_NAMES[int(substitution_kinds(before, ref, after, base_codes(alt))[0])]


def as_counts(values: Sequence[int | None] | Integers) -> Integers:
    """Return counts as integers, -1 for unknown ones."""
    if isinstance(values, np.ndarray):
        return values.astype(np.int64)
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)


def blocks(rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Cut row numbers into blocks that bound memory."""
    return [rows[at : at + BLOCK] for at in range(0, len(rows), BLOCK)]


def chance(least: Integers, n: Integers, vaf: float, rho: Floats) -> Floats:
    """Return P(K >= least) of a variant at ``vaf``: beta-binomial with rho, of n reads."""
    alpha, beta = vaf * (1 / rho - 1), (1 - vaf) * (1 / rho - 1)
    power = np.ones(len(n))
    most = int(np.minimum(least, n + 1).max(initial=0))
    for j in range(most):
        below = (j < least) & (j <= n)
        power[below] -= np.exp(log_beta_binomial(j, n[below], alpha[below], beta[below]))
    return np.clip(np.where(least > n, 0.0, power), 0.0, 1.0)


def background_of(header: dict[str, Any], lookup: Lookup, fetch: Fetch | None = None) -> Background:
    """Return the background that a file's header describes."""
    params = header["params"]
    return Background(
        normals=len(header["normals"]),
        priors={
            kind: RatePrior(
                log_mean=row[0],
                log_mean_sd=row[1],
                log_rho=row[2],
                log_rho_sd=row[3],
                alleles=row[4],
            )
            for kind, row in header["priors"].items()
        },
        lookup=lookup,
        germline_vaf=params["germline_vaf"],
        min_germline_reads=params["min_germline_reads"],
        material=params["material"],
        reads=params["reads"],
        min_mapping_quality=params["min_mapping_quality"],
        min_base_quality=params["min_base_quality"],
        fetch=fetch,
    )
