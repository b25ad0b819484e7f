"""Join reading SNPs and alignments, counting and writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import to_document
from tumorkit.copynumber.alleles.analysis import heterozygous_rows, snps_shown, x_counts
from tumorkit.copynumber.alleles.params import AllelesParams
from tumorkit.copynumber.alleles.result import AllelesResult, Source
from tumorkit.copynumber.alleles.table import alleles_text, summary
from tumorkit.errors import InputError, ParameterError, ReferenceMismatchError
from tumorkit.genome.build import Build
from tumorkit.genome.contigs import match_names
from tumorkit.genome.interval import Interval, Territory
from tumorkit.genome.site import Site
from tumorkit.genome.snps import SnpCounts
from tumorkit.io.alignment import Alignment, open_alignment, placed_on
from tumorkit.io.alleles import ALT, REF, count_alleles
from tumorkit.io.bed import read_intervals
from tumorkit.io.digest import digest_beside, input_file, require_two_files
from tumorkit.io.fasta import Fasta, open_fasta
from tumorkit.io.genotypes import Genotype, read_genotypes
from tumorkit.io.outputs import Outputs
from tumorkit.io.pileup import Stretch, count_bases, stretches_of
from tumorkit.io.sites import read_sites
from tumorkit.io.snps import BASES

# SNPs whose REF is compared with the reference.
CHECKED = 2_000
LETTERS = np.array(list("ACGT"))
NO_NORMAL_COUNTS = (
    "the germline VCF has no read counts (AD) and no normal alignment was given: heterozygous SNPs "
    "are judged by the tumour's reads, and complete loss may be missed; give --normal"
)


@dataclass(frozen=True, kw_only=True)
class AllelesFiles:
    """Inputs of allele counts; only the tumour's alignment is always needed.

    SNPs are those of ``germline`` (the normal's VCF, its column ``normal_sample``), else of
    ``snps`` (population sites), else those that the reads show on ``targets`` of the
    ``reference``. ``targets`` also bound where listed SNPs are counted.
    """

    tumor: Path
    normal: Path | None = None
    germline: Path | None = None
    snps: Path | None = None
    targets: Path | None = None
    reference: Path | None = None
    normal_sample: str | None = None

    @property
    def source(self) -> Source:
        """Where the SNPs are from."""
        if self.germline is not None:
            return "germline"
        return "sites" if self.snps is not None else "reads"

    def given(self) -> list[tuple[str, Path]]:
        """Return role and path of each file that was given."""
        return [(role, path) for role, path in vars(self).items() if isinstance(path, Path)]

    def checked(self) -> None:
        """Raise :class:`ParameterError` where the SNPs are given twice, or not at all."""
        if self.germline is not None and self.snps is not None:
            raise ParameterError(
                "give --snps or --germline, not both", "the normal's own VCF is best"
            )
        if self.source == "reads" and (self.targets is None or self.reference is None):
            raise ParameterError(
                "SNPs are looked for on targets, against the reference",
                "give --snps SITES or --germline VCF, or both --targets and --reference",
            )


@dataclass(frozen=True)
class _Listed:
    """SNPs of a list on contigs of the tumour, and what was left out of it.

    ``known`` has the person's own counts by the germline VCF, -1 where it has none.
    """

    sites: list[Site]
    known: NDArray[np.int64]
    listed: int
    outside: int = 0
    not_snps: int = 0
    homozygous: int = 0
    x: tuple[int, int] | None = None


def run_alleles(
    files: AllelesFiles,
    *,
    params: AllelesParams | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
) -> AllelesResult:
    """Count reads of both alleles at SNPs of a tumour, and of its normal where there is one.

    Threads change nothing but the time. Raises :class:`ReferenceMismatchError` where the SNPs are
    of another build than the reads.
    """
    params = params or AllelesParams()
    files.checked()
    tumor = open_alignment(files.tumor, reference=files.reference, progress=progress)
    normal = None
    if files.normal is not None:
        require_two_files(files.tumor, files.normal)
        normal = open_alignment(files.normal, reference=files.reference, progress=progress)
    digest_beside(path for _, path in files.given())
    notes: list[str] = []
    if files.source == "reads":
        counts, letters = counted_reads(
            tumor, normal, files, params, threads=threads, progress=progress
        )
        notes += found_notes(matched=normal is not None)
        x = None
        listed = _Listed([], np.zeros((0, 2), dtype=np.int64), len(counts))
    else:
        listed = listed_snps(files, tumor, params)
        progress.log(f"{files.tumor.name}: alleles of {len(listed.sites)} SNPs")
        counts, letters = counted_sites(
            tumor, normal, listed, files, params, threads=threads, progress=progress
        )
        if files.source == "germline" and not counts.matched:
            notes.append(NO_NORMAL_COUNTS)
        x = listed.x
    shown = heterozygous_rows(counts, params)
    if x is None and counts.matched:
        x = x_of(counts, shown, tumor.build, params)
    depth = counts.ref + counts.alt
    return AllelesResult(
        sample=tumor.sample,
        build=tumor.build.name if tumor.build else "",
        inputs=tuple(input_file(role, path) for role, path in files.given()),
        counts=counts,
        reference_bases=letters[:, 0],
        other_bases=letters[:, 1],
        source=files.source,
        listed=listed.listed,
        outside=listed.outside,
        not_snps=listed.not_snps,
        homozygous=listed.homozygous,
        snps=len(counts),
        matched=counts.matched,
        heterozygous=int(shown.sum()),
        median_depth=float(np.median(depth)) if len(depth) else None,
        x_sites=None if x is None else x[0],
        x_heterozygous=None if x is None else x[1],
        notes=tuple(notes) if shown.any() else (*notes, "no heterozygous SNP was found"),
        params=params,
    )


def found_notes(*, matched: bool) -> list[str]:
    """Say what SNPs found in reads are worth."""
    if matched:
        return []
    return [
        "SNPs were found in the tumour's own reads: somatic variants are among them, and a SNP "
        "that lost one allele altogether is not; a list (--snps) or a normal is better"
    ]


def x_of(
    counts: SnpCounts, shown: NDArray[np.bool_], build: Build | None, params: AllelesParams
) -> tuple[int, int] | None:
    """Return SNPs on X that the normal's reads tell of, and how many are heterozygous."""
    if counts.normal_ref is None or counts.normal_alt is None:
        return None
    deep = counts.normal_ref + counts.normal_alt >= params.snp_least_depth
    return x_counts(counts.contig[deep], counts.position[deep], shown[deep], build)


def listed_snps(files: AllelesFiles, tumor: Alignment, params: AllelesParams) -> _Listed:
    """Return the SNPs of the germline VCF or of the list of sites that can be counted."""
    x = None
    if files.germline is not None:
        source = files.germline
        genotypes = read_genotypes(files.germline, sample=files.normal_sample)
        x = x_counts(
            np.array([one.contig for one in genotypes]),
            np.array([one.position for one in genotypes], dtype=np.int64),
            np.array([one.heterozygous for one in genotypes]),
            tumor.build,
        )
        rows = [one for one in genotypes if one.heterozygous]
        homozygous, number, not_snps = len(genotypes) - len(rows), len(genotypes), 0
    else:
        source = files.snps or files.tumor
        variants = read_sites(source)
        rows = [
            Genotype(
                contig=v.contig,
                position=v.pos - 1,
                ref=v.ref.upper(),
                alt=v.alt.upper(),
                heterozygous=False,
                reads=None,
            )
            for v in variants
            if v.ref.upper() in BASES and v.alt.upper() in BASES
        ]
        homozygous, number, not_snps = 0, len(variants), len(variants) - len(rows)
    near = near_targets(files.targets, tumor, params.snp_margin)
    names = match_names(dict.fromkeys(one.contig for one in rows), tumor.lengths)
    kept: dict[tuple[str, int], tuple[Site, tuple[int, int]]] = {}
    outside = 0
    for one in rows:
        name = names.get(one.contig)
        if name is None or (near is not None and not near.contains(name, one.position)):
            outside += 1
            continue
        require_inside(source, one, name, tumor)
        site = Site(contig=name, position=one.position, ref=one.ref, alt=one.alt, kind="snv")
        kept.setdefault((name, one.position), (site, one.reads or (-1, -1)))
    if not kept:
        raise InputError(
            source,
            f"none of its {number} rows is a SNP on a target of {tumor.path.name}",
            hint="are SNPs, targets and reads of one build?",
        )
    sites = [site for site, _ in kept.values()]
    check_bases(source, sites, files.reference)
    return _Listed(
        sites=sites,
        known=np.array([reads for _, reads in kept.values()], dtype=np.int64),
        listed=number,
        outside=outside,
        not_snps=not_snps + len(rows) - outside - len(kept),
        homozygous=homozygous,
        x=x,
    )


def require_inside(source: Path, one: Genotype, name: str, tumor: Alignment) -> None:
    """Raise where a SNP lies beyond the end of its contig."""
    if one.position >= tumor.lengths[name]:
        raise ReferenceMismatchError(
            source,
            f"{one.contig}:{one.position + 1} lies beyond the end of {name} "
            f"({tumor.lengths[name]:,} bases) in {tumor.path.name}",
            hint="the two were probably made on different reference builds",
        )


def near_targets(path: Path | None, tumor: Alignment, margin: int) -> Territory | None:
    """Return targets grown by the margin under the names of the alignment, None without any."""
    if path is None:
        return None
    targets = read_intervals(path)
    names = match_names(dict.fromkeys(item.contig for item in targets), tumor.lengths)
    return Territory(
        Interval(names[item.contig], max(item.start - margin, 0), item.end + margin)
        for item in targets
        if item.contig in names
    )


def check_bases(source: Path, sites: Sequence[Site], reference: Path | None) -> None:
    """Raise where most SNPs have a REF that the reference does not have there."""
    if reference is None:
        return
    looked = sites[:: max(1, len(sites) // CHECKED)]
    with open_fasta(reference) as fasta:
        wrong = sum(
            fasta.fetch(site.contig, site.position, site.position + 1) not in ("", "N", site.ref)
            for site in looked
            if fasta.name_of(site.contig) is not None
        )
    if 2 * wrong > len(looked):
        raise ReferenceMismatchError(
            source,
            f"{wrong} of {len(looked)} SNPs have a REF that {reference.name} does not have",
            hint="the SNPs and the reference are probably of different builds",
        )


def counted_sites(
    tumor: Alignment,
    normal: Alignment | None,
    listed: _Listed,
    files: AllelesFiles,
    params: AllelesParams,
    *,
    threads: int,
    progress: Progress,
) -> tuple[SnpCounts, NDArray[np.str_]]:
    """Count the alleles of listed SNPs in both samples; return them with their letters."""

    def reads_of(opened: Alignment) -> NDArray[np.int64]:
        names = match_names(dict.fromkeys(site.contig for site in listed.sites), opened.lengths)
        there = [n for n, site in enumerate(listed.sites) if site.contig in names]
        found = np.zeros((len(listed.sites), 2), dtype=np.int64)
        counts = count_alleles(
            opened,
            [replace(listed.sites[n], contig=names[listed.sites[n].contig]) for n in there],
            min_mapping_quality=params.min_mapping_quality,
            min_base_quality=params.min_base_quality,
            threads=threads,
            progress=progress,
        )
        found[there] = counts[:, (REF, ALT)].sum(axis=2)
        return found

    own = reads_of(tumor)
    other = None
    if normal is not None:
        other = reads_of(normal)
    elif files.source == "germline" and (listed.known >= 0).any():
        other = np.maximum(listed.known, 0)
    counts = SnpCounts(
        contig=np.array([site.contig for site in listed.sites], dtype=np.str_),
        position=np.array([site.position for site in listed.sites], dtype=np.int64),
        ref=own[:, 0],
        alt=own[:, 1],
        normal_ref=None if other is None else other[:, 0],
        normal_alt=None if other is None else other[:, 1],
    )
    rows = counts.order()
    letters = np.array([(site.ref, site.alt) for site in listed.sites], dtype=np.str_)
    return counts.taken(rows), letters[rows]


def counted_reads(
    tumor: Alignment,
    normal: Alignment | None,
    files: AllelesFiles,
    params: AllelesParams,
    *,
    threads: int,
    progress: Progress,
) -> tuple[SnpCounts, NDArray[np.str_]]:
    """Find SNPs in the reads on targets: of the normal where there is one, else of the tumour."""
    if files.targets is None or files.reference is None:
        raise AssertionError("AllelesFiles.checked asks for both")
    targets = read_intervals(files.targets)
    progress.log(f"{files.tumor.name}: looking for SNPs on {len(targets)} targets")
    stretches = stretches_of(placed_on(tumor, targets, source=files.targets, progress=progress))
    both = [tumor] if normal is None else [tumor, normal]
    contigs = dict.fromkeys(stretch.contig for stretch in stretches)
    names = [match_names(contigs, one.lengths) for one in both]
    stretches = [one for one in stretches if all(one.contig in there for there in names)]
    counted = count_bases(
        both,
        names,
        stretches,
        params.min_mapping_quality,
        params.min_base_quality,
        threads=threads,
        progress=progress,
    )
    contig: list[str] = []
    parts: list[NDArray[np.int64]] = []
    with open_fasta(files.reference) as fasta:
        for stretch, found in zip(stretches, counted, strict=True):
            bases = [counts.astype(np.int64) for counts, _ in found]
            reference = codes_of(fasta, stretch)
            places, other = snps_shown(bases[-1], reference, params, matched=normal is not None)
            ref = reference[places]
            columns = [stretch.positions[places], ref, other]
            for one in bases:
                columns += [one[places, ref], one[places, other]]
            parts.append(np.column_stack(columns))
            contig += [stretch.contig] * len(places)
    width = 3 + 2 * len(both)
    table = np.concatenate([np.zeros((0, width), dtype=np.int64), *parts])
    shown = SnpCounts(
        contig=np.array(contig, dtype=np.str_),
        position=table[:, 0],
        ref=table[:, 3],
        alt=table[:, 4],
        normal_ref=None if normal is None else table[:, 5],
        normal_alt=None if normal is None else table[:, 6],
    )
    rows = shown.order()
    return shown.taken(rows), LETTERS[table[rows, 1:3]]


def codes_of(fasta: Fasta, stretch: Stretch) -> NDArray[np.int64]:
    """Return the reference's bases of a stretch as 0 to 3, -1 for any other or unknown."""
    codes = np.full(256, -1, dtype=np.int64)
    codes[np.frombuffer(b"ACGT", dtype=np.uint8)] = np.arange(4)
    size = int((stretch.ends - stretch.starts).sum())
    if fasta.name_of(stretch.contig) is None:
        return np.full(size, -1, dtype=np.int64)
    text = [
        fasta.fetch(stretch.contig, start, end).ljust(end - start, "N")
        for start, end in zip(stretch.starts.tolist(), stretch.ends.tolist(), strict=True)
    ]
    return codes[np.frombuffer("".join(text).encode("ascii"), dtype=np.uint8)]


def write_alleles(result: AllelesResult, outputs: Outputs) -> None:
    """Write the table of SNPs, JSON and the short table where they were asked for."""
    outputs.write_output(alleles_text(result))
    outputs.write_json(to_document(result))
    outputs.summarize(summary(result))
