"""Stretches cover every targeted base once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Read, make_bam
from tumorkit.errors import InputError
from tumorkit.genome.interval import Interval, Territory
from tumorkit.io.alignment import open_alignment
from tumorkit.io.pileup import SPAN, Stretch, count_bases, stretches_of
from tumorkit.io.spool import Spool


@given(st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 60_000)), max_size=12))
def test_every_base_is_in_one_stretch(spans: list[tuple[int, int]]) -> None:
    targets = [Interval("chr1", start, start + size) for start, size in spans]
    stretches = stretches_of(targets)
    bases = [pos for one in stretches for pos in one.positions.tolist()]
    assert len(bases) == len(set(bases)) == Territory(targets).bases
    assert bases == sorted(bases)
    assert all(one.ends[-1] - one.starts[0] <= SPAN for one in stretches)


@pytest.mark.parametrize("threads", [1, 3])
def test_damage_is_said_with_the_name_of_the_file(tmp_path: Path, threads: int) -> None:
    reads = [Read(name=f"r{k}", pos=k) for k in range(3_000)]
    bam = make_bam(tmp_path / "t.bam", reads)
    raw = bytearray(bam.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 60] = bytes(60)
    bam.write_bytes(raw)
    opened = open_alignment(bam)
    stretch = Stretch(contig="chr1", starts=np.array([0]), ends=np.array([4_000]))
    with pytest.raises(InputError, match=r"t\.bam: cannot be read to its end"):
        list(
            count_bases(
                [opened],
                [{"chr1": "chr1"}],
                [stretch],
                min_mapping_quality=20,
                min_base_quality=20,
                threads=threads,
            )
        )


@given(st.lists(st.lists(st.integers(-5, 2**40), max_size=9), max_size=5))
def test_what_was_put_aside_comes_back(lists: list[list[int]]) -> None:
    with Spool() as spool:
        for one in lists:
            spool.add([np.array(one, dtype=np.int64), np.zeros((2, 3), dtype=np.int32)])
        back = list(spool)
    assert [arrays[0].tolist() for arrays in back] == lists
    assert all(arrays[1].dtype == np.int32 for arrays in back)
