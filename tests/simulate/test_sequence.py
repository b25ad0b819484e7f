from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pysam
import pytest

from tumorkit.genome.build import GRCH38
from tumorkit.simulate.consequence import translate
from tumorkit.simulate.microsatellites import find_repeats
from tumorkit.simulate.nouns import Case, codes_of, letters, reverse_complement
from tumorkit.simulate.reference import coding_codes
from tumorkit.simulate.signatures import (
    CHANNELS,
    channel_context,
    context_index,
    planted_signatures,
)


def test_every_transcript_is_an_open_reading_frame(small_case: Case) -> None:
    for transcript in small_case.panel.transcripts:
        protein = translate(letters(coding_codes(small_case.sequence, transcript)))
        assert transcript.coding_bases % 3 == 0
        assert protein[0] == "M"
        assert protein.find("*") == len(protein) - 1


def test_introns_begin_with_gt_and_end_with_ag(small_case: Case) -> None:
    for transcript in small_case.panel.transcripts:
        for (_, left), (right, _) in pairwise(transcript.exons):
            first = small_case.sequence.text(transcript.contig, left, left + 2)
            last = small_case.sequence.text(transcript.contig, right - 2, right)
            if transcript.strand == "-":
                first, last = reverse_complement(last), reverse_complement(first)
            assert (first, last) == ("GT", "AG")


def test_the_fasta_has_the_lengths_of_grch38_and_n_outside_the_panel(
    small_folder: Path, small_case: Case
) -> None:
    with pysam.FastaFile(str(small_folder / "reference.fa.gz")) as fasta:
        assert dict(zip(fasta.references, fasta.lengths, strict=True)) == dict(GRCH38.lengths)
        for number in (0, 5, len(small_case.panel.islands) - 1):
            island = small_case.panel.islands[number]
            text = letters(small_case.sequence.codes[number])
            assert fasta.fetch(island.contig, island.start, island.end) == text
            assert fasta.fetch(island.contig, island.start - 5, island.start) == "NNNNN"
        assert fasta.fetch("chrM", 0, 100) == "N" * 100


def test_gc_is_like_a_genomes_and_cpg_are_rare(small_case: Case) -> None:
    text = "".join(letters(codes) for codes in small_case.sequence.codes)
    gc = sum(text.count(base) for base in "GC") / len(text)
    expected = text.count("C") * text.count("G") / len(text)
    assert 0.38 < gc < 0.52
    assert text.count("CG") / expected < 0.4


def test_repeats_found_are_those_of_the_text(small_case: Case) -> None:
    for locus in small_case.microsatellites:
        text = small_case.sequence.text(locus.contig, locus.start - 5, locus.end + 5)
        assert text == locus.left_flank + locus.unit * locus.repeats + locus.right_flank
        assert text[4] != locus.unit[-1] or len(locus.unit) > 1
        assert text[-5 : -5 + len(locus.unit)] != locus.unit
        assert locus.repeats >= (8 if len(locus.unit) == 1 else 5)


def test_each_repeat_target_has_its_repeat(small_case: Case) -> None:
    targets = [t for t in small_case.panel.targets if t.kind == "msi"]
    assert len(targets) == 24
    assert all(find_repeats(small_case.sequence, target) for target in targets)


def test_planted_signatures_are_profiles() -> None:
    table = planted_signatures()
    assert table.sum(axis=0) == pytest.approx(1)
    assert (table > 0).all()
    ages = table[:, 0]
    assert all(CHANNELS[i].endswith("[C>T]G") for i in np.argsort(ages)[-4:])


def test_contexts_are_those_of_the_pyrimidine_strand() -> None:
    for channel, name in enumerate(CHANNELS):
        forward = name[0] + name[2] + name[6]
        for text in (forward, reverse_complement(forward)):
            assert context_index(codes_of(text)).tolist() == [channel_context(channel)]


def test_germline_frequencies_follow_the_population(small_case: Case) -> None:
    common = [v for v in small_case.population if (v.population_af or 0) > 0.25]
    expected = sum(2 * (v.population_af or 0) for v in common)
    assert sum(sum(v.genotype) for v in common) == pytest.approx(expected, rel=0.25)
