"""The case in ``example_data`` is what its README's command makes."""

from __future__ import annotations

import gzip
import re
import shlex
from pathlib import Path

import pysam
import pytest

from tumorkit.cli import run as run_command
from tumorkit.simulate.case import plan_case
from tumorkit.simulate.copy_number import SegmentIndex
from tumorkit.simulate.edits import plan_islands
from tumorkit.simulate.fragments import draw_fragments, setups
from tumorkit.simulate.params import SimulateParams
from tumorkit.simulate.reads import aligned_reads, sequence_island

EXAMPLE = Path(__file__).parents[2] / "example_data"
TWENTY_MEGABYTES = 20_000_000


def readme_command() -> list[str]:
    """Return the words of the command in the README."""
    block = re.search(r"```\n(tumorkit simulate.*?)```", (EXAMPLE / "README.md").read_text(), re.S)
    assert block is not None
    return shlex.split(block.group(1).replace("\\\n", " "))[1:]


def readme_params() -> SimulateParams:
    """Return the settings that the command names."""
    words = readme_command()[1:]
    kinds = {s.name: s.kind for s in SimulateParams.described()}
    given = {
        flag[2:].replace("-", "_"): value
        for flag, value in zip(words[::2], words[1::2], strict=True)
    }
    given.pop("outdir")
    return SimulateParams(**{name: kinds[name](value) for name, value in given.items()})


def content(path: Path) -> bytes:
    """Return a file's content without its compression, which differs between zlib versions."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    words = readme_command()
    words[words.index("example_data")] = str(folder)
    assert run_command([*words, "--no-reads", "-q"]) == 0
    return folder


def test_calls_panel_and_truth_are_what_the_command_makes(remade: Path) -> None:
    differ = []
    for path in sorted(EXAMPLE.rglob("*")):
        name = str(path.relative_to(EXAMPLE))
        if path.is_dir() or ".bam" in name or path.suffix in (".tbi", ".gzi"):
            continue
        # Those name the reads, which are compared apart; the reference would be 3 GB of N.
        if name in ("README.md", "case.toml", "truth/simulate.json", "reference.fa.gz"):
            continue
        # A laboratory's tables, written by hand.
        if name in ("actionable.tsv", "external.tsv") or name.startswith("interpretation"):
            continue
        if content(path) != content(remade / name):
            differ.append(name)
    assert differ == []


def test_reads_are_what_the_command_makes() -> None:
    params = readme_params()
    case = plan_case(params)
    segments = SegmentIndex(case.segments)
    plans = plan_islands(case, segments)
    # The first islands: later names depend on how many fragments came before.
    for setup, name in zip(setups(params), ("tumor", "normal"), strict=True):
        first = 0
        with pysam.AlignmentFile(str(EXAMPLE / f"{name}.bam")) as bam:
            stored = iter(bam)
            for number in range(25):
                island = case.panel.islands[number]
                fragments = draw_fragments(case, number, setup, segments, params)
                block = sequence_island(case, number, plans[number], fragments, setup, params)
                made = aligned_reads(block, island.contig, first, setup, params.read_length)
                first += len(fragments)
                size = params.read_length
                for row in range(len(made)):
                    read = next(stored)
                    assert read.query_name == made.name[row]
                    assert read.reference_start == made.start[row]
                    assert read.flag == made.flag[row]
                    text = made.bases[row * size : (row + 1) * size].decode()
                    assert read.query_sequence == text


def test_the_reference_is_what_the_command_makes(remade: Path) -> None:
    with (
        pysam.FastaFile(str(EXAMPLE / "reference.fa.gz")) as one,
        pysam.FastaFile(str(remade / "reference.fa.gz")) as other,
    ):
        assert one.references == other.references
        assert one.lengths == other.lengths
        for line in (EXAMPLE / "targets.bed").read_text().splitlines()[::40]:
            contig, start, end, _ = line.split("\t")
            place = (contig, int(start) - 300, int(end) + 300)
            assert one.fetch(*place) == other.fetch(*place)


def test_the_case_shows_what_it_promises() -> None:
    numbers = dict(
        line.split("\t") for line in (EXAMPLE / "truth/case.tsv").read_text().splitlines()
    )
    assert int(numbers["somatic_snvs"]) >= 60
    assert int(numbers["microsatellites"]) >= 50
    assert int(numbers["shifted_microsatellites"]) >= 40
    assert float(numbers["purity"]) == 0.6
    assert abs(float(numbers["ploidy"]) - 2.8) < 0.05
    lines = (EXAMPLE / "targets.bed").read_text().splitlines()
    assert sum("SNP_" in line for line in lines) == 820
    assert sum(p.stat().st_size for p in EXAMPLE.rglob("*") if p.is_file()) < TWENTY_MEGABYTES
