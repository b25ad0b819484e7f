"""P-values of arrays of alleles: those of each allele alone, careful, and unknown where unknown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumorkit.core.beta_binomial import log_beta_binomial
from tumorkit.core.error_rates import RatePrior, log_prior, standard_grid
from tumorkit.errors import ParameterError
from tumorkit.variants.background import Background
from tumorkit.variants.background.model import ALL_CARRY, NOT_COUNTABLE, NOT_COVERED

PRIOR = RatePrior(log_mean=-8.0, log_mean_sd=1.0, log_rho=-7.0, log_rho_sd=0.7)
SLIP = RatePrior(log_mean=-5.0, log_mean_sd=1.0, log_rho=-6.0, log_rho_sd=0.7)
RARE = RatePrior(log_mean=-11.0, log_mean_sd=0.5, log_rho=-7.0, log_rho_sd=0.7)
PRIORS = {
    "substitution": PRIOR,
    "insertion": RARE,
    "deletion": RARE,
    "deletion:A:x8:1": SLIP,
}
DEPTHS = [1000, 900, 0, 1100]


def row(pos: int, ref: str, alt: str, context: str, depths: str, seen: str) -> list[str]:
    return ["chr1", str(pos), ref, alt, context, "", "", "", "", "", depths, seen]


LISTED = ",".join(map(str, DEPTHS))
ROWS = [
    row(100, "C", ".", "ACG", LISTED, ""),
    row(100, "C", "T", "A[C>T]G", "", "0:9,1:7,3:12"),
    row(101, "G", ".", "CGA", LISTED, ""),
    row(101, "G", "A", "A[C>T]G", "", "0:480"),
    row(102, "A", ".", "GAA", "0,0,0,0", ""),
    row(103, "T", ".", "ATC", "50,0,0,0", ""),
    row(103, "T", "C", "A[T>C]C", "", "0:25"),
    row(104, "C", ".", "TCA", LISTED, ""),
    row(104, "C", "CA", "insertion:A:x8:1", "990,890,0,1090", "1:3"),
]


def lookup(contig: str, positions: Sequence[int]) -> Iterator[list[str]]:
    wanted = set(positions)
    return (fields for fields in ROWS if contig == "chr1" and int(fields[1]) in wanted)


def fetch(_contig: str, start: int, end: int) -> str:
    return ("G" * 104 + "A" * 8 + "G" * 50)[start:end]


PANEL = Background(normals=4, priors=PRIORS, lookup=lookup, fetch=fetch)
ALLELES = [
    ("chr1", 100, "C", "T"),
    ("chr1", 100, "C", "G"),
    ("chr1", 101, "G", "A"),
    ("chr1", 101, "G", "T"),
    ("chr1", 104, "C", "CA"),
    ("chr1", 104, "CA", "C"),
    ("chr1", 100, "CG", "TA"),
]


def p_of(alleles: list[tuple[str, int, str, str]], k: list[int], n: list[int]) -> list[float]:
    contig, pos, ref, alt = (list(column) for column in zip(*alleles, strict=True))
    found: list[float] = PANEL.p_value(contig, pos, ref, alt, k, n).tolist()
    return found


def by_hand(k: list[int], n: list[int], prior: RatePrior, alt: int, depth: int) -> float:
    """The predictive tail with one loop over nodes and one over counts."""
    grid = standard_grid()
    logs = log_prior(prior, grid)
    parts = []
    for node in range(len(grid)):
        a, b = grid.alpha[node], grid.beta[node]
        likelihood = sum(float(log_beta_binomial(s, o, a, b)) for s, o in zip(k, n, strict=True))
        tail = 1 - sum(math.exp(log_beta_binomial(j, depth, a, b)) for j in range(alt))
        parts.append((logs[node] + likelihood, tail))
    highest = max(log for log, _ in parts)
    total = sum(math.exp(log - highest) for log, _ in parts)
    return sum(math.exp(log - highest) * tail for log, tail in parts) / total


@pytest.mark.parametrize(
    ("allele", "k", "n", "prior"),
    [
        (ALLELES[0], [9, 7, 0, 12], DEPTHS, PRIOR),
        (ALLELES[1], [0, 0, 0, 0], DEPTHS, PRIOR),
        # The first normal carries it.
        (ALLELES[2], [0, 0, 0, 0], [0, 900, 0, 1100], PRIOR),
        (ALLELES[4], [0, 3, 0, 0], [990, 890, 0, 1090], RARE),
        (ALLELES[5], [0, 0, 0, 0], DEPTHS, SLIP),
    ],
)
def test_vectors_are_the_slow_sum(
    allele: tuple[str, int, str, str], k: list[int], n: list[int], prior: RatePrior
) -> None:
    for alt, depth in ((0, 500), (2, 500), (7, 800)):
        expected = by_hand(k, n, prior, alt, depth)
        assert p_of([allele], [alt], [depth])[0] == pytest.approx(expected, rel=1e-6)


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(len(ALLELES))), st.integers(0, 30), st.integers(30, 900))
def test_order_and_company_change_nothing(order: list[int], alt: int, depth: int) -> None:
    together = p_of([ALLELES[k] for k in order], [alt] * len(order), [depth] * len(order))
    for number, k in enumerate(order):
        assert together[number] == pytest.approx(p_of([ALLELES[k]], [alt], [depth])[0], rel=1e-9)


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(ALLELES), st.integers(1, 400))
def test_more_reads_are_never_less_convincing(
    allele: tuple[str, int, str, str], depth: int
) -> None:
    counts = list(range(0, depth + 1, max(1, depth // 12)))
    p = np.array(p_of([allele] * len(counts), counts, [depth] * len(counts)))
    assert p[0] == 1.0
    assert (np.diff(p) <= 1e-12).all()
    assert ((p >= 0) & (p <= 1)).all()


def test_what_nobody_knows_is_unknown() -> None:
    unknown = [
        ("chr1", 102, "A", "T"),
        ("chr1", 103, "T", "C"),
        ("chr1", 500, "A", "T"),
        ("chr9", 100, "C", "T"),
        ("chr1", 100, "C", "<DEL>"),
        ("chr1", 100, "CG", "TTT"),
    ]
    contig, pos, ref, alt = (list(column) for column in zip(*unknown, strict=True))
    evidence = PANEL.evidence(contig, pos, ref, alt)
    assert evidence.reasons == (
        NOT_COVERED,
        ALL_CARRY,
        NOT_COVERED,
        NOT_COVERED,
        NOT_COUNTABLE,
        NOT_COUNTABLE,
    )
    assert all(math.isnan(p) for p in p_of(unknown, [5] * 6, [100] * 6))
    counts: list[int | None] = [None, 5, 7]
    p = PANEL.p_value(["chr1"] * 3, [100] * 3, ["C"] * 3, ["T"] * 3, counts, [10, None, 5])
    assert np.isnan(p).all()


def test_a_change_of_two_bases_is_as_rare_as_the_rarer() -> None:
    both, common, rare = p_of([ALLELES[6], ALLELES[0], ALLELES[2]], [4] * 3, [700] * 3)
    assert both == pytest.approx(min(common, rare))


def test_without_a_reference_a_repeat_is_judged_by_what_all_share() -> None:
    bare = Background(normals=4, priors=PRIORS, lookup=lookup)
    evidence = bare.evidence(["chr1"], [104], ["CA"], ["C"])
    assert bare.prior_of(evidence.kinds[0]) is RARE
    assert PANEL.prior_of("deletion:A:x8:3") is SLIP
    assert PANEL.prior_of("A[C>T]G") is PRIOR


def test_detection_needs_depth() -> None:
    contig, pos, ref, alt = (list(column) for column in zip(*[ALLELES[1]] * 3, strict=True))
    evidence = PANEL.evidence(contig, pos, ref, alt)
    least, power = PANEL.detection(evidence, [50, 500, 5000], vaf=0.05, max_p=1e-4, min_alt_depth=2)
    assert (np.diff(least) >= 0).all()
    assert (np.diff(power) > 0).all()
    assert power[0] < 0.5
    assert power[2] > 0.95
    for needed, depth in zip(least.tolist(), [50, 500, 5000], strict=True):
        assert p_of([ALLELES[1]], [needed], [depth])[0] <= 1e-4
        if needed > 2:
            assert p_of([ALLELES[1]], [needed - 1], [depth])[0] > 1e-4


def test_another_material_is_refused_and_an_unknown_one_said() -> None:
    panel = Background(normals=4, priors=PRIORS, lookup=lookup, material="ffpe")
    assert panel.check_sample("ffpe", "unknown") == ()
    with pytest.raises(ParameterError, match="material is ffpe, but the sample's is blood"):
        panel.check_sample("blood", "unknown")
    assert "say it with --material" in panel.check_sample("unknown", "unknown")[0]


def test_other_reads_are_refused() -> None:
    panel = Background(normals=4, priors=PRIORS, lookup=lookup, reads="raw")
    with pytest.raises(ParameterError, match="reads are raw, but the sample's are consensus"):
        panel.check_sample("unknown", "consensus")
    assert "reads of one side are not known" in panel.check_sample("unknown", "unknown")[0]
