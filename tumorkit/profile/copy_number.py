"""Copy number of a case: segments and genes called, and a picture of the genome."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tumorkit.contract.result import to_document
from tumorkit.copynumber.call import CallResult
from tumorkit.copynumber.call.run import run_call, write_call
from tumorkit.copynumber.plot import genome_figure, labels_of
from tumorkit.copynumber.plot.run import write_plot
from tumorkit.io.atomic import write_text
from tumorkit.io.copy_ratios import read_copy_ratios
from tumorkit.io.outputs import Outputs
from tumorkit.io.segments import read_segments
from tumorkit.io.snps import read_snp_counts
from tumorkit.profile.purity import fit_of
from tumorkit.profile.result import Part
from tumorkit.profile.segments import Segmented, segmented_files
from tumorkit.profile.work import Work, known
from tumorkit.report.tracks import SUFFIX as TRACKS
from tumorkit.report.tracks import tracks_from


def copy_number_part(work: Work) -> Part:
    """Call segments and genes, draw the genome; without segments say why there are none."""
    found = segmented_files(work)
    if found is None:
        return replace(work.done["segments"], name="copy_number", title="Copy number", files=())
    files: list[str] = []
    result = called(work, found, files)
    if found.ratios is not None:
        picture = work.outdir / "copy_number.svg"
        figure = genome_figure(
            read_copy_ratios(found.ratios),
            read_segments(found.segments),
            genes_to_label=labels_of(result.genes),
            build=work.case.build,
            title=work.case.sample,
            calls=result,
        )
        write_plot(figure, picture)
        files += [picture.name, written_tracks(work, found.ratios, found.snps)]
    return known("copy_number", to_document(result), *files)


def written_tracks(work: Work, ratios: Path, counted: Path | None) -> str:
    """Write copy ratios and allele fractions for the report's viewer; return the file's name."""
    name = f"copy_number{TRACKS}"
    snps = read_snp_counts(counted) if counted is not None else None
    bins, build = read_copy_ratios(ratios), work.case.build
    lengths = {name: (build.length(name) if build else None) or 0 for name in bins.contigs}
    tracks = tracks_from(bins, snps, lengths)
    write_text(work.outdir / name, json.dumps(tracks, separators=(",", ":")) + "\n")
    return name


def called(work: Work, found: Segmented, files: list[str]) -> CallResult:
    """Call segments and genes; a purity that was given or fitted gives absolute copies."""
    inputs, case = work.case.inputs, work.case.case
    fit = fit_of(work)
    matched = found.haploid_x and inputs.panel_of_normals is None
    result = run_call(
        found.segments,
        ratios=found.ratios,
        genes=inputs.genes or inputs.exons,
        params=replace(
            work.case.assay.call,
            haploid_x_reference=(found.haploid_x and not matched) or case.haploid_x_reference,
            matched_normal=matched,
        ),
        purity=None if fit is not None else case.purity,
        ploidy=None
        if fit is not None
        else (work.document("purity").get("ploidy") or {}).get("value"),
        purity_fit=fit,
        sex=case.sex or None,
        build=work.case.build,
        sample=work.case.sample,
        progress=work.progress,
    )
    table = work.outdir / "genes.tsv"
    write_call(result, Outputs(output=work.outdir / "segments.call.cns"), gene_table=table)
    files += ["segments.call.cns", table.name]
    return result
