"""A burden counts on the transcript that the laboratory reports."""

from __future__ import annotations

from pathlib import Path

from tests.tmb.builders import write_vcf
from tumorkit.cli import run
from tumorkit.tmb.run import run_tmb

CSQ = "Allele|Consequence|IMPACT|SYMBOL|Feature|MANE_SELECT|gnomAD_AF"
BLOCKS = "T|synonymous_variant|LOW|A|ENST1.2|NM_1.1|,T|intron_variant|MODIFIER|A|ENST2.3||"


def write(folder: Path) -> Path:
    line = f"chr1\t100\t.\tA\tT\t.\tPASS\tAF=0.2;CSQ={BLOCKS}\tGT:AD:DP\t0/1:400,100:500"
    return write_vcf(folder / "in.vcf", [line], csq=CSQ, callers=False)


def test_the_listed_transcript_decides(tmp_path: Path) -> None:
    vcf, listed = write(tmp_path), tmp_path / "t.tsv"
    listed.write_text("A\tENST2.3\n")
    counted = [
        run_tmb(vcf, preset="pcgr-coding", megabases=34, transcripts=given).counted
        for given in (None, listed)
    ]
    assert counted == [1, 0]


def test_a_maf_has_no_transcripts_to_choose_from(tmp_path: Path) -> None:
    maf = tmp_path / "a.maf"
    maf.write_text(
        "Hugo_Symbol\tChromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\t"
        "Variant_Classification\tTumor_Sample_Barcode\nA\t1\t5\tA\tT\tSilent\tS\n"
    )
    listed = tmp_path / "t.tsv"
    listed.write_text("A\tENST2.3\n")
    words = ["tmb", "score", str(maf), "--preset", "pcgr-coding", "--transcripts", str(listed)]
    assert run(words) == 2
