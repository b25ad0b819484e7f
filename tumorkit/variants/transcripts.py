"""Which transcript of several to report: the same one however the annotation orders them.

The order: the laboratory's own list, MANE Select, Ensembl's canonical transcript, VEP's pick, and
last the most severe consequence. MANE Plus Clinical is reported beside the choice, not instead.
Sources: Morales, Nature 2022 (MANE); Ensembl's table of calculated variant consequences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tumorkit.genome.variant import Consequence

IMPACTS = {"HIGH": 0, "MODERATE": 1, "LOW": 2, "MODIFIER": 3}
# Sequence Ontology terms in Ensembl's order of severity.
TERMS = (
    "transcript_ablation", "splice_acceptor_variant", "splice_donor_variant", "stop_gained",
    "frameshift_variant", "stop_lost", "start_lost", "transcript_amplification",
    "feature_elongation", "feature_truncation", "inframe_insertion", "inframe_deletion",
    "missense_variant", "protein_altering_variant", "splice_donor_5th_base_variant",
    "splice_region_variant", "splice_donor_region_variant", "splice_polypyrimidine_tract_variant",
    "incomplete_terminal_codon_variant", "start_retained_variant", "stop_retained_variant",
    "synonymous_variant", "coding_sequence_variant", "mature_miRNA_variant",
    "5_prime_UTR_variant", "3_prime_UTR_variant", "non_coding_transcript_exon_variant",
    "intron_variant", "NMD_transcript_variant", "non_coding_transcript_variant",
    "coding_transcript_variant", "upstream_gene_variant", "downstream_gene_variant",
    "TFBS_ablation", "TFBS_amplification", "TF_binding_site_variant", "regulatory_region_ablation",
    "regulatory_region_amplification", "regulatory_region_variant", "intergenic_variant",
    "sequence_variant",
)  # fmt: skip
_SEVERITY = {term: rank for rank, term in enumerate(TERMS)}
# SnpEff's and bcftools csq's words for the same.
_SEVERITY |= {
    "conservative_inframe_insertion": _SEVERITY["inframe_insertion"],
    "disruptive_inframe_insertion": _SEVERITY["inframe_insertion"],
    "conservative_inframe_deletion": _SEVERITY["inframe_deletion"],
    "disruptive_inframe_deletion": _SEVERITY["inframe_deletion"],
    "inframe_altering": _SEVERITY["protein_altering_variant"],
    "intragenic_variant": _SEVERITY["intron_variant"],
    "intergenic_region": _SEVERITY["intergenic_variant"],
}
LIST, OTHER_VERSION = "list", "list (other version)"
MANE_SELECT, CANONICAL, PICK, SEVERE = "MANE Select", "canonical", "pick", "most severe"
Item = TypeVar("Item")


@dataclass(frozen=True)
class TranscriptList:
    """The laboratory's transcript of each gene, with version.

    >>> listed = TranscriptList({"TP53": "NM_000546.6"})
    >>> listed.fit("NM_000546.6"), listed.fit("NM_000546.5"), listed.fit("NM_1.1")
    ('list', 'list (other version)', '')
    """

    by_gene: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {accession_of(name): name for name in self.by_gene.values()}
        object.__setattr__(self, "_known", known)

    def __bool__(self) -> bool:
        return bool(self.by_gene)

    def version_of(self, transcript: str) -> str:
        """Return the listed form of a transcript, empty where it is not listed."""
        known: dict[str, str] = self.__dict__["_known"]
        return known.get(accession_of(transcript), "")

    def fit(self, *names: str) -> str:
        """Return how a transcript's names fit the list: LIST, OTHER_VERSION or not at all.

        A name without version fits any version.
        """
        found = ""
        for name in names:
            listed = self.version_of(name) if name else ""
            if listed and (name in (listed, accession_of(name)) or listed == accession_of(listed)):
                return LIST
            found = found or (OTHER_VERSION if listed else "")
        return found


NO_LIST = TranscriptList()


def accession_of(transcript: str) -> str:
    """Return a transcript without its version.

    >>> accession_of("ENST00000269305.9"), accession_of("NM_000546")
    ('ENST00000269305', 'NM_000546')
    """
    return transcript.partition(".")[0]


def is_versioned(name: str) -> bool:
    """Whether an accession, perhaps with a description behind a colon, has its version.

    >>> is_versioned("NM_000546.6:c.1G>A"), is_versioned("ENST00000269305"), is_versioned("c.1G>A")
    (True, False, False)
    """
    accession, mark, _ = name.partition(":")
    if not mark and accession.startswith(("c.", "n.", "p.", "g.", "m.")):
        return False
    return accession.rpartition(".")[2].isdigit() and "." in accession


def severity(terms: Iterable[str]) -> int:
    """Return how severe the worst of some terms is; 0 is the worst, unknown words come last."""
    return min((_SEVERITY.get(term, len(TERMS)) for term in terms), default=len(TERMS) + 1)


def graveness(impact: str, terms: Iterable[str], biotype: str, *names: str) -> tuple[object, ...]:
    """Return a key that orders consequences from the most severe; names settle what is equal."""
    rank = IMPACTS.get(impact, len(IMPACTS))
    return rank, severity(terms), biotype != "protein_coding", *names


def first_rung(
    items: Sequence[Item],
    rungs: Sequence[Callable[[Item], bool]],
    order: Callable[[Item], tuple[object, ...]],
    settle: Callable[[Item], str],
) -> Item | None:
    """Return the most severe item of the first rung that any item stands on, else of all.

    ``settle`` orders what is equally severe and of one name, so that the order of items never
    decides.
    """
    chosen = list(items)
    for stands in rungs:
        standing = [item for item in items if stands(item)]
        if standing:
            chosen = standing
            break
    if len(chosen) < 2:
        return chosen[0] if chosen else None
    keys = [order(item) for item in chosen]
    first: Any = min(keys)
    alike = [item for item, key in zip(chosen, keys, strict=True) if key == first]
    return alike[0] if len(alike) == 1 else min(alike, key=settle)


def choose_consequence(
    consequences: Iterable[Consequence] | None, listed: TranscriptList = NO_LIST
) -> Consequence | None:
    """Return the consequence to report; on one rung the most severe.

    The order of the consequences does not matter.

    >>> a, b = Consequence(terms=("x",)), Consequence(terms=("y",), canonical=True)
    >>> choose_consequence([a, b]).terms
    ('y',)
    """
    rungs: list[Callable[[Consequence], bool]] = [
        lambda item: item.mane_select,
        lambda item: item.canonical,
        lambda item: item.picked,
    ]
    if listed:
        rungs[:0] = [
            lambda item: listed.fit(item.transcript) == LIST,
            lambda item: fit_of(item, listed) == LIST,
            lambda item: listed.fit(item.transcript) == OTHER_VERSION,
            lambda item: fit_of(item, listed) == OTHER_VERSION,
        ]
    return first_rung(
        list(consequences or ()),
        rungs,
        lambda c: graveness(c.impact, c.terms, c.biotype, c.gene, c.transcript, c.hgvsc),
        repr,
    )


def fit_of(item: Consequence, listed: TranscriptList) -> str:
    """Return how a consequence's transcript fits the list, by its own name or its MANE twin's."""
    return listed.fit(item.transcript, item.mane_twin) if listed else ""


def chosen_by(item: Consequence, listed: TranscriptList = NO_LIST) -> str:
    """Return why a consequence is the one that is reported."""
    if fit := fit_of(item, listed):
        return fit
    if item.mane_select:
        return MANE_SELECT
    return CANONICAL if item.canonical else PICK if item.picked else SEVERE


def also_reported(
    chosen: Consequence | None, consequences: Iterable[Consequence] | None
) -> tuple[Consequence, ...]:
    """Return the MANE Plus Clinical consequences of the reported gene, beside the chosen one."""
    if chosen is None:
        return ()
    told = {accession_of(name) for name in (chosen.transcript, chosen.mane_twin) if name}
    found: list[Consequence] = []
    clinical = [
        item for item in consequences or () if item.mane_plus_clinical and same_gene(item, chosen)
    ]
    # Of a transcript that both archives name, the one that is named as the chosen one is.
    clinical.sort(key=lambda c: (c.transcript[:2] != chosen.transcript[:2], c.transcript, c.hgvsc))
    for item in clinical:
        names = {accession_of(name) for name in (item.transcript, item.mane_twin) if name}
        if not names & told:
            told |= names
            found.append(item)
    return tuple(found)


def same_gene(one: Consequence, other: Consequence) -> bool:
    """Whether two consequences are of one gene: by HGNC identifier where both have it."""
    if one.hgnc_id and other.hgnc_id:
        return one.hgnc_id == other.hgnc_id
    return one.gene == other.gene


def with_version(text: str, *names: str) -> str:
    """Return an HGVS name with accession and version, as far as the names know them.

    >>> with_version("ENST1:c.5G>A", "ENST1.2"), with_version("c.5G>A", "NM_1.3")
    ('ENST1.2:c.5G>A', 'NM_1.3:c.5G>A')
    >>> with_version("ENST1:c.5G>A", "ENST1")
    'ENST1:c.5G>A'
    """
    if not text or is_versioned(text):
        return text
    accession, mark, change = text.rpartition(":")
    for name in names:
        if name and is_versioned(name) and (not mark or accession_of(name) == accession):
            return f"{name}:{change}"
    known = next((name for name in names if name), "")
    return text if mark or not known else f"{known}:{change}"
