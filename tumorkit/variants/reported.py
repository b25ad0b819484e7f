"""One alternative allele as it leaves the house: with its reported transcript and genotypes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tumorkit.genome.variant import AlleleCounts, Consequence, PopulationFrequency, Variant
from tumorkit.genome.vcf import VcfRecord
from tumorkit.variants.calls import CallReader

PASSING = (".", "PASS")


ORIGIN = "TK_ORIGIN"


@dataclass(frozen=True, kw_only=True)
class ReportedVariant:
    """A variant with what is said of it on the reported transcript.

    ``annotation`` holds the fields of that transcript's entry by the names that the annotating
    tool gives them; ``consequence`` is None where nobody annotated. ``tumor_alleles`` and
    ``normal_alleles`` are the bases of a genotype, empty where there is none. ``verdict`` is
    ``pass``, ``fail``, ``rescued`` or ``unknown`` (a filter could not judge it). ``origin`` is the
    most probable one that a filtering computed, empty where none did.
    """

    variant: Variant
    consequence: Consequence | None = None
    annotation: Mapping[str, str] = field(default_factory=dict)
    tumor_alleles: tuple[str, ...] = ()
    normal_alleles: tuple[str, ...] = ()
    verdict: str = "pass"
    annotated: bool = False
    origin: str = ""

    @property
    def kept(self) -> bool:
        """Whether no filter fails it."""
        return self.verdict != "fail"

    @property
    def gene(self) -> str:
        """The gene of the reported transcript, empty where there is none."""
        return self.consequence.gene if self.consequence else ""


def reported_variants(record: VcfRecord, reader: CallReader) -> list[ReportedVariant]:
    """Return the alternatives of a record, each on the transcript to report.

    >>> from tumorkit.genome.vcf import VcfHeader
    >>> from tumorkit.variants.roles import assign_roles
    >>> header = VcfHeader((), ("NORMAL", "TUMOR"))
    >>> line = "1\\t8\\t.\\tT\\tG\\t.\\tPASS\\t.\\tGT:AD:DP\\t0/0:28,1:29\\t0/1:0,44:44"
    >>> reader = CallReader(header, assign_roles(header))
    >>> item, = reported_variants(VcfRecord(line, header), reader)
    >>> item.tumor_alleles, item.verdict
    (('T', 'G'), 'pass')
    >>> line = "1\\t8\\t.\\tT\\tG\\t.\\tweak\\tTK_FILTER=PASS\\tGT\\t.\\t."
    >>> reported_variants(VcfRecord(line, header), reader)[0].verdict
    'pass'
    """
    notes, roles = reader.annotations, reader.roles
    tumor = genotype(record, roles.tumor)
    normal = genotype(record, roles.normal)
    made = []
    for at, variant in enumerate(reader(record)):
        chosen = notes.choose(notes.entries_of(record, at))
        made.append(
            ReportedVariant(
                variant=variant,
                consequence=notes.described_by(chosen) if chosen else None,
                annotation=dict(zip(notes.fields, chosen, strict=False)) if chosen else {},
                tumor_alleles=tumor,
                normal_alleles=normal,
                verdict=verdict_of(variant, record, at),
                annotated=bool(notes.tool),
                origin=of_allele(record, ORIGIN, at),
            )
        )
    return made


def genotype(record: VcfRecord, sample: str | None) -> tuple[str, ...]:
    """Return the bases of a sample's genotype; empty where it is not called as a whole."""
    if sample is None or "GT" not in record.format.split(":"):
        return ()
    indices = record.sample(sample).get("GT", "").replace("|", "/").split("/")
    bases = (record.ref, *record.alts)
    if not all(index.isdigit() and int(index) < len(bases) for index in indices):
        return ()
    return tuple(bases[int(index)] for index in indices)


def verdict_of(variant: Variant, record: VcfRecord, at: int) -> str:
    """Return what an earlier filtering by tumorkit says of an allele, else what FILTER says.

    Where tumorkit filtered, filters of the caller that its specification does not judge stay in
    FILTER and say nothing of the verdict.
    """
    judged = of_allele(record, "TK_FILTER", at)
    names = judged.split("&") if judged else variant.filters
    if any(name not in PASSING for name in names):
        return "fail"
    for key, verdict in (("TK_RESCUED", "rescued"), ("TK_UNKNOWN", "unknown")):
        if of_allele(record, key, at) not in ("", "."):
            return verdict
    return "pass"


def fails_wholly(record: VcfRecord) -> bool:
    """Whether an earlier filtering by tumorkit fails every allele; told by the record's text.

    >>> from tumorkit.genome.vcf import VcfHeader
    >>> line = "1\\t8\\t.\\tT\\tG,C\\t.\\t.\\tTK_FILTER=low,low&dirty"
    >>> fails_wholly(VcfRecord(line, VcfHeader((), ())))
    True
    """
    judged = [of_allele(record, "TK_FILTER", at) for at in range(len(record.alts))]
    return bool(judged) and all(
        text != "" and any(name not in PASSING for name in text.split("&")) for text in judged
    )


def of_allele(record: VcfRecord, key: str, at: int) -> str:
    """Return an INFO field's value for one alternative, empty where it has none."""
    said = (record.info_text(key) or "").split(",")
    return said[at] if at < len(said) else ""


def listed_variant(row: Mapping[str, Any]) -> ReportedVariant:
    """Return a variant as the document of a filtering or of a profile lists it.

    Reads of the normal, genotypes and all but the reported transcript are not in such a list.
    Raises ``KeyError`` where a row has no place or no alleles.

    >>> row = {"contig": "chr7", "pos": 140753336, "ref": "A", "alt": "T", "gene": "BRAF",
    ...        "hgvsp": "NP_004324.2:p.Val600Glu", "consequence": "missense_variant", "vaf": 0.3}
    >>> found = listed_variant(row)
    >>> found.gene, found.variant.tumor.vaf, found.variant.population_af.declared
    ('BRAF', 0.3, False)
    """
    terms = str(row.get("consequence") or "").replace("&", ",").split(",")
    said = Consequence(
        terms=tuple(term for term in terms if term),
        gene=row.get("gene") or "",
        transcript=row.get("transcript") or "",
        hgvsc=row.get("hgvsc") or "",
        hgvsp=row.get("hgvsp") or "",
        clinical_significance=row.get("clinical_significance") or "",
    )
    verdict = str(row.get("verdict") or "pass")
    reasons = row.get("reasons") or ()
    failed = tuple(str(r.get("filter")) for r in reasons if r.get("verdict") == "fail")
    population = row.get("population_af")
    known = (
        {}
        if population is None and not row.get("population_absent")
        else {"population": PopulationFrequency(declared=True, value=population)}
    )
    normal_vaf = row.get("normal_vaf")
    return ReportedVariant(
        variant=Variant(
            contig=str(row["contig"]),
            pos=int(row["pos"]),
            ref=str(row["ref"]),
            alt=str(row["alt"]),
            tumor=AlleleCounts(
                depth=row.get("depth"), alt_depth=row.get("alt_depth"), vaf=row.get("vaf")
            ),
            normal=None if normal_vaf is None else AlleleCounts(vaf=normal_vaf),
            filters=failed if verdict == "fail" and failed else ("PASS",),
            frequencies=known,
            callers=tuple(row.get("callers") or ()),
            hotspot=row.get("hotspot"),
            p_somatic=row.get("p_somatic"),
        ),
        consequence=said if said.terms or said.gene else None,
        verdict=verdict,
        annotated=bool(said.terms),
        origin=row.get("origin") or "",
    )
