"""Join reading, fit and writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.settings import Settings, about
from tumorkit.copynumber.normalize.analysis import normalize_pair
from tumorkit.copynumber.segment.analysis import segment
from tumorkit.copynumber.segment.pileup import pileup_ratios
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError, TumorkitError
from tumorkit.genome.build import BUILDS, Build, detect_build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import CopyRatios, Segment, floored
from tumorkit.genome.snps import SnpCounts
from tumorkit.genome.variant import Variant
from tumorkit.io.atomic import write_bytes
from tumorkit.io.bin_table import read_bin_table
from tumorkit.io.bins import bins_of
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.coverage import read_depths
from tumorkit.io.digest import input_file
from tumorkit.io.genes import read_genes
from tumorkit.io.outputs import Outputs, write_to
from tumorkit.io.segment_formats.dialects import is_bins
from tumorkit.io.segments import read_segments
from tumorkit.io.snps import is_pileup, read_snp_counts
from tumorkit.io.text import open_binary, read_lines
from tumorkit.io.vcf import open_vcf
from tumorkit.purity.alleles import segment_alleles
from tumorkit.purity.analysis import Sex, fit_purity
from tumorkit.purity.evidence import Mutation
from tumorkit.purity.mutations import inherited_hits, somatic_mutations
from tumorkit.purity.params import PurityParams
from tumorkit.purity.result import PurityResult
from tumorkit.purity.text import (
    ctdna_text,
    gene_text,
    hydra_text,
    mutation_text,
    purecn_text,
    segment_text,
    solution_text,
    summary,
)
from tumorkit.variants.calls import CallReader
from tumorkit.variants.roles import Roles, assign_roles

# Bins of a fixed size may end this far behind a chromosome's end; builds differ by more.
BEYOND = 200_000


@dataclass(frozen=True, kw_only=True)
class PurityFiles(Settings):
    """Files that stand beside the table of segments and the JSON."""

    solutions: Path | None = field(
        default=None, metadata=about("Table of the solutions (- is stdout).")
    )
    mutation_table: Path | None = field(
        default=None, metadata=about("Table of somatic variants: share of cells, multiplicity.")
    )
    gene_table: Path | None = field(
        default=None, metadata=about("Table of genes: LOH and two hits (with --genes).")
    )
    plot: Path | None = field(
        default=None, metadata=about("Picture of the fit: .svg, .png or .pdf.")
    )
    purecn_csv: Path | None = field(default=None, metadata=about("The row that PureCN writes."))
    hydra_purity: Path | None = field(
        default=None, metadata=about("Hydra-genetics' purity.txt: one number or NA.")
    )
    hydra_ctdna: Path | None = field(
        default=None, metadata=about("Hydra-genetics' ctDNA_fraction.tsv.")
    )


def run_purity(
    path: Path,
    *,
    normal_coverage: Path | None = None,
    snps: Path | None = None,
    somatic: Path | None = None,
    germline: Path | None = None,
    genes: Path | None = None,
    params: PurityParams | None = None,
    sex: Sex | None = None,
    build: Build | None = None,
    tumor: str | None = None,
    normal: str | None = None,
    paired: bool | None = None,
    sample: str = "",
    progress: Progress = SILENT,
) -> PurityResult:
    """Read segments and what else speaks, and fit purity and ploidy.

    ``path`` is a .cns, SEG or GATK segments; or copy ratios of bins, snp-pileup's CSV, or, with the
    normal's beside it (``normal_coverage``), the tumour's coverage, which are then segmented.
    ``snps`` are allele counts (VCF, pileup or table), ``somatic`` a VCF of mutations, ``germline``
    an annotated VCF of inherited variants. ``tumor`` and ``normal`` name the samples of VCFs;
    ``paired`` is whether the somatic VCF was called against the normal, None by whether it has one.
    The build is the one given, else the only one whose contigs can hold the segments.
    """
    notes: list[str] = []
    doubt, curves, used, pair = "", None, None, None
    pileup = read_snp_counts(path) if normal_coverage is None and is_pileup(path) else None
    counts = pileup if snps is None else counted(snps, tumor, normal)
    listed, against_own = segments_from(path, normal_coverage, pileup, counts, build, notes)
    if against_own:
        # Against the patient's own normal one X stands at log2 0 in either sex.
        params = replace(params or PurityParams(), haploid_x_reference=True)
    build = one_build(path, listed, [somatic, germline, snps], build) or build_of(listed)
    if counts is not None:
        found = segment_alleles(counts, listed)
        curves, used, doubt = found.curves or None, found.snps, found.doubt
        pair = found.pair
        notes += found.notes
    mutations, inherited = read_mutations(somatic, germline, tumor, normal, paired, notes)
    progress.log(f"{path.name}: {len(listed)} segments, {len(mutations)} somatic variants")
    try:
        result = fit_purity(
            listed,
            mutations,
            params,
            sex=sex,
            build=build,
            curves=curves,
            genes=[] if genes is None else read_genes(genes),
            germline=inherited,
            snps=used,
            notes=notes,
            doubt=doubt,
        )
    except ParameterError:
        raise
    except TumorkitError as error:
        raise InputError(path, error.message, hint=error.hint) from error
    named = {
        "segments": path, "normal_coverage": normal_coverage, "snps": snps, "somatic": somatic,
        "germline": germline, "genes": genes,
    }  # fmt: skip
    described = tuple(input_file(role, file) for role, file in named.items() if file)
    return replace(result, pair=pair).labelled(sample or path.name.partition(".")[0], described)


def counted(snps: Path, tumor: str | None, normal: str | None) -> SnpCounts:
    """Read allele counts of SNPs; of a VCF those of the samples that are meant."""
    first, second = names_in(snps, tumor, normal)
    return read_snp_counts(snps, tumor=first, normal=second)


def read_mutations(
    somatic: Path | None,
    germline: Path | None,
    tumor: str | None,
    normal: str | None,
    paired: bool | None,
    notes: list[str],
) -> tuple[list[Mutation], list[Mutation] | None]:
    """Read somatic mutations and inherited hits, None where nobody looked for these."""
    mutations: list[Mutation] = []
    if somatic is not None:
        variants, held = read_variants(somatic, tumor, normal)
        mutations, words = somatic_mutations(variants, paired=held if paired is None else paired)
        notes.append(words)
    inherited = None
    if germline is not None:
        found = carried(germline, normal)
        inherited, words = inherited_hits(found)
        notes.append(words)
        if found and all(item.consequences is None for item in found):
            # Nobody can tell a hit from a harmless variant: that is no look at the germline.
            inherited = None
            notes.append("germline not assessed: the germline VCF is not annotated")
    return mutations, inherited


def names_in(path: Path, tumor: str | None, normal: str | None) -> tuple[str | None, str | None]:
    """Return the names of tumour and normal in a VCF: as given, else by its header and names."""
    if not is_vcf(path):
        return tumor, normal
    with open_vcf(path) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=path)
    return roles.tumor, roles.normal


def segments_from(
    path: Path,
    normal_coverage: Path | None,
    pileup: SnpCounts | None,
    counts: SnpCounts | None,
    build: Build | None,
    notes: list[str],
) -> tuple[list[Segment], bool]:
    """Return segments as read or as made from bins, and whether a matched normal stands at log2 0.

    ``pileup`` is what the file itself holds, if it is snp-pileup's. Segments that are made follow
    alleles, too, where SNPs were counted.
    """
    if normal_coverage is not None:
        pair = normalize_pair(read_depths(path), read_depths(normal_coverage), build=build)
        notes += pair.notes
        notes.append(f"segmented here: {len(pair.ratios)} targets against the normal's coverage")
        return segmented(path, pair.ratios, counts, build), True
    if pileup is not None:
        notes.append(f"segmented here: {len(pileup)} sites of a pileup")
        return segmented(path, pileup_ratios(pileup), counts, build), True
    ratios = ratios_in(path)
    if ratios is None:
        return read_segments(path), False
    notes.append(f"segmented here: {len(ratios)} bins")
    return segmented(path, ratios, counts, build), False


def ratios_in(path: Path) -> CopyRatios | None:
    """Return the copy ratios of bins that a file holds, None where it holds something else.

    CNVkit's .cnr, GATK's denoised copy ratios, PureCN's log ratios of intervals. Raises
    :class:`InputError` for a coverage without its normal's.
    """
    names = header_names(path)
    if is_bins(names):
        return read_copy_ratios(path)
    words = {name.replace(".", "_") for name in names}
    if words & {"total_coverage", "average_coverage"}:
        raise InputError(
            path,
            "holds a coverage: there are no copy ratios without a normal's",
            hint="give the normal's coverage: --normal-coverage N.txt",
        )
    if "log_ratio" not in words:
        return None
    table = read_bin_table(path)
    bins = bins_of(table)
    return CopyRatios(
        contig=bins.contig,
        start=bins.start,
        end=bins.end,
        log2_ratio=floored(table.numbers("log_ratio")),
        weight=np.ones(len(bins)),
        gene=bins.gene,
        depth=np.full(len(bins), np.nan),
        target=bins.target,
    )


def header_names(path: Path) -> list[str]:
    """Return the column names of a table in lower case; none of a VCF or an empty file."""
    for _, line in read_lines(path):
        if line.startswith("##fileformat"):
            return []
        if line.strip() and not line.startswith(("@", "#")):
            cells = line.split("\t") if "\t" in line else line.split()
            return [cell.strip().strip('"').lower() for cell in cells]
    return []


def segmented(
    path: Path, ratios: CopyRatios, counts: SnpCounts | None, build: Build | None
) -> list[Segment]:
    """Segment copy ratios by depth, and by alleles where SNPs were counted."""
    try:
        return list(segment(ratios, build=build, snps=counts).segments)
    except ParameterError:
        raise
    except TumorkitError as error:
        raise InputError(path, error.message, hint=error.hint) from error


def one_build(
    path: Path, segments: Sequence[Segment], others: Sequence[Path | None], build: Build | None
) -> Build | None:
    """Return the build that is named or that the headers of VCFs show, None if none does.

    Raises :class:`ReferenceMismatchError` where two inputs are of different builds.
    """
    source = "the case is said to be on"
    hint = "give segments, SNPs and variants of one reference build"
    for other in others:
        if other is None or not is_vcf(other):
            continue
        with open_vcf(other) as vcf:
            found = detect_build(vcf.header.contig_lengths)
        if found is None:
            continue
        if build is None:
            build, source = found, f"{other.name} on"
            for item in segments:
                length = found.length(item.contig)
                if length is not None and item.end > length + BEYOND:
                    raise ReferenceMismatchError(
                        other,
                        f"is on {found.name}, but {path.name} has a segment that ends at "
                        f"{item.contig}:{item.end:,}, behind the end of that chromosome "
                        f"({length:,})",
                        hint=hint,
                    )
        elif found is not build:
            raise ReferenceMismatchError(
                other, f"is on {found.name}, but {source} {build.name}", hint=hint
            )
    return build


def is_vcf(path: Path) -> bool:
    """Whether a file begins as VCF or BCF does."""
    with open_binary(path) as handle:
        return handle.read(3).startswith((b"##", b"BCF"))


def build_of(segments: Sequence[Segment]) -> Build | None:
    """Return the one build whose contigs can hold all segments, None unless it is one."""
    ends: dict[str, int] = {}
    for item in segments:
        name = standard(item.contig)
        ends[name] = max(ends.get(name, 0), item.end)
    fitting = [
        build
        for build in BUILDS.values()
        if any(build.length(name) for name in ends)
        and all(end <= (build.length(name) or end) for name, end in ends.items())
    ]
    return fitting[0] if len(fitting) == 1 else None


def read_variants(path: Path, tumor: str | None, normal: str | None) -> tuple[list[Variant], bool]:
    """Read the variants of a somatic VCF, and whether it holds the matched normal."""
    with open_vcf(path) as source:
        roles = assign_roles(source.header, tumor=tumor, normal=normal, path=path)
        reader = CallReader(source.header, roles)
        found = [variant for record in source for variant in reader(record)]
        return found, roles.normal is not None


def carried(path: Path, normal: str | None) -> list[Variant]:
    """Read the variants of a germline VCF that its sample carries."""
    with open_vcf(path) as source:
        samples = source.header.samples
        name = normal if normal in samples else (samples[0] if samples else None)
        reader = CallReader(source.header, Roles(tumor=name, source="germline"))
        found = []
        for record in source:
            genotype = record.sample(name).get("GT", "1") if name else "1"
            for number, variant in enumerate(reader(record), start=1):
                if str(number) in genotype.replace("|", "/").split("/"):
                    found.append(variant)
        return found


def write_purity(result: PurityResult, outputs: Outputs, files: PurityFiles | None = None) -> None:
    """Write tables, JSON, pictures and other programs' files where they were asked for."""
    files = files or PurityFiles()
    outputs.claim(*vars(files).values())
    outputs.write_output(segment_text(result))
    for path, text in (
        (files.solutions, solution_text),
        (files.mutation_table, mutation_text),
        (files.gene_table, gene_text),
        (files.purecn_csv, purecn_text),
        (files.hydra_purity, hydra_text),
        (files.hydra_ctdna, ctdna_text),
    ):
        if path is not None:
            write_to(path, text(result))
    if files.plot is not None:
        draw(result, files.plot)
    outputs.write_json(to_document(result))
    if Path("-") not in (files.solutions, files.mutation_table, files.gene_table):
        outputs.summarize(summary(result))


def draw(result: PurityResult, path: Path) -> None:
    """Write the picture in the format of the path's suffix."""
    # matplotlib takes as long to load as the fit itself, so only who draws waits for it.
    from tumorkit.copynumber.plot.run import format_of
    from tumorkit.copynumber.plot.style import figure_bytes
    from tumorkit.purity.figure import fit_figure

    write_bytes(path, figure_bytes(fit_figure(result), format_of(path)))


def check_evaluable(result: PurityResult) -> None:
    """Raise where there is no purity."""
    if result.purity.value is None:
        raise TumorkitError(f"no purity: {result.purity.reason}")
