"""How often each base triplet and pair occurs in the human genome."""

from __future__ import annotations

from tumorkit.genome.build import Build
from tumorkit.genome.channels import reverse_complement

# Triplets by their middle's pyrimidine strand on chromosomes 1 to 22, X and Y of GRCh37 and GRCh38.
# Source: AlexandrovLab/SigProfilerMatrixGenerator 1.4.0, context counts (BSD-2).
BUILDS = ("GRCh37", "GRCh38")
TRIPLETS = {
    "ACA": (115_312_068, 118_871_421),
    "ACC": (66_474_106, 67_491_078),
    "ACG": (14_354_702, 15_195_784),
    "ACT": (91_989_079, 94_805_425),
    "CCA": (105_433_661, 107_505_509),
    "CCC": (75_138_553, 76_081_689),
    "CCG": (15_766_996, 16_220_793),
    "CCT": (101_512_759, 103_481_956),
    "GCA": (82_331_220, 84_556_497),
    "GCC": (68_006_205, 68_884_150),
    "GCG": (13_594_329, 14_071_852),
    "GCT": (79_925_378, 81_666_888),
    "TCA": (111_989_314, 115_460_191),
    "TCC": (88_233_103, 90_832_997),
    "TCG": (12_609_024, 13_201_294),
    "TCT": (126_441_007, 130_912_528),
    "ATA": (117_890_814, 120_430_661),
    "ATC": (76_325_768, 78_557_232),
    "ATG": (105_004_239, 107_320_485),
    "ATT": (142_559_358, 145_782_642),
    "CTA": (73_733_692, 75_563_808),
    "CTC": (96_214_011, 98_914_308),
    "CTG": (115_825_994, 118_701_658),
    "CTT": (114_094_504, 117_687_160),
    "GTA": (64_865_514, 66_093_410),
    "GTC": (53_994_147, 55_137_823),
    "GTG": (85_912_712, 88_476_038),
    "GTT": (83_357_582, 86_656_416),
    "TTA": (118_949_348, 120_432_966),
    "TTC": (112_738_521, 117_797_656),
    "TTG": (108_323_325, 111_895_448),
    "TTT": (219_755_744, 226_168_847),
}


def folded(context: str) -> str:
    """Return a triplet or pair on the strand by which it is counted.

    >>> folded("TT"), folded("AGA"), folded("ACG")
    ('AA', 'TCT', 'ACG')
    """
    other = reverse_complement(context)
    if len(context) == 2:
        return min(context, other)
    return context if context[1] in "CT" else other


def genome_contexts(build: Build) -> dict[str, int] | None:
    """Return the counts of triplets and pairs of a build, None where nobody has counted them.

    Pairs are the halves of triplets: each begins one triplet and ends another, on one strand or
    the other.

    >>> from tumorkit.genome.build import build_named
    >>> found = genome_contexts(build_named("GRCh38")) or {}
    >>> len(found), found["ACG"] < found["ACA"], found["CG"] < found["CA"]
    (42, True, True)
    """
    if build.name not in BUILDS:
        return None
    at = BUILDS.index(build.name)
    found = {name: counts[at] for name, counts in TRIPLETS.items()}
    halves: dict[str, int] = {}
    for name, count in found.items():
        for pair in (name[:2], name[1:]):
            halves[folded(pair)] = halves.get(folded(pair), 0) + count
    return found | {pair: count // 2 for pair, count in sorted(halves.items())}
