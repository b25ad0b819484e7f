"""How often contexts occur in a panel and in its reference."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pysam
import pytest

from tumorkit.errors import InputError, ParameterError
from tumorkit.genome.channels import DBS78, SBS96
from tumorkit.genome.interval import Interval, Territory
from tumorkit.io.contexts import count_contexts, folded, read_contexts
from tumorkit.io.fasta import open_fasta


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    texts = {name: "".join(rng.choice(list("ACGTN"), 300, p=[0.3, 0.2, 0.2, 0.28, 0.02]))
             for name in ("chr1", "chr2")}  # fmt: skip
    path = tmp_path / "r.fa"
    path.write_text("".join(f">{name}\n{text}\n" for name, text in texts.items()))
    pysam.faidx(str(path))
    return path


def slow(reference: Path, intervals: list[Interval]) -> Counter[str]:
    found: Counter[str] = Counter()
    with pysam.FastaFile(str(reference)) as fasta:
        for item in intervals:
            text = fasta.fetch(item.contig)
            for at in range(item.start, item.end):
                three, two = text[at - 1 : at + 2] if at else "", text[at : at + 2]
                for context, size in ((three, 3), (two, 2)):
                    if len(context) == size and not context.strip("ACGT"):
                        found[folded(context)] += 1
    return found


def test_contexts_are_counted_once_each(reference: Path) -> None:
    intervals = [Interval("chr1", 0, 50), Interval("chr1", 120, 300), Interval("chr2", 7, 8)]
    with open_fasta(reference) as fasta:
        assert count_contexts(fasta, intervals) == slow(reference, intervals)
        doubled = Territory([*intervals, Interval("chr1", 10, 30)])
        assert count_contexts(fasta, doubled) == slow(reference, intervals)


def test_blocks_do_not_change_the_counts(reference: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tumorkit.io.contexts.BLOCK", 13)
    intervals = [Interval("chr1", 0, 300), Interval("chr2", 1, 299)]
    with open_fasta(reference) as fasta:
        assert count_contexts(fasta, intervals) == slow(reference, intervals)


def test_counts_are_kept_and_read_again(reference: Path, tmp_path: Path) -> None:
    targets, kept = tmp_path / "t.bed", tmp_path / "contexts.tsv"
    targets.write_text("chr1\t10\t200\n")
    first = read_contexts(targets, reference, kept=kept)
    again = read_contexts(targets, reference, kept=kept)
    assert (again.territory, again.genome) == (
        {name: first.territory.get(name, 0) for name in first.genome},
        first.genome,
    )
    targets.write_text("chr1\t10\t220\n")
    with pytest.raises(ParameterError, match=r"was not counted on t\.bed"):
        read_contexts(targets, reference, kept=kept)


def test_the_whole_genome_has_the_opportunities_of_the_genome(
    reference: Path, tmp_path: Path
) -> None:
    targets = tmp_path / "t.bed"
    targets.write_text("chr1\t0\t300\nchr2\t0\t300\n")
    found = read_contexts(targets, reference)
    for kind, size in (("SBS96", len(SBS96)), ("DBS78", len(DBS78))):
        factor = found.opportunities(kind)  # type: ignore[arg-type]
        assert factor is not None
        assert factor.shape == (size,)
        assert set(np.unique(factor)) <= {0.0, 1.0}
    assert found.opportunities("ID83") is None


def test_targets_of_another_build_are_refused(reference: Path, tmp_path: Path) -> None:
    targets = tmp_path / "t.bed"
    targets.write_text("NC_000011.10\t10\t200\n")
    with pytest.raises(InputError, match="none of its contigs"):
        read_contexts(targets, reference)
