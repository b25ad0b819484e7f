"""The model of a fit: spectra on this territory, prior odds, counts that a table may explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumorkit.core.mixture import Sets, search_sets
from tumorkit.errors import ParameterError, suggestion
from tumorkit.genome.build import GRCH38
from tumorkit.genome.contexts import genome_contexts
from tumorkit.genome.profiles import Profiles
from tumorkit.signatures.fit.params import FitParams
from tumorkit.signatures.processes import (
    BACKGROUND,
    BY_NAME,
    PROCESSES,
    RARE,
    TUMOR_TYPES,
    Process,
    canonical,
    natural,
    partners_in,
)

Values = NDArray[np.float64]
# Of few signatures none is likelier than this beforehand.
MOST_PRIOR = 0.3
# Substitutions that no process of a table made: as many in every class, or as many at every base of
# the genome. Without them the flattest signature, SBS3, takes up whatever fits nothing.
BY_CLASS, BY_BASE = "even_by_class", "even_by_base"
NOISE = (BY_CLASS, BY_BASE)


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """A process that the table knows: which signatures are its own, and which one is asked.

    ``prior`` is the probability of any of them before counts are seen.
    """

    process: Process
    inside: NDArray[np.bool_]
    members: tuple[str, ...]
    asked: int
    prior: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """Signatures in natural order, their spectra as mutations would lie in this territory, priors.

    ``table`` is signatures x channels with rows of sum 1; ``prior`` the probability of each
    signature before counts are seen, ``bonds`` what two partners add to the log odds.
    """

    names: tuple[str, ...]
    table: Values
    prior: Values
    bonds: Values
    groups: tuple[Group, ...]
    params: FitParams

    def odds(self) -> Values:
        """Return the logarithms of the prior odds."""
        found: Values = np.log(self.prior) - np.log1p(-self.prior)
        return found

    def tempered(self, counts: Values) -> Values:
        """Return counts as far as they can be trusted, the table being only nearly right."""
        total = counts.sum(axis=1, keepdims=True)
        trusted: Values = counts / (1 + total * self.params.mismatch)
        return trusted

    def explain(self, counts: Values) -> Sets:
        """Return the posterior over sets of signatures for catalogues (samples x channels)."""
        return search_sets(
            self.tempered(counts),
            self.table,
            self.odds(),
            self.bonds,
            alpha=self.params.concentration,
        )


def make_model(
    signatures: Profiles,
    *,
    opportunities: Values | None = None,
    priors: Mapping[str, float] | None = None,
    params: FitParams,
) -> Model:
    """Return the model of a table of signatures on a territory.

    ``opportunities`` says of each channel how common its context is in the territory, relative to
    what the table was made on. ``priors`` replaces the prior probability of single signatures.
    Raises :class:`ParameterError` for a signature without any mutation and for an unknown name.
    """
    names = tuple(sorted(signatures.names, key=natural))
    taken = sorted(set(names) & set(NOISE))
    if taken:
        raise ParameterError(
            f"{', '.join(taken)}: this name stands for noise; rename the signature"
        )
    spectra = signatures.chosen(names).values
    empty = [name for name, row in zip(names, spectra, strict=True) if not row.sum()]
    if empty:
        raise ParameterError(f"signatures without any mutation: {', '.join(empty)}")
    table = spectra / spectra.sum(axis=1, keepdims=True)
    factor = np.ones(table.shape[1]) if opportunities is None else opportunities
    table = (1 - params.leak) * table + params.leak / table.shape[1]
    if signatures.kind == "SBS96":
        names, table = (*names, *NOISE), np.vstack([table, even(signatures.channels, factor)])
    table = table * np.maximum(factor, 1e-9 * factor.max())
    table /= table.sum(axis=1, keepdims=True)
    bonds = np.zeros((len(names), len(names)))
    for one, two in partners_in(names):
        bonds[one, two] = bonds[two, one] = np.log(params.partner_weight)
    prior = prior_of(names, priors or {}, params)
    return Model(
        names=names, table=table, prior=prior, bonds=bonds, groups=groups_of(names, prior),
        params=params,
    )  # fmt: skip


def even(channels: tuple[str, ...], factor: Values) -> Values:
    """Return the spectra of noise in the genome: even on the territory's classes, even by base."""
    counts = genome_contexts(GRCH38) or {}
    by_base = np.array([counts[name[0] + name[2] + name[6]] for name in channels], dtype=np.float64)
    by_class = 1 / np.maximum(factor, 1e-9 * factor.max())
    return np.stack([by_class / by_class.sum(), by_base / by_base.sum()])


def groups_of(names: tuple[str, ...], prior: Values) -> tuple[Group, ...]:
    """Return the processes that have a signature in the table."""
    known = [canonical(name) for name in names]
    groups = []
    for process in PROCESSES:
        listed = [member for member in process.members if member in known]
        if listed:
            inside = np.array([name in process.members for name in known], dtype=np.bool_)
            groups.append(
                Group(
                    process=process,
                    inside=inside,
                    members=tuple(n for n, one in zip(names, inside, strict=True) if one),
                    asked=known.index(listed[0]),
                    prior=float(1 - np.prod(1 - prior[inside])),
                )
            )
    return tuple(groups)


def prior_of(names: tuple[str, ...], given: Mapping[str, float], params: FitParams) -> Values:
    """Return the prior probability of each signature.

    The tumour type multiplies the odds of its processes; no signature is ever ruled out.
    """
    for name in given:
        if name not in names:
            raise ParameterError(
                f"prior of {name!r}: no such signature in the table", suggestion(name, names)
            )
    favoured = {
        member
        for process in TUMOR_TYPES.get(params.tumor_type, ())
        for member in BY_NAME[process].members
    }
    others = sum(canonical(name) not in BACKGROUND and name not in NOISE for name in names)
    each = min(params.expected / max(others, 1), MOST_PRIOR)
    prior = np.empty(len(names))
    for at, name in enumerate(names):
        known = canonical(name)
        value = each
        if known in BACKGROUND:
            value = params.background
        elif name in NOISE:
            value = params.noise
        elif known in BY_NAME["artefact"].members:
            value = each * params.artefact_weight
        elif known in RARE:
            value = each * params.rare_weight
        if known in favoured:
            odds = params.type_weight * value / (1 - value)
            value = odds / (1 + odds)
        prior[at] = given.get(name, value)
    if not ((prior > 0) & (prior < 1)).all():
        raise ParameterError("prior probabilities lie between 0 and 1, both excluded")
    return prior
