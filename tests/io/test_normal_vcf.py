"""A VCF of all sites says of a normal what its reads say."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pysam
import pytest

from tests.variants.background.panels import FIRST, make_normal, make_panel, other_base
from tumorkit.errors import InputError, MissingIndexError
from tumorkit.io.htslib.pileup_python import PileupCounter
from tumorkit.io.normal_vcf import VcfCounter, open_normal_vcf
from tumorkit.variants.background.run import run_background

HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=3000>\n##contig=<ID=chr2,length=1000>\n"
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="d">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{samples}\n"
)


def vcf(path: Path, rows: list[str], samples: str = "N", head: str = HEAD) -> Path:
    text = path.with_suffix("")
    text.write_text(head.format(samples=samples) + "".join(f"{row}\n" for row in rows))
    pysam.tabix_compress(str(text), str(path), force=True)
    pysam.tabix_index(str(path), preset="vcf", force=True)
    return path


def record(pos: int, ref: str, alt: str, depths: str, keys: str = "GT:AD", info: str = ".") -> str:
    values = {"GT": "0/0", "AD": depths, "DP": "30"}
    said = ":".join(values[key] for key in keys.split(":"))
    return f"chr1\t{pos}\t.\t{ref}\t{alt}\t.\t.\t{info}\t{keys}\t{said}"


def test_records_become_counts(tmp_path: Path) -> None:
    rows = [
        record(100, "A", "C,<*>", "50,3,1"),
        record(101, "C", ".", "48"),
        record(102, "G", "<NON_REF>", "40,0"),
        record(103, "T", "<NON_REF>", "", keys="GT:DP", info="END=110"),
        record(111, "A", "G,<*>", "30,1,0"),
        record(111, "A", "ATT,<*>", "28,2,0"),
        record(112, "CAA", "C,TAA,CA", "20,4,2,1"),
        record(116, "A", "T", "."),
        record(117, "A", "T", "3"),
    ]
    counter = VcfCounter(str(vcf(tmp_path / "n.vcf.gz", rows)))
    counts, indels = counter.block_alleles("chr1", [99, 110], [103, 118], 20, 20)
    assert counts[:4].tolist() == [
        [50, 3, 0, 0, 1, 0, 54],
        [0, 48, 0, 0, 0, 0, 48],
        [0, 0, 40, 0, 0, 0, 40],
        [0, 0, 0, 0, 0, 0, 0],
    ]
    assert counts[4].tolist() == [30, 0, 1, 0, 0, 0, 30]
    assert counts[5].tolist() == [0, 25, 0, 2, 0, 0, 27]
    assert not counts[6:].any()
    assert indels.tolist() == [[4, 1, 2, 15, 2], [5, 2, 1, 0, 1], [5, 2, 2, 0, 4]]
    assert not counter.block_alleles("chr2", [0], [5], 20, 20)[0].any()


def test_vcfs_that_cannot_stand_for_a_normal_say_why(tmp_path: Path) -> None:
    good = vcf(tmp_path / "good.vcf.gz", [record(100, "A", "C", "50,3")])
    assert open_normal_vcf(good).sample == "N"
    two = vcf(tmp_path / "two.vcf.gz", [], samples="A\tB")
    with pytest.raises(InputError, match="expected one sample, found 2"):
        open_normal_vcf(two)
    bare = vcf(
        tmp_path / "bare.vcf.gz", [], head="##fileformat=VCFv4.2\n" + HEAD.split("\n")[-2] + "\n"
    )
    with pytest.raises(InputError, match="no contig with its length"):
        open_normal_vcf(bare)
    Path(f"{good}.tbi").unlink()
    with pytest.raises(MissingIndexError):
        open_normal_vcf(good)


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_all_sites_of_a_peer_are_the_counts_of_the_reads(tmp_path: Path) -> None:
    _, bed, fasta = make_panel(tmp_path, [{}])
    changes = {1_030: (other_base(1_030), 4), 1_060: (other_base(1_060), 2)}
    bam = make_normal(tmp_path / "n.bam", changes, depth=60)
    made = tmp_path / "n.vcf.gz"
    command = ["bcftools", "mpileup", "-f", str(fasta), "-B", "-I", "-q20", "-Q20"]
    command += ["-a", "AD", "-Oz"]
    subprocess.run([*command, "-o", str(made), str(bam)], check=True, capture_output=True)
    pysam.tabix_index(str(made), preset="vcf", force=True)
    block = ([FIRST + 10], [FIRST + 90], 20, 20)
    theirs = VcfCounter(str(made)).block_alleles("chr1", *block)[0]
    ours = PileupCounter(str(bam)).block_alleles("chr1", *block)[0]
    np.testing.assert_array_equal(theirs[:, :4], ours[:, :4])
    output = tmp_path / "b.tsv.gz"
    result = run_background([made], targets=bed, reference=fasta, output=output)
    assert (result.covered, result.alleles) == (80, 2)
    assert any("a VCF of calls only" in note for note in result.notes)
