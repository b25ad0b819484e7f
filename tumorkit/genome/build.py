"""Reference builds: lengths, centromeres, pseudo-autosomal regions, and how to recognise them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tumorkit.errors import ParameterError, suggestion
from tumorkit.genome import build_tables as tables
from tumorkit.genome.contigs import standard


@dataclass(frozen=True)
class Build:
    """A reference build; contigs carry their UCSC names."""

    name: str
    lengths: Mapping[str, int]
    centromeres: Mapping[str, tuple[int, int]]
    pseudo_autosomal: Mapping[str, tuple[tuple[int, int], ...]]

    def length(self, contig: str) -> int | None:
        """Return a contig's length in bases, None if the build does not have it."""
        return self.lengths.get(standard(contig))

    def arm(self, contig: str, start: int, end: int) -> str:
        """Return ``p`` or ``q`` by the middle of an interval, empty where there is no centromere.

        >>> GRCH38.arm("chr1", 1_000_000, 1_000_100), GRCH38.arm("1", 200_000_000, 200_000_100)
        ('p', 'q')
        """
        centromere = self.centromeres.get(standard(contig))
        if centromere is None:
            return ""
        return "p" if (start + end) // 2 < (centromere[0] + centromere[1]) // 2 else "q"

    def normal_copies(self, contig: str, pos: int, sex: str) -> int:
        """Return how many copies a normal cell has at a 0-based position: 2, 1 or 0.

        ``sex`` is ``male`` or ``female``; anything else counts X and Y as in a female.
        """
        name = standard(contig)
        if name not in ("chrX", "chrY"):
            return 2
        if any(start <= pos < end for start, end in self.pseudo_autosomal.get(name, ())):
            return 2
        if sex == "male":
            return 1
        return 2 if name == "chrX" else 0


GRCH37 = Build("GRCh37", tables.GRCH37_LENGTHS, tables.GRCH37_CENTROMERES, tables.GRCH37_PAR)
GRCH38 = Build("GRCh38", tables.GRCH38_LENGTHS, tables.GRCH38_CENTROMERES, tables.GRCH38_PAR)
T2T = Build("T2T", tables.T2T_LENGTHS, tables.T2T_CENTROMERES, tables.T2T_PAR)

BUILDS: dict[str, Build] = {build.name: build for build in (GRCH37, GRCH38, T2T)}
_ALIASES = {
    "hg19": GRCH37, "b37": GRCH37, "hs37d5": GRCH37, "grch37": GRCH37,
    "hg38": GRCH38, "grch38": GRCH38,
    "t2t": T2T, "chm13": T2T, "hs1": T2T, "t2t-chm13": T2T,
}  # fmt: skip


def build_named(name: str) -> Build:
    """Return the build of a name or alias (hg19, b37, hg38, hs1, ...)."""
    found = _ALIASES.get(name.lower())
    if found is None:
        raise ParameterError(
            f"unknown build {name!r}; known: {', '.join(BUILDS)}", suggestion(name, _ALIASES)
        )
    return found


def detect_build(lengths: Mapping[str, int]) -> Build | None:
    """Return the build whose contig lengths agree with the given ones, None if none does.

    Only primary contigs speak; the build with most agreeing lengths wins, and one disagreeing
    length more than agreeing ones rules a build out.

    >>> detect_build({"1": 249250621}).name
    'GRCh37'
    >>> detect_build({"demo": 5000}) is None
    True
    """
    best: tuple[int, Build | None] = (0, None)
    for build in BUILDS.values():
        score = 0
        for contig, length in lengths.items():
            known = build.length(contig)
            # chrM differs between flavours of one build (hg19 against b37), so it does not vote.
            if known is not None and standard(contig) != "chrM":
                score += 1 if known == length else -1
        if score > best[0]:
            best = (score, build)
    return best[1]
