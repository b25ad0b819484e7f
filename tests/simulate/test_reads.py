"""The BAM files hold what the truth says; alignments are read here by pysam alone."""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pysam
import pytest

from tumorkit.simulate.copy_number import SegmentIndex, expected_log2
from tumorkit.simulate.nouns import Case
from tumorkit.simulate.params import SimulateParams


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open() as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def alignment(folder: Path, name: str) -> Any:
    return pysam.AlignmentFile(str(folder / f"{name}.bam"))


def bases_at(bam: Any, contig: str, pos: int) -> list[tuple[str, Any]]:
    """Return base and read of every usable fragment at a 1-based position."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for column in bam.pileup(
        contig, pos - 1, pos, truncate=True, stepper="all", min_base_quality=20,
        min_mapping_quality=20, ignore_overlaps=False, max_depth=100_000,
    ):  # fmt: skip
        for item in column.pileups:
            read = item.alignment
            # pysam's stepper passes doubtful alignments whatever min_mapping_quality says.
            if item.is_del or item.is_refskip or read.is_duplicate or read.mapping_quality < 20:
                continue
            base = read.query_sequence[item.query_position]
            found.setdefault(read.query_name, []).append((base, read))
    return [pair[0] for pair in found.values() if len({base for base, _ in pair}) == 1]


def test_vaf_of_planted_substitutions_is_binomial(small_folder: Path) -> None:
    scores = []
    with alignment(small_folder, "tumor") as bam:
        for row in rows_of(small_folder / "truth/variants.tsv"):
            if row["kind"] != "snv":
                continue
            bases = bases_at(bam, row["contig"], int(row["pos"]))
            depth = len(bases)
            alt = sum(base == row["alt"] for base, _ in bases)
            assert (depth, alt) == (int(row["tumor_depth"]), int(row["tumor_alt_depth"]))
            p = float(row["expected_vaf"])
            scores.append((alt - depth * p) / math.sqrt(depth * p * (1 - p)))
    assert len(scores) == 30
    assert abs(np.mean(scores)) < 4 / math.sqrt(len(scores))
    assert 0.6 < np.std(scores) < 1.5


def test_somatic_variants_are_not_in_the_normal(small_folder: Path) -> None:
    for row in rows_of(small_folder / "truth/variants.tsv"):
        if row["kind"] != "microsatellite":
            assert int(row["normal_alt_depth"]) <= 1


def test_planted_indels_stand_in_the_alignments(small_folder: Path) -> None:
    scores = []
    with alignment(small_folder, "tumor") as bam:
        for row in rows_of(small_folder / "truth/variants.tsv"):
            if row["kind"] not in ("insertion", "deletion"):
                continue
            pos, change = int(row["pos"]), len(row["alt"]) - len(row["ref"])
            shown: dict[str, set[int]] = {}
            for column in bam.pileup(
                row["contig"], pos - 1, pos, truncate=True, stepper="all", min_base_quality=0,
                min_mapping_quality=20, ignore_overlaps=False, max_depth=100_000,
            ):  # fmt: skip
                for item in column.pileups:
                    read = item.alignment
                    lost = max(0, -change)
                    spans = read.reference_start <= pos - 6 and read.reference_end >= pos + lost + 6
                    if spans and not read.is_duplicate and read.mapping_quality >= 20:
                        shown.setdefault(read.query_name, set()).add(item.indel)
            counts = Counter(next(iter(x)) for x in shown.values() if len(x) == 1)
            assert set(counts) <= {0, change}
            assert counts[change] == int(row["tumor_alt_depth"])
            depth, p = counts.total(), float(row["expected_vaf"])
            scores.append((counts[change] - depth * p) / math.sqrt(depth * p * (1 - p)))
    assert len(scores) == 12
    assert abs(np.mean(scores)) < 4 / math.sqrt(len(scores))


def test_heterozygous_sites_of_the_normal_are_balanced(small_folder: Path) -> None:
    alt = depth = 0
    with pysam.VariantFile(str(small_folder / "germline.vcf.gz")) as vcf:
        for record in vcf:
            sample = record.samples["SMALL_N"]
            if sample["GT"] == (0, 1):
                alt += sample["AD"][1]
                depth += sum(sample["AD"])
    assert alt / depth == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(depth))


def test_depth_ratio_of_segments_follows_purity_and_ploidy(
    small_folder: Path, small_case: Case, small_params: SimulateParams
) -> None:
    residuals: dict[int, list[float]] = {}
    index = SegmentIndex(small_case.segments)
    for row in rows_of(small_folder / "tumor.cnr"):
        segment = index.at(row["chromosome"], (int(row["start"]) + int(row["end"])) // 2)
        truth = expected_log2(segment, purity=small_params.purity, ploidy=small_case.ploidy)
        number = small_case.segments.index(segment)
        residuals.setdefault(number, []).append(float(row["log2"]) - truth)
    everything = np.concatenate([np.array(r) for r in residuals.values()])
    assert abs(np.median(everything)) < 0.03
    for values in residuals.values():
        if len(values) >= 5:
            assert abs(np.median(values)) < 4 * everything.std() / math.sqrt(len(values))


def test_depth_of_targets_is_what_was_asked_for(
    small_folder: Path, small_params: SimulateParams
) -> None:
    bins = rows_of(small_folder / "tumor.cnr")
    size = np.array([int(r["end"]) - int(r["start"]) for r in bins])
    depth = np.array([float(r["depth"]) for r in bins])
    # Panel and genome do not have the same mean copy number, and targets differ in efficiency.
    assert np.average(depth, weights=size) == pytest.approx(small_params.depth, rel=0.2)


def test_duplicates_are_flagged_and_copy_a_fragment(
    small_folder: Path, small_params: SimulateParams
) -> None:
    with alignment(small_folder, "normal") as bam:
        reads = [(r.is_duplicate, r.reference_id, r.reference_start, r.template_length,
                  r.is_read1) for r in bam]  # fmt: skip
    originals = {key for duplicate, *key_ in reads if not duplicate for key in [tuple(key_)]}
    duplicates = [tuple(key) for duplicate, *key in reads if duplicate]
    share = len(duplicates) / (len(reads) - len(duplicates))
    assert share == pytest.approx(small_params.duplicate_rate, rel=0.15)
    # Alignments of a duplicate may differ by an error within a repeat, hardly ever otherwise.
    assert sum(key in originals for key in duplicates) / len(duplicates) > 0.99


def test_strand_artefacts_are_on_one_strand(small_folder: Path, small_case: Case) -> None:
    wrong = right = 0
    with alignment(small_folder, "tumor") as bam:
        for artefact in small_case.artefacts:
            for base, read in bases_at(bam, artefact.contig, artefact.pos):
                if base != artefact.alt:
                    continue
                first_forward = read.is_read1 != read.is_reverse
                seen = not read.is_reverse if artefact.kind == "strand" else first_forward
                right += seen == artefact.forward
                wrong += seen != artefact.forward
    assert right > 60
    assert wrong <= 0.03 * right


def test_formalin_damages_the_tumour_only(small_folder: Path, small_case: Case) -> None:
    with alignment(small_folder, "normal") as bam:
        for artefact in small_case.artefacts:
            if artefact.kind == "ffpe":
                bases = bases_at(bam, artefact.contig, artefact.pos)
                assert sum(base == artefact.alt for base, _ in bases) <= 1


def test_shifted_repeats_are_seen_at_their_fraction(small_folder: Path) -> None:
    truth = {
        (r["contig"], int(r["start"])): r
        for r in rows_of(small_folder / "truth/microsatellites.tsv")
    }
    scores = []
    for row in rows_of(small_folder / "truth/variants.tsv"):
        if row["kind"] != "microsatellite":
            continue
        locus = truth[row["contig"], int(row["pos"])]
        if locus["germline_0"] != "0" or locus["germline_1"] != "0":
            continue
        # Stutter takes reads away from both lengths alike and leaks little between them.
        depth, p = int(row["tumor_depth"]), float(row["expected_vaf"])
        alt = int(row["tumor_alt_depth"])
        scores.append((alt - depth * p) / math.sqrt(depth * p * (1 - p)))
    assert len(scores) >= 5
    assert abs(np.mean(scores)) < 1.5


def test_reads_are_paired_sorted_and_carry_their_group(small_folder: Path) -> None:
    for name in ("tumor", "normal"):
        with alignment(small_folder, name) as bam:
            assert bam.header["RG"][0]["SM"] == f"SMALL_{name[0].upper()}"
            assert "PG" not in bam.header.to_dict()
            assert bam.has_index()
            last = (-1, -1)
            mates: dict[str, list[Any]] = {}
            for read in bam:
                here = (read.reference_id, read.reference_start)
                assert here >= last
                last = here
                assert read.is_proper_pair
                assert read.get_tag("RG") == f"SMALL_{name[0].upper()}"
                assert read.infer_query_length() == 100
                mates.setdefault(read.query_name, []).append(read)
            for pair in mates.values():
                one, other = pair
                assert one.is_read1 != other.is_read1
                assert one.is_reverse != other.is_reverse
                assert one.next_reference_start == other.reference_start
                assert one.template_length == -other.template_length
            overlaps = sum(a.reference_end > b.reference_start for a, b in mates.values())
            assert overlaps > 0.5 * len(mates)


def test_qualities_have_two_values_and_some_reads_are_doubtful(
    small_folder: Path, small_params: SimulateParams
) -> None:
    with alignment(small_folder, "tumor") as bam:
        reads = list(bam)
    qualities = set().union(*(set(r.query_qualities) for r in reads))
    assert qualities == {11, 37}
    unsure = sum(r.mapping_quality == 3 for r in reads) / len(reads)
    assert unsure == pytest.approx(small_params.low_mapq_rate, rel=0.3)
    assert any(r.mapping_quality == 0 for r in reads)
