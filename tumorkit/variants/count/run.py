"""Join reading sites, counting and writing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.contract.summary import Summary
from tumorkit.errors import ReferenceMismatchError
from tumorkit.genome.interval import Interval
from tumorkit.genome.site import shortest
from tumorkit.genome.variant import Variant
from tumorkit.io.alignment import Alignment, open_alignment, placed_on, renaming_note
from tumorkit.io.alleles import count_alleles
from tumorkit.io.digest import digest_beside, input_file
from tumorkit.io.fasta import open_fasta
from tumorkit.io.outputs import Outputs
from tumorkit.io.sites import read_sites, read_sites_build
from tumorkit.variants.background.model import Background
from tumorkit.variants.background.run import open_background
from tumorkit.variants.count.analysis import NOT_COUNTABLE, tabulate_counts
from tumorkit.variants.count.detection import judge_sites
from tumorkit.variants.count.params import CountParams
from tumorkit.variants.count.result import COUNTS, CountResult


def run_count(
    alignment: Path,
    *,
    sites: Path,
    reference: Path | None = None,
    background: Path | None = None,
    params: CountParams | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> CountResult:
    """Count the fragments for and against the alleles of a list in a BAM or CRAM.

    ``sites`` is a VCF, a table with columns contig, pos, ref, alt, or a BED with ref and alt.
    With a ``reference`` the REF of every site is compared with it: a site that disagrees is not
    evaluable, and a list in which most disagree is refused. With a ``background`` of normals every
    site is said to be present, absent or not evaluable.
    """
    params = params or CountParams()
    panel, warnings = open_panel(background, reference, params)
    opened = open_alignment(alignment, reference=reference, progress=progress)
    digest_beside([alignment, sites, background])
    check_build(opened, sites)
    variants = read_sites(sites)
    places = [
        Interval(v.contig, max(v.pos - 1, 0), max(v.pos - 1, 0) + len(v.ref)) for v in variants
    ]
    placed = placed_on(opened, places, source=sites, progress=progress)
    reasons = reference_reasons(variants, reference, sites)
    short = [
        shortest(place.contig, v.pos, v.ref, v.alt)
        for v, place in zip(variants, placed, strict=True)
    ]
    reasons = [
        reason or ("" if site is not None else NOT_COUNTABLE)
        for reason, site in zip(reasons, short, strict=True)
    ]
    countable = [n for n, reason in enumerate(reasons) if not reason]
    counts = np.zeros((len(variants), 5, 2), dtype=np.int32)
    counts[countable] = count_alleles(
        opened,
        [site for n in countable if (site := short[n]) is not None],
        min_mapping_quality=params.min_mapping_quality,
        min_base_quality=params.min_base_quality,
        threads=threads,
        progress=progress,
    )
    result = tabulate_counts(variants, counts, reasons, params)
    inputs = [input_file("alignment", alignment), input_file("sites", sites)]
    if panel is not None and background is not None:
        result = replace(result, sites=judge_sites(result.sites, panel, params))
        inputs.append(input_file("background", background))
    return replace(
        result,
        sample=opened.sample,
        build=opened.build.name if opened.build else "",
        inputs=tuple(inputs),
        notes=tuple(filter(None, [renaming_note(opened, places, sites), *warnings])),
    )


def open_panel(
    background: Path | None, reference: Path | None, params: CountParams
) -> tuple[Background | None, tuple[str, ...]]:
    """Open a background and say what about it does not fit the sample; None where none is asked."""
    if background is None:
        return None, ()
    panel = open_background(background, reference=reference)
    notes = panel.check_sample(params.material, params.reads)
    ours = (params.min_mapping_quality, params.min_base_quality)
    theirs = (panel.min_mapping_quality, panel.min_base_quality)
    if ours != theirs:
        notes += (
            f"the background was counted with mapping and base quality {theirs[0]} and "
            f"{theirs[1]}, this sample with {ours[0]} and {ours[1]}: p-values do not hold",
        )
    return panel, notes


def check_build(opened: Alignment, sites: Path) -> None:
    """Raise where the header of the sites tells of another build than the alignment's."""
    build = read_sites_build(sites)
    if build is not None and opened.build is not None and build is not opened.build:
        raise ReferenceMismatchError(
            sites,
            f"is on {build.name}, but {opened.path.name} is on {opened.build.name}",
            hint="give sites of the build that the reads were aligned to",
        )


def reference_reasons(
    variants: Sequence[Variant], reference: Path | None, sites: Path
) -> list[str]:
    """Say which variants have a REF that is not what the reference holds."""
    if reference is None:
        return [""] * len(variants)
    reasons = []
    with open_fasta(reference) as fasta:
        for variant in variants:
            there = fasta.fetch(variant.contig, variant.pos - 1, variant.pos - 1 + len(variant.ref))
            same = not there or there == variant.ref.upper()
            reasons.append("" if same else f"the reference has {there} here, not {variant.ref}")
    wrong = sum(map(bool, reasons))
    if 2 * wrong > len(variants):
        raise ReferenceMismatchError(
            sites,
            f"{wrong} of {len(variants)} sites have a REF that {reference.name} does not have",
            hint="the sites and the reference are probably of different builds",
        )
    return reasons


def write_count(result: CountResult, outputs: Outputs) -> None:
    """Write the table, JSON and the short table where they were asked for."""
    outputs.write_output(COUNTS.text_of(result.sites))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))


def summary(result: CountResult) -> Summary:
    """Return the short table."""
    carried = sum(bool(row.alt_depth) for row in result.sites)
    rows: tuple[tuple[str, str], ...] = (
        ("sites", str(len(result.sites))),
        ("evaluable", str(result.evaluable)),
        ("with fragments of the alternative", str(carried)),
    )
    verdicts = Counter(row.detection for row in result.sites if row.detection)
    if verdicts:
        rows += tuple(
            (f"{name.replace('_', ' ')}, by the background", str(verdicts[name]))
            for name in ("present", "absent", "not_evaluable")
        )
    return Summary(
        title=f"{result.sample}: counts at sites",
        columns=("what", "value"),
        rows=rows,
        notes=result.notes,
    )
