"""Copy number of a case: from whatever it has to segments, genes and a picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Literal

from tumorkit.contract.result import to_document
from tumorkit.copynumber.alleles.run import AllelesFiles, run_alleles, write_alleles
from tumorkit.copynumber.bins import BinsParams
from tumorkit.copynumber.call import CallResult
from tumorkit.copynumber.call.run import run_call, write_call
from tumorkit.copynumber.coverage.run import run_coverage, write_coverage
from tumorkit.copynumber.normalize.run import Against, run_normalize, write_normalize
from tumorkit.copynumber.plot import genome_figure, labels_of
from tumorkit.copynumber.plot.run import write_plot
from tumorkit.copynumber.segment.run import run_segment, write_segment
from tumorkit.copynumber.workflow import RunParams
from tumorkit.copynumber.workflow.files import RunFiles
from tumorkit.copynumber.workflow.run import bins_for
from tumorkit.io.alignment import open_alignment
from tumorkit.io.atomic import write_text
from tumorkit.io.bins import bins_text
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.outputs import Outputs
from tumorkit.io.segments import read_segments
from tumorkit.io.snps import read_snp_counts
from tumorkit.io.vcf import open_vcf
from tumorkit.profile.result import Part
from tumorkit.profile.work import Work, known, unknown
from tumorkit.report.tracks import SUFFIX as TRACKS
from tumorkit.report.tracks import tracks_from

BINS = "bins.bed"
SNPS = "snps.tsv"
METHODS: dict[str, Literal["hybrid", "amplicon", "wgs"]] = {"amplicon": "amplicon", "wgs": "wgs"}
NOTHING = (
    "no copy ratios (--copy-ratios), segments (--segments), or pair of coverages or alignments "
    "with targets were given"
)
NO_NORMAL = (
    "the tumour's coverage has nothing to be held against: no panel of normals "
    "(--panel-of-normals), no normal (--normal, --normal-coverage) and no copy ratios were given"
)
NO_TUMOR = (
    "a panel of normals, but nothing of the tumour to hold against it: no coverage (--coverage) "
    "and no alignment (--tumor) were given"
)


def copy_number_part(work: Work) -> Part:
    """Segment the copy ratios, call segments and genes, draw the genome."""
    files: list[str] = []
    ratios, haploid_x = copy_ratios_of(work, files)
    segments = work.case.inputs.segments
    if ratios is None and segments is None:
        given = work.case.inputs.given()
        partial = "coverage" in given or {"tumor", "targets"} <= set(given)
        if "panel_of_normals" in given and not partial and "tumor" not in given:
            return unknown("copy_number", NO_TUMOR)
        return unknown("copy_number", NO_NORMAL if partial else NOTHING)
    if segments is None and ratios is not None:
        segments = segmented(work, ratios, files)
    if segments is None:
        raise AssertionError("either segments or copy ratios are there")
    result = called(work, ratios, segments, files, haploid_x=haploid_x)
    if ratios is not None:
        picture = work.outdir / "copy_number.svg"
        figure = genome_figure(
            read_copy_ratios(ratios),
            read_segments(segments),
            genes_to_label=labels_of(result.genes),
            build=work.case.build,
            title=work.case.sample,
            calls=result,
        )
        write_plot(figure, picture)
        files += [picture.name, written_tracks(work, ratios, with_snps=SNPS in files)]
    return known("copy_number", to_document(result), *files)


def written_tracks(work: Work, ratios: Path, *, with_snps: bool) -> str:
    """Write copy ratios and allele fractions for the report's viewer; return the file's name."""
    name = f"copy_number{TRACKS}"
    snps = read_snp_counts(work.outdir / SNPS) if with_snps else None
    bins, build = read_copy_ratios(ratios), work.case.build
    lengths = {name: (build.length(name) if build else None) or 0 for name in bins.contigs}
    tracks = tracks_from(bins, snps, lengths)
    write_text(work.outdir / name, json.dumps(tracks, separators=(",", ":")) + "\n")
    return name


def called(
    work: Work, ratios: Path | None, segments: Path, files: list[str], *, haploid_x: bool
) -> CallResult:
    """Call segments and genes; a purity that is known gives absolute copies."""
    inputs, case = work.case.inputs, work.case.case
    purity = work.document("purity")
    ploidy = purity.get("ploidy") or {}
    matched = haploid_x and inputs.panel_of_normals is None
    result = run_call(
        segments,
        ratios=ratios,
        genes=inputs.genes or inputs.exons,
        params=replace(
            work.case.assay.call,
            haploid_x_reference=(haploid_x and not matched) or case.haploid_x_reference,
            matched_normal=matched,
        ),
        purity=purity.get("value"),
        ploidy=ploidy.get("value"),
        sex=case.sex or None,
        build=work.case.build,
        sample=work.case.sample,
        progress=work.progress,
    )
    table = work.outdir / "genes.tsv"
    write_call(result, Outputs(output=work.outdir / "segments.call.cns"), gene_table=table)
    files += ["segments.call.cns", table.name]
    return result


def segmented(work: Work, ratios: Path, files: list[str]) -> Path:
    """Segment copy ratios and write ``segments.cns``."""
    path = work.outdir / "segments.cns"
    found = run_segment(
        ratios,
        params=work.case.assay.segment,
        build=work.case.build,
        sample=work.case.sample,
        snps=counted_snps(work, files),
        progress=work.progress,
    )
    write_segment(found, Outputs(output=path))
    files.append(path.name)
    return path


def copy_ratios_of(work: Work, files: list[str]) -> tuple[Path | None, bool]:
    """Return copy ratios as given or made, and whether one X stands at log2 0 in them.

    A panel of normals goes before the patient's own normal: it knows how much each bin varies.
    Against the patient's own normal one X stands at log2 0, too.
    """
    inputs = work.case.inputs
    if inputs.copy_ratios is not None:
        return inputs.copy_ratios, False
    # Depth is measured where the panel has its bins.
    places = inputs.panel_of_normals or made_bins(work, files) or inputs.targets
    tumor = coverage_of(work, inputs.coverage, inputs.tumor, places, "tumor", files)
    normal = None
    if inputs.panel_of_normals is None:
        normal = coverage_of(work, inputs.normal_coverage, inputs.normal, places, "normal", files)
        if normal is None:
            return None, False
    if tumor is None:
        return None, False
    found = run_normalize(
        [tumor],
        Against(
            panel_of_normals=inputs.panel_of_normals,
            normal=normal,
            reference=None if places is not None and places.name == BINS else inputs.reference,
            bins=places if places is not None and places.name == BINS else None,
        ),
        build=work.case.build,
        sex=work.case.case.sex or None,
        progress=work.progress,
    )
    for note in found.notes:
        work.progress.log(note)
    path, dropped = work.outdir / "copy_ratios.cnr", work.outdir / "dropped_bins.tsv"
    write_normalize(found, Outputs(output=path), dropped=dropped)
    files += [path.name, dropped.name]
    return path, bool(found.haploid_x_reference)


def made_bins(work: Work, files: list[str]) -> Path | None:
    """Write bins of targets and of what lies between them, where both samples are alignments.

    None where coverages were given, which have their own bins, or where there is no reference.
    """
    inputs, case = work.case.inputs, work.case.case
    needed = (inputs.tumor, inputs.normal, inputs.targets, inputs.reference)
    given = (inputs.coverage, inputs.normal_coverage, inputs.panel_of_normals)
    if inputs.tumor is None or inputs.reference is None or None in needed or any(given):
        return None
    method = METHODS.get(case.library or work.case.assay.library, "hybrid")
    made = bins_for(
        RunFiles(tumor=inputs.tumor, reference=inputs.reference, targets=inputs.targets),
        RunParams(bins=BinsParams(method=method)),
        open_alignment(inputs.tumor, reference=inputs.reference),
        work.progress,
    )
    for note in made.notes:
        work.progress.log(note)
    path = work.outdir / BINS
    write_text(path, bins_text(made.bins))
    files.append(path.name)
    return path


def counted_snps(work: Work, files: list[str]) -> Path | None:
    """Write reads of both alleles at SNPs: those of the germline VCF, else those the reads show.

    None where the tumour has no alignment, where no normal tells which SNPs are heterozygous, or
    where none is.
    """
    inputs = work.case.inputs
    shown = None not in (inputs.normal, inputs.targets, inputs.reference)
    if inputs.tumor is None or not (inputs.germline or shown):
        return None
    found = run_alleles(
        AllelesFiles(
            tumor=inputs.tumor,
            normal=inputs.normal,
            germline=inputs.germline,
            targets=inputs.targets,
            reference=inputs.reference,
            normal_sample=normal_in(inputs.germline, work.case.normal),
        ),
        threads=work.threads,
        progress=work.progress,
    )
    for note in found.notes:
        work.progress.log(note)
    if not found.heterozygous:
        return None
    path = work.outdir / SNPS
    write_alleles(found, Outputs(output=path))
    files.append(path.name)
    return path


def normal_in(germline: Path | None, name: str | None) -> str | None:
    """Return the normal's name if the germline VCF has it; a VCF of one sample needs none."""
    if germline is None or name is None:
        return None
    with open_vcf(germline) as source:
        return name if name in source.header.samples else None


def coverage_of(
    work: Work,
    coverage: Path | None,
    alignment: Path | None,
    places: Path | None,
    role: str,
    files: list[str],
) -> Path | None:
    """Return a coverage as given, or measured on the bins or targets of ``places``."""
    if coverage is not None or alignment is None or places is None:
        return coverage
    path = work.outdir / f"{role}.cnn"
    found = run_coverage(
        alignment,
        targets=places,
        reference=work.case.inputs.reference,
        threads=work.threads,
        progress=work.progress,
    )
    write_coverage(found, Outputs(output=path))
    files.append(path.name)
    return path
