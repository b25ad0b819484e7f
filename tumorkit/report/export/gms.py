"""The table of coverage and mutations that GMS's pathologists open: 26 columns.

Sources: the output of Twist Solid, ``coverage_and_mutations``; hydra-genetics, hotspot reports
(classes of rows and of hotspots). Limits of depth are those of its report: 200 reads are enough,
below 30 a position cannot be analysed. ``-`` is not known.

Three things differ from hydra-genetics on purpose. A variant counts at the bases that it changes,
not at the base behind them. A position within a variant has no row without one. A depth that
nobody measured is ``-``, not 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tumorkit.genome.contigs import standard
from tumorkit.genome.hotspot import Hotspot
from tumorkit.report.export.alleles import maf_alleles
from tumorkit.report.export.case import ExportCase, File, file_stem, shown, table
from tumorkit.report.export.fhir_codes import refseq
from tumorkit.report.export.maf import SYMBOLIC, database_ids
from tumorkit.report.export.params import ReportExportParams
from tumorkit.variants.reported import ReportedVariant

COLUMNS = (
    "chr", "start", "stop", "Gene", "Consequence", "Exon", "AA_change", "CDS_change",
    "Accession_number", "report", "Comment", "Min_read_depth200", "gvcf_depth", "ref", "alt", "DP",
    "ref_depth", "alt_depth", "AF", "rs", "db1000G", "GnomAD", "clinvar", "background_median",
    "nr_std_from_background_median", "nr_observed_in_normals",
)  # fmt: skip
UNKNOWN = "-"
ENOUGH, LEAST = 200, 30
THOUSAND_GENOMES = ("AF", "AF_1000G", "1000G_AF")
GNOMAD = re.compile(r"(?:INFO/)?gnomad[eg]?_?AF$", re.I)
CLINICAL = ("CLIN_SIG", "ClinVar_CLNSIG", "CLNSIG")
HOTSPOTS = ("Hotspot", "TK_HOTSPOT")
HOTSPOT, INDEL, CHECK, OTHER = "1-hotspot", "2-indel", "3-check", "4-other"
# The class that a variant is named by, where it lies in several hotspots.
ORDER = {"hotspot": 0, "region_all": 1, "region": 2, "indel": 3}
NO_DEPTH = "positions of hotspots whose depth nobody measured"


def gms_table(case: ExportCase, params: ReportExportParams) -> File:
    """Return the rows of the hotspots, with and without a variant, then those of other variants."""
    del params
    file = File(name=f"{file_stem(case.sample)}.coverage_and_mutations.tsv", content="")
    rows = []
    found: dict[Hotspot, list[tuple[int, list[str]]]] = {}
    spots = sorted(case.hotspots or (), key=lambda spot: ORDER[spot.report])
    near = by_contig(spots)
    changed: set[tuple[str, int]] = set()
    for item in case.variants:
        if item.variant.kind == "symbolic":
            file.left_out[SYMBOLIC] += 1
            continue
        places = changed_bases(item)
        contig = standard(item.variant.contig)
        spot = hotspot_at(near.get(contig, ()), places, item)
        row = row_of(item, case, spot)
        if spot is None:
            rows.append(row)
        else:
            found.setdefault(spot, []).append((item.variant.pos, row))
            changed |= {(contig, place) for place in places}
    listed = list(hotspot_rows(spots, found, changed, case, file))
    rows = [*listed, *rows]
    file.content, file.records = table(COLUMNS, rows), len(rows)
    return file


def by_contig(spots: list[Hotspot]) -> dict[str, list[Hotspot]]:
    """Return hotspots by contig, in their order."""
    found: dict[str, list[Hotspot]] = {}
    for spot in spots:
        found.setdefault(spot.contig, []).append(spot)
    return found


def changed_bases(item: ReportedVariant) -> range:
    """Return the 1-based positions that a variant changes; an insertion touches both its sides."""
    own = item.variant
    cut = maf_alleles(own.pos, own.ref, own.alt)
    return range(cut.start, cut.end + 1)


def hotspot_at(spots: Sequence[Hotspot], places: range, item: ReportedVariant) -> Hotspot | None:
    """Return the first hotspot, by class, that a variant lies in."""
    indel = len(item.variant.ref) != len(item.variant.alt)
    return next(
        (
            spot
            for spot in spots
            if spot.start <= places[-1]
            and places[0] <= spot.end
            and (indel or spot.report != "indel")
        ),
        None,
    )


def hotspot_rows(
    spots: list[Hotspot],
    found: Mapping[Hotspot, list[tuple[int, list[str]]]],
    changed: set[tuple[str, int]],
    case: ExportCase,
    file: File,
) -> Iterator[list[str]]:
    """Yield the rows of each hotspot by position: variants, and positions without one."""
    for spot in spots:
        rows = list(found.get(spot, ()))
        for place in range(spot.start, spot.end + 1) if spot.always else ():
            if (spot.contig, place) not in changed:
                depth = depth_at(case, spot.contig, range(place, place + 1))
                if depth is None:
                    file.left_out[NO_DEPTH] += 1
                rows.append((place, empty_row(spot, place, depth, case)))
        yield from (row for _, row in sorted(rows, key=lambda row: row[0]))


def empty_row(spot: Hotspot, place: int, depth: float | None, case: ExportCase) -> list[str]:
    """Return a position of a hotspot where no variant was found, with its depth."""
    names = {
        "chr": refseq(spot.contig, case.build) or spot.contig,
        "start": str(place),
        "stop": str(place),
        "Gene": spot.gene,
        "Exon": spot.exon,
        "AA_change": spot.protein.removeprefix("p."),
        "CDS_change": spot.coding,
        "Accession_number": spot.transcript,
        "report": CHECK if spot.report == "region_all" else HOTSPOT,
        "Comment": spot.comment,
        "Min_read_depth200": depth_word(depth),
        "gvcf_depth": shown(depth),
    }
    return [names.get(column, "") or UNKNOWN for column in COLUMNS]


def depth_at(case: ExportCase, contig: str, places: range) -> float | None:
    """Return the mean depth of positions; None where one of them was not measured."""
    if case.depths is None:
        return None
    values = [case.depths.get((contig, place)) for place in places]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def class_of(item: ReportedVariant, spot: Hotspot | None) -> str:
    """Return the table's word for where a variant lies."""
    if spot is None:
        return OTHER
    if spot.report in ("region", "region_all"):
        return CHECK
    return HOTSPOT if len(item.variant.ref) == len(item.variant.alt) == 1 else INDEL


def row_of(item: ReportedVariant, case: ExportCase, spot: Hotspot | None) -> list[str]:
    """Return one variant in the table's order of columns."""
    own, said, info = item.variant, item.consequence, item.variant.info
    counts = own.tumor
    places = range(own.pos, own.pos + len(own.ref))
    depth = depth_at(case, standard(own.contig), places)
    given = next((info[key] for key in HOTSPOTS if info.get(key)), "")
    names = {
        "chr": refseq(own.contig, case.build) or own.contig,
        "start": str(own.pos),
        "stop": str(own.pos + len(own.ref) - 1),
        "Gene": (spot.gene if spot else "") or item.gene,
        "Consequence": "&".join(said.terms) if said else "",
        "Exon": (spot.exon if spot else "") or (said.exon if said else ""),
        "AA_change": protein_change(item),
        "CDS_change": said.hgvsc if said else "",
        "Accession_number": said.transcript if said else "",
        "report": class_of(item, spot) if case.hotspots is not None else given,
        "Comment": spot.comment if spot else "",
        "Min_read_depth200": depth_word(counts.depth if depth is None else depth),
        "gvcf_depth": shown(depth),
        "ref": own.ref,
        "alt": own.alt,
        "DP": "" if counts.depth is None else str(counts.depth),
        "ref_depth": "" if counts.ref_depth is None else str(counts.ref_depth),
        "alt_depth": "" if counts.alt_depth is None else str(counts.alt_depth),
        "AF": "" if counts.vaf is None else f"{counts.vaf:.3f}",
        "rs": database_ids(item).replace("novel", ""),
        "db1000G": first_of(item, THOUSAND_GENOMES),
        "GnomAD": gnomad(item),
        "clinvar": first_of(item, CLINICAL),
        "background_median": info.get("PanelMedian", ""),
        "nr_std_from_background_median": info.get("PositionNrSD", ""),
        "nr_observed_in_normals": info.get("Artifact", ""),
    }
    return [str(names.get(column) or "") or UNKNOWN for column in COLUMNS]


def protein_change(item: ReportedVariant) -> str:
    """Return the protein change without accession and ``p.``."""
    name = item.consequence.hgvsp if item.consequence else ""
    return name.rpartition(":")[2].removeprefix("p.").replace("%3D", "=")


def depth_word(depth: float | None) -> str:
    """Return whether a depth is enough, in the table's words.

    >>> [depth_word(depth) for depth in (200, 199, 29, None)]
    ['ok', 'low', 'not analyzable', '']
    """
    if depth is None:
        return ""
    return "ok" if depth >= ENOUGH else "low" if depth >= LEAST else "not analyzable"


def first_of(item: ReportedVariant, names: tuple[str, ...]) -> str:
    """Return the first field of the annotation that says something."""
    return next((item.annotation[name] for name in names if item.annotation.get(name)), "")


def gnomad(item: ReportedVariant) -> str:
    """Return the highest frequency in gnomAD; empty where it has none or was not asked."""
    found = item.variant.frequencies.items()
    values = [
        known.value for name, known in found if GNOMAD.match(name) and known.value is not None
    ]
    return f"{max(values):.6g}" if values else ""
