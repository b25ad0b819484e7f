"""Merging real callers' files: consensus against a truth, spelling against bcftools norm."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.builders import make_fasta
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.compare import CompareParams
from tumorkit.variants.compare.run import run_compare
from tumorkit.variants.merge.run import run_merge
from tumorkit.variants.merge import MergeParams

CALLERS = (
    "MuTect2", "Strelka.snv", "Strelka.indel", "VarDict", "LoFreq.snv", "LoFreq.indel", "MuSE",
    "SomaticSniper", "Scalpel",
)  # fmt: skip


def of_kind(path: Path, output: Path, *, snvs: bool, passing: bool) -> Path:
    """Write the substitutions of single bases, or the insertions and deletions, of a file."""
    with open_vcf(path) as source:
        lines = [
            record.line
            for record in source
            if (len(record.ref) == len(record.columns[4]) == 1) == snvs
            and (record.filters == ("PASS",) or not passing)
            and (snvs or 1 in (len(record.ref), len(record.columns[4])))
        ]
        output.write_text(source.header.text() + "".join(f"{line}\n" for line in lines))
    return output


@pytest.mark.shared
@pytest.mark.parametrize(
    ("somatic_only", "found"), [(False, (72, 0, 51, 1)), (True, (70, 0, 51, 1))]
)
def test_consensus_of_eight_callers(
    shared: Path, tmp_path: Path, somatic_only: bool, found: tuple[int, ...]
) -> None:
    """Two callers that pass: SNV F1 at least .986 without a false call, indels .99.

    Three true substitutions are heterozygous in the normal, too: SomaticSniper and VarDict call
    them LOH or germline, which is not counted where only somatic calls are.
    """
    folder = shared / "calls" / "somaticseq"
    files = [folder / "paired_example" / f"{name}.vcf.gz" for name in CALLERS]
    output = tmp_path / "merged.vcf"
    result = run_merge(
        files,
        reference=folder / "tiny.fa",
        output=output,
        params=MergeParams(somatic_only=somatic_only),
    )
    assert sum(one.alleles for one in result.files) == 654
    truth = folder / "Varsim.somatic.truth.vcf"
    measured: list[int] = []
    f1 = []
    for snvs in (True, False):
        compared = run_compare(
            of_kind(truth, tmp_path / f"truth{snvs}.vcf", snvs=snvs, passing=False),
            of_kind(output, tmp_path / f"calls{snvs}.vcf", snvs=snvs, passing=True),
            reference=folder / "tiny.fa",
            params=CompareParams(match="allele"),
        )
        measured += [compared.tp, compared.fp]
        f1.append(compared.f1.value or 0)
    assert tuple(measured) == found
    assert f1[1] >= 0.99
    assert f1[0] >= (0.979 if somatic_only else 0.986)


@pytest.mark.shared
@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
@pytest.mark.parametrize("name", [*CALLERS, "truth"])
def test_spelling_equals_that_of_bcftools(shared: Path, tmp_path: Path, name: str) -> None:
    """Left-alignment and splitting give the alleles of bcftools norm, replacements included."""
    folder = shared / "calls" / "somaticseq"
    path = folder / "paired_example" / f"{name}.vcf.gz"
    path = folder / "Varsim.somatic.truth.vcf" if name == "truth" else path
    fasta = folder / "tiny.fa"
    ours = alleles_of(path, fasta, tmp_path)
    assert ours == alleles_of_bcftools(path, fasta)


@pytest.mark.shared
@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
def test_spelling_of_a_clinical_ensemble_equals_that_of_bcftools(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "gms560"
    path = tmp_path / "chr1.vcf"
    with open_vcf(folder / "HD832.ensembled.vcf.gz") as source:
        limit = 2_461_623
        lines = [r.line for r in source if r.contig == "chr1" and r.pos + len(r.ref) < limit]
        path.write_text(source.header.text() + "".join(f"{line}\n" for line in lines))
    fasta = shared / "reference" / "HES45.fa"
    index = tmp_path / "HES45.fa"
    index.symlink_to(fasta)
    import pysam

    pysam.faidx(str(index))  # type: ignore[attr-defined]
    assert len(lines) > 100
    assert alleles_of(path, index, tmp_path) == alleles_of_bcftools(path, index)


def alleles_of(path: Path, fasta: Path, folder: Path) -> set[tuple[str, ...]]:
    """Return the alleles that are written as callers wrote them, not their parts."""
    output = folder / "ours.vcf"
    with open_vcf(path) as source:
        ensemble = "CALLERS" in source.header.info
    named = [] if ensemble else [("one", path)]
    files = [path] if ensemble else []
    run_merge(files, named=named, reference=fasta, output=output)
    with open_vcf(output) as source:
        return {
            (record.contig, str(record.pos), record.ref, record.columns[4])
            for record in source
            if "own" in record.info["TK_HOW"].split(",")
        }


def alleles_of_bcftools(path: Path, fasta: Path) -> set[tuple[str, ...]]:
    done = subprocess.run(
        f"bcftools norm -f {fasta} -m -any {path} 2>/dev/null | "
        "bcftools query -f '%CHROM\\t%POS\\t%REF\\t%ALT\\n'",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    return {tuple(line.split("\t")) for line in done.stdout.splitlines()}


@pytest.mark.shared
def test_files_of_other_callers_are_merged_whole(shared: Path, tmp_path: Path) -> None:
    """Real MuSE, VarScan and MuTect calls on a reference that holds what their REF says."""
    folder = shared / "calls" / "vcf2maf"
    names = {"mutect": "test_mutect", "varscan": "test_varscan", "muse": "test_muse"}
    bases: dict[str, dict[int, str]] = {}
    read: Counter[str] = Counter()
    paths = []
    for caller, name in names.items():
        with open_vcf(folder / f"{name}.vcf") as source:
            kept = [record for record in source if record.pos < 2_000_000]
            read[caller] = sum(len(record.alts) for record in kept)
            for record in kept:
                for at, base in enumerate(record.ref):
                    bases.setdefault(record.contig, {})[record.pos - 1 + at] = base
            meta = [line for line in source.header.meta if not line.startswith("##contig")]
            columns = "\t".join(source.header.columns)
            order = sorted(kept, key=lambda record: (record.contig, record.pos))
            path = tmp_path / f"{name}.vcf"
            path.write_text("\n".join([*meta, columns, *(r.line for r in order)]) + "\n")
            paths.append((caller, path))
    contigs = {}
    for contig in sorted(bases):
        letters = ["N"] * (max(bases[contig]) + 100)
        for at, base in bases[contig].items():
            letters[at] = base
        contigs[contig] = "".join(letters)
    fasta = make_fasta(tmp_path / "r.fa", contigs)
    result = run_merge([], named=paths, reference=fasta, output=tmp_path / "m.vcf")
    assert sum(read.values()) > 50
    for one in result.files:
        assert one.alleles == read[one.caller]
        parts = one.shared + one.by_haplotype + one.own + one.duplicates + one.symbolic
        assert one.alleles == parts + one.same_as_ref
