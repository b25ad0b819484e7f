"""A classification as rows of a table, as tags of a VCF, and in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tumorkit.contract.summary import Summary
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.interpretation.classify.result import CLASSES, Classified, ClassifyResult, Evidence

Allele = tuple[str, int, str, str]
MOST_ROWS = 30
TAG_LINES = (
    '##INFO=<ID=TK_TIER,Number=A,Type=String,Description="Tier by the laboratory\'s tables">',
    '##INFO=<ID=TK_TIER_LEVEL,Number=A,Type=String,Description="Level of evidence of the tier">',
    '##INFO=<ID=TK_ESCAT,Number=A,Type=String,Description="ESCAT tiers of the curated table, '
    'joined by &">',
    '##INFO=<ID=TK_ONCOGENICITY,Number=A,Type=String,Description="Class of oncogenicity">',
    '##INFO=<ID=TK_ONCOGENICITY_POINTS,Number=A,Type=Integer,Description="Points of oncogenicity '
    '(Horak 2022)">',
    '##INFO=<ID=TK_ONCOGENICITY_MET,Number=A,Type=String,Description="Criteria of oncogenicity '
    'that are met, joined by &">',
)
TAGS = tuple(line.split("ID=", 1)[1].split(",", 1)[0] for line in TAG_LINES)
UNWRITABLE = str.maketrans({" ": "_", ";": "_", "=": "_", ",": "_", "\t": "_", "\n": "_"})


def table_text(result: ClassifyResult) -> str:
    """Return the table of alterations."""
    return CLASSES.text_of(map(row_of, result.variants))


def row_of(item: Classified) -> dict[str, object]:
    """Return one alteration as a row; what would break it becomes a blank."""
    defining = [e for e in item.evidence if e.use == "tier-defining"]
    row: dict[str, object] = {
        "gene": item.gene,
        "alteration": item.alteration,
        "contig": item.contig,
        "pos": item.pos,
        "ref": item.ref,
        "alt": item.alt,
        "vaf": item.vaf,
        "tier": item.tier,
        "level": item.level,
        "tier_source": item.tier_source,
        "escat": escat_words(item),
        "oncogenicity": item.oncogenicity,
        "points": item.points if item.criteria else None,
        "points_range": f"{item.points_low} to {item.points_high}" if item.criteria else None,
        "met": codes(item, "met"),
        "not_assessable": codes(item, "not assessable"),
        "evidence": "; ".join(
            " ".join(filter(None, (e.id, e.level, e.significance, therapies(e)))) for e in defining
        ),
        "additional": len(item.evidence) - len(defining),
    }
    return {key: printable(value) if isinstance(value, str) else value
            for key, value in row.items()}  # fmt: skip


def therapies(item: Evidence) -> str:
    """Return therapies: joined by + where they are given together, else by commas."""
    together = item.interaction.casefold() == "combination"
    return ("+" if together else ", ").join(item.therapies)


def codes(item: Classified, state: str) -> str:
    """Return the criteria of a state; one that gives way stands in parentheses."""
    return ",".join(
        c.code if c.counted or state != "met" else f"({c.code})"
        for c in item.criteria
        if c.state == state
    )


def escat_words(item: Classified) -> str:
    """Return the ESCAT tiers with their sources."""
    return "; ".join(f"{row.tier} ({row.source})" for row in item.escat)


def printable(text: str) -> str:
    """Return a text in which control characters are blanks."""
    return "".join(c if c.isprintable() else " " for c in text)


def tagged_header(header: VcfHeader) -> VcfHeader:
    """Return a header that declares the tags."""
    return header.with_meta(TAG_LINES)


def tagged_line(record: VcfRecord, found: Mapping[Allele, Classified]) -> str:
    """Return a record with the tags of its alternatives; without any it stays as it was."""
    items = [found.get((record.contig, record.pos, record.ref, alt)) for alt in record.alts]
    columns = record.line.split("\t")
    kept = [part for part in columns[7].split(";") if part.partition("=")[0] not in TAGS]
    added = []
    for tag, values in zip(TAGS, zip(*map(tag_values, items), strict=True), strict=False):
        if any(value != "." for value in values):
            added.append(f"{tag}={','.join(values)}")
    info = [part for part in kept if part not in ("", ".")] + added
    columns[7] = ";".join(info) or "."
    return "\t".join(columns)


def tag_values(item: Classified | None) -> Sequence[str]:
    """Return the values of all tags of one alternative; ``.`` where there is nothing to say."""
    if item is None:
        return (".",) * len(TAGS)
    met = [c.code for c in item.criteria if c.counted]
    values = (
        item.tier,
        item.level,
        "&".join(dict.fromkeys(row.tier for row in item.escat)),
        item.oncogenicity,
        str(item.points) if met else None,
        "&".join(met),
    )
    return tuple(value.translate(UNWRITABLE) if value else "." for value in values)


def by_allele(items: Iterable[Classified]) -> dict[Allele, Classified]:
    """Return classified variants by contig, position and alleles."""
    return {
        (item.contig, item.pos, item.ref, item.alt): item
        for item in items
        if item.contig and item.pos is not None and item.ref and item.alt
    }


def summary_of(result: ClassifyResult) -> Summary:
    """Return the short table: alterations with a tier or a class, the best first.

    What is of uncertain significance without a tier is counted.
    """
    listed = [item for item in result.variants if item.tier or item.oncogenicity or item.escat]
    told = [i for i in listed if i.tier or i.escat or i.oncogenicity != "VUS"]
    order = {"Oncogenic": 0, "Likely oncogenic": 1, "VUS": 2, "Likely benign": 3, "Benign": 4}
    told.sort(
        key=lambda i: (
            i.tier is None,
            i.tier or "",
            i.level or "",
            order.get(i.oncogenicity or "", 5),
            -i.points,
        )
    )
    names = ("gene", "alteration", "tier", "level", "escat", "oncogenicity", "points", "met")
    rows = [{key: "" if value is None else str(value) for key, value in row_of(item).items()}
            for item in told[:MOST_ROWS]]  # fmt: skip
    knowledge = [
        f"{item.kind}: {item.name}, {item.rows} rows"
        + (f", {item.date}" if item.date else "")
        + f", sha256 {item.sha256[:8]}"
        for item in result.knowledge
    ]
    more = [f"{len(told) - MOST_ROWS} more"] if len(told) > MOST_ROWS else []
    if len(listed) > len(told):
        more.append(f"{len(listed) - len(told)} of uncertain significance without a tier")
    if result.statements:
        counts = "; ".join(f"{n} {why}" for why, n in result.statements.items())
        more.append(f"statements: {counts}")
    return Summary(
        title=f"{result.sample}: {len(result.variants) + result.not_listed} alterations, "
        f"{len(listed)} with a tier or a class"
        + (f"; {result.tumor_type}" if result.tumor_type else ""),
        columns=names,
        rows=tuple(tuple(row[name] for name in names) for row in rows),
        notes=(*more, *map(printable, knowledge), *map(printable, result.notes)),
    )
