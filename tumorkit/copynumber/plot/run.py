"""Join reading, drawing and writing."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

import numpy as np
from matplotlib.figure import Figure

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.copynumber.call.analysis import Sex, call
from tumorkit.copynumber.call.params import CallParams
from tumorkit.copynumber.call.result import CallResult
from tumorkit.copynumber.plot.figure import genome_figure, region_figure
from tumorkit.copynumber.plot.gene import gene_figure
from tumorkit.copynumber.plot.labels import labels_of
from tumorkit.copynumber.plot.style import Format, figure_bytes
from tumorkit.copynumber.plot.tracks import Profile
from tumorkit.copynumber.segment.alleles import heterozygous
from tumorkit.copynumber.segment.bins import only_build
from tumorkit.copynumber.segment.params import SegmentParams
from tumorkit.copynumber.segment.pileup import pileup_ratios
from tumorkit.errors import ContigMismatchError, ParameterError
from tumorkit.genome.build import Build, detect_build
from tumorkit.genome.contigs import standard
from tumorkit.genome.segment import CopyRatios, Gene, Segment
from tumorkit.genome.snps import SnpCounts
from tumorkit.io.atomic import write_bytes
from tumorkit.io.copy_ratios import read_contig_lengths, read_copy_ratios
from tumorkit.io.genes import read_genes
from tumorkit.io.segments import read_segments
from tumorkit.io.snps import is_pileup, read_snp_counts

UNIT = {"": 1.0, "k": 1e3, "m": 1e6}
REGION = re.compile(
    r"(?:(?P<contig>[^:\s]+):)?(?P<start>[\d,.]+)(?P<a>[kKmM]?)[bB]?-(?P<end>[\d,.]+)(?P<b>[kKmM]?)[bB]?"
)


def run_plot(
    ratios: Path,
    segments: Path,
    *,
    genes: Path | None = None,
    build: Build | None = None,
    contig: str = "",
    region: str = "",
    gene: str = "",
    snps: Path | None = None,
    snp_sites: Path | None = None,
    tumor_sample: str | None = None,
    normal_sample: str | None = None,
    params: CallParams | None = None,
    purity: float | None = None,
    ploidy: float | None = None,
    sex: Sex | None = None,
    title: str = "",
    progress: Progress = SILENT,
) -> Figure:
    """Read bins, segments, and perhaps genes and SNPs, and draw them.

    Without more: the genome. ``contig`` draws one chromosome, ``region`` (``chr17:7-8Mb``) a
    stretch of it, ``gene`` one of the genes with its exons, flanks and test. ``snps`` add a panel
    of allele fractions, ``purity`` an axis of copies. Raises :class:`ParameterError` for a place
    or gene that is not there.
    """
    counts = None
    if snps is not None:
        counts = read_snp_counts(snps, tumor=tumor_sample, normal=normal_sample, sites=snp_sites)
    if is_pileup(ratios):
        pileup = read_snp_counts(ratios)
        counts, bins = counts or pileup, pileup_ratios(pileup)
    else:
        bins = read_copy_ratios(ratios)
        build = build or detect_build(read_contig_lengths(ratios))
    listed = read_segments(segments)
    build = build or only_build(bins)
    check_contigs(bins, listed, ratios, segments)
    loci = [] if genes is None else read_genes(genes)
    progress.log("calling segments and genes for colours and names")
    calls = None
    if listed:
        calls = call(bins, listed, loci, params, purity=purity, ploidy=ploidy, sex=sex, build=build)
    profile = Profile(
        ratios=bins,
        segments=listed,
        calls=calls,
        loci=loci,
        snps=None if counts is None else informative(counts),
        build=build,
        title=title or ratios.name.partition(".")[0],
    )
    return drawn(profile, contig=contig, region=region, gene=gene)


def drawn(profile: Profile, *, contig: str = "", region: str = "", gene: str = "") -> Figure:
    """Draw the view that was asked for."""
    bins, calls = profile.ratios, profile.calls
    labels = labels_of(calls.genes) if calls else []
    if gene:
        found = gene_named(gene, profile)
        own = [] if calls is None else [row for row in calls.genes if same(row.gene, found.name)]
        called = next((row for row in own if row.start < found.end and found.start < row.end), None)
        return gene_figure(profile, found, called)
    extent = None
    if region:
        named, start, end = parse_region(region)
        if named and contig and standard(named) != standard(contig):
            raise ParameterError(f"region {region} does not lie on contig {contig}")
        contig, extent = named or contig, (start, end)
        if not contig:
            raise ParameterError(f"region {region}: which contig?", "write chr17:7-8Mb")
    if contig:
        if standard(contig) not in {standard(name) for name in bins.contigs}:
            raise ParameterError(
                f"contig {contig!r} has no bin", f"contigs present: {', '.join(bins.contigs)[:120]}"
            )
        return region_figure(profile, contig, extent, genes_to_label=labels)
    return genome_figure(
        bins,
        profile.segments,
        genes_to_label=labels,
        build=profile.build,
        title=profile.title,
        calls=calls,
        snps=profile.snps,
    )


def check_contigs(bins: CopyRatios, listed: list[Segment], ratios: Path, segments: Path) -> None:
    """Raise where bins and segments share no contig."""
    there = {standard(name) for name in bins.contigs}
    if listed and not there & {standard(item.contig) for item in listed}:
        raise ContigMismatchError(
            segments,
            f"no segment lies on a contig of {ratios.name} ({', '.join(sorted(there))[:80]})",
            hint="take segments and copy ratios of one sample and build",
        )


def informative(snps: SnpCounts) -> SnpCounts:
    """Return the heterozygous SNPs, by the rule of segmentation."""
    snps = snps.in_order()
    reasons, _ = heterozygous(snps, SegmentParams())
    left = np.ones(len(snps), dtype=np.bool_)
    for _, bad in reasons:
        left &= ~bad
    return snps.taken(left)


def gene_named(name: str, profile: Profile) -> Gene:
    """Return a gene by its name, else by the labels of the bins."""
    found = [gene for gene in profile.loci if same(gene.name, name)]
    if found:
        there = {standard(contig) for contig in profile.ratios.contigs}
        return next((gene for gene in found if standard(gene.contig) in there), found[0])
    labels = profile.ratios.gene.tolist()
    rows = [at for at, label in enumerate(labels) if name in re.split(r"[,;|]", str(label))]
    if not rows:
        near = get_close_matches(name.upper(), [gene.name for gene in profile.loci], 3)
        hint = f"did you mean {', '.join(near)}?" if near else "give genes with --genes"
        raise ParameterError(f"no gene {name!r} among the genes or in the bins' labels", hint)
    contig = str(profile.ratios.contig[rows[0]])
    rows = [at for at in rows if profile.ratios.contig[at] == contig]
    spans = tuple((int(profile.ratios.start[at]), int(profile.ratios.end[at])) for at in rows)
    return Gene(name=name, contig=contig, start=spans[0][0], end=spans[-1][1], exons=())


def same(one: str, other: str) -> bool:
    """Whether two names are the same but for upper and lower case."""
    return one.upper() == other.upper()


def parse_region(text: str) -> tuple[str, int, int]:
    """Return contig (empty if not said), first base and base after the last, 0-based.

    Positions are 1-based and inclusive, or in kb or Mb; a unit at the end holds for both.

    >>> parse_region("chr17:7-8Mb"), parse_region("chr17:7,000,001-8,000,000")
    (('chr17', 7000000, 8000000), ('chr17', 7000000, 8000000))
    """
    match = REGION.fullmatch(text.strip())
    if match is None:
        raise ParameterError(f"cannot read the region {text!r}", "write chr17:7-8Mb")
    last = UNIT[match["b"].lower()]
    first = UNIT[match["a"].lower()] if match["a"] else last
    try:
        start, end = (float(match[key].replace(",", "")) for key in ("start", "end"))
    except ValueError:
        raise ParameterError(f"cannot read the region {text!r}", "write chr17:7-8Mb") from None
    low = round(start * first) - (first == 1)
    high = round(end * last)
    if not 0 <= low < high:
        raise ParameterError(f"region {text}: the end is not after the start")
    return match["contig"] or "", low, high


def format_of(path: Path) -> Format:
    """Return the format that a file's suffix asks for."""
    for kind in get_args(Format):
        if path.suffix.lower() == f".{kind}":
            return kind  # type: ignore[no-any-return]
    raise ParameterError(f"cannot draw {path.name!r}", "name the picture .svg, .png or .pdf")


def write_plot(figure: Figure, path: Path) -> None:
    """Write a figure in the format of the path's suffix, whole or not at all."""
    write_bytes(path, figure_bytes(figure, format_of(path)))


def draw(
    ratios: Path,
    segments: Path,
    picture: Path,
    result: CallResult,
    *,
    build: Build | None,
    title: str,
) -> None:
    """Draw bins and segments of one run, whose genes are called already, and write the picture."""
    figure = genome_figure(
        read_copy_ratios(ratios),
        read_segments(segments),
        genes_to_label=labels_of(result.genes),
        build=build,
        title=title,
        calls=result,
    )
    write_plot(figure, picture)
