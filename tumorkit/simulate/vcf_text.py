"""The VCF files of a case, as text in the shape that callers and annotators write."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tumorkit.genome.build import GRCH38
from tumorkit.genome.vcf import VcfHeader
from tumorkit.simulate.calling import Call
from tumorkit.simulate.consequence import Annotator, Effect
from tumorkit.simulate.nouns import Counts, GermlineVariant

CSQ_FIELDS = (
    "Allele", "Consequence", "IMPACT", "SYMBOL", "Gene", "Feature_type", "Feature", "BIOTYPE",
    "EXON", "INTRON", "HGVSc", "HGVSp", "CDS_position", "Protein_position", "Amino_acids",
    "Codons", "Existing_variation", "STRAND", "VARIANT_CLASS", "CANONICAL", "MANE_SELECT", "PICK",
    "AF", "gnomADe_AF", "gnomADg_AF", "MAX_AF",
)  # fmt: skip
FILTERS = {
    "PASS": "Site contains at least one allele that passes filters",
    "germline": "Evidence indicates this site is germline, not somatic",
    "map_qual": "ref - alt median mapping quality",
    "normal_artifact": "artifact_in_normal",
    "orientation": "orientation bias detected by the orientation bias mixture model",
    "slippage": "Site filtered due to contraction or expansion of short tandem repeat region",
    "strand_bias": "Evidence for alt allele comes from one read direction only",
    "weak_evidence": "Mutation does not meet likelihood threshold",
}
INFO = (
    ("AS_SB_TABLE", "1", "String", "Forward and reverse read counts of each allele"),
    ("CSQ", ".", "String", "Consequence annotations from Ensembl VEP. Format: "
     + "|".join(CSQ_FIELDS)),
    ("DP", "1", "Integer", "Approximate read depth; some reads may have been filtered"),
    ("ECNT", "1", "Integer", "Number of events in this haplotype"),
    ("GERMQ", "1", "Integer", "Phred-scaled quality that alt alleles are not germline variants"),
    ("MBQ", "R", "Integer", "median base quality by allele"),
    ("MFRL", "R", "Integer", "median fragment length by allele"),
    ("MMQ", "R", "Integer", "median mapping quality by allele"),
    ("MPOS", "A", "Integer", "median distance from end of read"),
    ("NALOD", "A", "Float", "Negative log 10 odds of artifact in normal with same allele fraction"),
    ("NLOD", "A", "Float", "Normal log 10 likelihood ratio of diploid het or hom alt genotypes"),
    ("POPAF", "A", "Float", "negative log 10 population allele frequencies of alt alleles"),
    ("RPA", "R", "Integer", "Number of times tandem repeat unit is repeated, for each allele"),
    ("RU", "1", "String", "Tandem repeat unit (bases)"),
    ("STR", "0", "Flag", "Variant is a short tandem repeat"),
    ("TLOD", "A", "Float", "Log 10 likelihood ratio score of variant existing versus not existing"),
)  # fmt: skip
FORMAT = (
    ("AD", "R", "Integer", "Allelic depths for the ref and alt alleles in the order listed"),
    ("AF", "A", "Float", "Allele fractions of alternate alleles in the tumor"),
    ("DP", "1", "Integer", "Approximate read depth"),
    ("F1R2", "R", "Integer", "Count of reads in F1R2 pair orientation supporting each allele"),
    ("F2R1", "R", "Integer", "Count of reads in F2R1 pair orientation supporting each allele"),
    ("GT", "1", "String", "Genotype"),
    ("SB", "4", "Integer", "Per-sample component statistics to detect strand bias"),
)
UNSEEN_POPAF = 6.0  # what is written for an allele that the resource does not have


@dataclass(frozen=True, kw_only=True)
class VcfText:
    """A VCF: its header and its records as lines without line ends."""

    header: VcfHeader
    lines: tuple[str, ...]


def header(
    lines: Iterable[str], samples: tuple[str, ...], *, source: str, filters: dict[str, str]
) -> VcfHeader:
    """Return the header of a VCF on GRCh38, without dates."""
    text = ["##fileformat=VCFv4.2"]
    text += [f'##FILTER=<ID={k},Description="{v}">' for k, v in sorted(filters.items())]
    text += list(lines)
    text += [
        f"##contig=<ID={name},length={length},assembly=GRCh38>"
        for name, length in GRCH38.lengths.items()
    ]
    text.append(f"##source={source}")
    return VcfHeader(tuple(text), samples)


def fields(kind: str, rows: tuple[tuple[str, str, str, str], ...]) -> list[str]:
    """Return the declarations of INFO or FORMAT fields."""
    return [
        f'##{kind}=<ID={name},Number={number},Type={typ},Description="{text}">'
        for name, number, typ, text in rows
    ]


def somatic_text(
    calls: list[Call], annotator: Annotator, *, tumor: str, normal: str, fragment: int
) -> VcfText:
    """Return the somatic VCF; sample columns are in alphabetical order, as Mutect2 writes."""
    samples = tuple(sorted((tumor, normal)))
    declared = [
        *fields("FORMAT", FORMAT),
        *fields("INFO", INFO),
        "##MutectVersion=2.2",
        '##VEP="v110" API="v110" assembly="GRCh38" gnomADe="r2.1.1" gnomADg="v3.1.2"',
        f"##normal_sample={normal}",
        f"##tumor_sample={tumor}",
    ]
    head = header(declared, samples, source="tumorkit-simulate", filters=FILTERS)
    text: list[str] = []
    for item in calls:
        c = item.candidate
        effect = annotator.effect(c.contig, c.pos, c.ref, c.alt)
        columns = {tumor: sample_text(item.tumor, "0/1"), normal: sample_text(item.normal, "0/0")}
        text.append(
            "\t".join(
                [
                    c.contig, str(c.pos), ".", c.ref, c.alt, ".", ";".join(item.filters),
                    info_text(item, effect, fragment), "GT:AD:AF:DP:F1R2:F2R1:SB",
                    *(columns[name] for name in samples),
                ]
            )
        )  # fmt: skip
    return VcfText(header=head, lines=tuple(text))


def sample_text(counts: Counts, genotype: str) -> str:
    """Return a sample's column; AF is the mean under a uniform prior, as Mutect2 gives it."""
    r1, a1, r2, a2 = counts.orientations
    fraction = (counts.alt + 1) / (counts.depth + 2)
    strands = ",".join(map(str, counts.strands))
    return (
        f"{genotype}:{counts.ref},{counts.alt}:{fraction:.3f}:{counts.depth}"
        f":{r1},{a1}:{r2},{a2}:{strands}"
    )


def info_text(item: Call, effect: Effect, fragment: int) -> str:
    """Return the INFO column of a somatic call."""
    c = item.candidate
    pooled = [a + b for a, b in zip(item.tumor.strands, item.normal.strands, strict=True)]
    frequency = c.population_af
    popaf = -math.log10(frequency) if frequency else UNSEEN_POPAF
    germq = max(1, min(93, round(10 * (item.nlod + popaf - 3))))
    parts = [
        f"AS_SB_TABLE={pooled[0]},{pooled[1]}|{pooled[2]},{pooled[3]}",
        f"DP={item.tumor.depth + item.normal.depth}",
        "ECNT=1",
        f"GERMQ={germq}",
        f"MBQ={item.tumor.base_quality:.0f},{item.tumor.base_quality:.0f}",
        f"MFRL={fragment},{fragment}",
        f"MMQ=60,{item.tumor.mapping_quality:.0f}",
        f"MPOS={item.tumor.read_position:.0f}",
        f"NALOD={max(-2.0, item.nlod / 4):.2f}",
        f"NLOD={item.nlod:.2f}",
        f"POPAF={popaf:.2f}",
    ]
    if c.repeat is not None:
        unit, copies = c.repeat
        changed = copies + (len(c.alt) - len(c.ref)) // len(unit)
        parts += [f"RPA={copies},{changed}", f"RU={unit}", "STR"]
    parts += [f"TLOD={item.tlod:.2f}", f"CSQ={csq_text(c.ref, c.alt, effect, frequency)}"]
    return ";".join(parts)


def csq_text(ref: str, alt: str, effect: Effect, frequency: float | None) -> str:
    """Return the CSQ entry of an allele on its transcript; unknown to gnomAD stays empty."""
    kind = "SNV" if len(ref) == len(alt) else "deletion" if len(ref) > len(alt) else "insertion"
    allele = alt if kind == "SNV" else alt[1:] or "-"
    known = "" if frequency is None else f"{frequency:.4g}"
    transcript = effect.transcript
    values = {
        "Allele": allele,
        "Consequence": "&".join(effect.terms),
        "IMPACT": effect.impact,
        "VARIANT_CLASS": kind,
        "PICK": "1",
        "AF": known,
        "gnomADe_AF": known,
        "gnomADg_AF": known,
        "MAX_AF": known,
    }
    if transcript is not None:
        values |= {
            "SYMBOL": transcript.gene,
            "Gene": gene_id(transcript.name),
            "Feature_type": "Transcript",
            "Feature": transcript.name,
            "BIOTYPE": "protein_coding",
            "EXON": effect.exon,
            "INTRON": effect.intron,
            "HGVSc": effect.hgvsc,
            # VEP escapes the equals sign, which would end a key in INFO.
            "HGVSp": effect.hgvsp.replace("=", "%3D"),
            "CDS_position": effect.cds_position,
            "Protein_position": effect.protein_position,
            "Amino_acids": effect.amino_acids,
            "Codons": effect.codons,
            "STRAND": "1" if transcript.strand == "+" else "-1",
            "CANONICAL": "YES",
            "MANE_SELECT": transcript.name,
        }
    return "|".join(values.get(name, "") for name in CSQ_FIELDS)


def gene_id(transcript: str) -> str:
    """Return the invented gene identifier of an invented transcript.

    >>> gene_id("TKT000012.1")
    'TKG000012'
    """
    return transcript.replace("TKT", "TKG").partition(".")[0]


def germline_text(rows: list[tuple[GermlineVariant, Counts]], sample: str) -> VcfText:
    """Return the normal's germline VCF with genotypes called from its counts."""
    declared = [
        *fields("FORMAT", (
            ("AD", "R", "Integer", "Allelic depths for ref and alt alleles in the order listed"),
            ("DP", "1", "Integer", "Approximate read depth"),
            ("GQ", "1", "Integer", "Genotype Quality"),
            ("GT", "1", "String", "Genotype"),
            ("PL", "G", "Integer", "Normalized, Phred-scaled likelihoods for genotypes"),
        )),
        *fields("INFO", (
            ("AC", "A", "Integer", "Allele count in genotypes"),
            ("AF", "A", "Float", "Allele frequency in genotypes"),
            ("AN", "1", "Integer", "Total number of alleles in called genotypes"),
            ("DP", "1", "Integer", "Approximate read depth"),
        )),
    ]  # fmt: skip
    head = header(
        declared, (sample,), source="tumorkit-simulate", filters={"PASS": "All filters passed"}
    )
    text: list[str] = []
    for variant, counts in rows:
        likelihoods = genotype_likelihoods(counts)
        best = min(range(3), key=lambda g: likelihoods[g])
        if best == 0 or counts.depth == 0:
            continue
        quality = min(99, sorted(likelihoods)[1])
        text.append(
            "\t".join(
                [
                    variant.contig, str(variant.pos), variant.name or ".", variant.ref, variant.alt,
                    f"{likelihoods[0]:.2f}", "PASS",
                    f"AC={best};AF={best / 2:.3f};AN=2;DP={counts.depth}", "GT:AD:DP:GQ:PL",
                    f"{('0/0', '0/1', '1/1')[best]}:{counts.ref},{counts.alt}:{counts.depth}"
                    f":{quality}:{','.join(map(str, likelihoods))}",
                ]
            )
        )  # fmt: skip
    return VcfText(header=head, lines=tuple(text))


def genotype_likelihoods(counts: Counts) -> list[int]:
    """Return Phred-scaled likelihoods of 0/0, 0/1 and 1/1, best at 0.

    >>> from tumorkit.simulate.nouns import Counts
    >>> genotype_likelihoods(Counts(ref=10, alt=10, strands=(5,5,5,5), orientations=(5,5,5,5)))[1]
    0
    """
    raw = [counts.ref * math.log10(1 - f) + counts.alt * math.log10(f) for f in (0.005, 0.5, 0.995)]
    return [round(-10 * (value - max(raw))) for value in raw]


def sites_text(rows: Iterable[GermlineVariant], *, an: int = 152_312) -> VcfText:
    """Return a VCF of sites with population frequencies, without samples."""
    declared = fields("INFO", (
        ("AC", "A", "Integer", "Alternate allele count, invented"),
        ("AF", "A", "Float", "Alternate allele frequency, invented"),
        ("AN", "1", "Integer", "Total number of alleles, invented"),
    ))  # fmt: skip
    head = header(declared, (), source="tumorkit-simulate", filters={"PASS": "All filters passed"})
    text: list[str] = []
    for v in rows:
        frequency = v.population_af or 0.0
        text.append(
            f"{v.contig}\t{v.pos}\t{v.name or '.'}\t{v.ref}\t{v.alt}\t.\tPASS"
            f"\tAC={round(frequency * an)};AF={frequency:.6g};AN={an}"
        )
    return VcfText(header=head, lines=tuple(text))
