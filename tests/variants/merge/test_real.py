"""Merging real callers' files: consensus against a truth, spelling against bcftools norm."""

from __future__ import annotations

import functools
import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.builders import make_fasta
from tumorkit.genome.vcf import VcfHeader, VcfRecord
from tumorkit.io.vcf import open_vcf
from tumorkit.variants.calls import CallReader
from tumorkit.variants.compare import CompareParams
from tumorkit.variants.compare.run import run_compare
from tumorkit.variants.merge import MergeParams
from tumorkit.variants.merge.reads import quick_strands, reads_of_block
from tumorkit.variants.merge.run import run_merge
from tumorkit.variants.roles import assign_roles

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
@pytest.mark.parametrize("name", CALLERS)
def test_spelling_equals_that_of_bcftools(shared: Path, tmp_path: Path, name: str) -> None:
    """Left-alignment and splitting give the alleles of bcftools norm, replacements included."""
    folder = shared / "calls" / "somaticseq"
    path = folder / "paired_example" / f"{name}.vcf.gz"
    fasta = folder / "tiny.fa"
    ours = alleles_of(path, fasta, tmp_path)
    assert ours == alleles_of_bcftools(path, fasta)


@pytest.mark.shared
@pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed")
@pytest.mark.parametrize("shifted", [False, True])
def test_spelling_of_a_melanoma_equals_that_of_bcftools(
    shared: Path, tmp_path: Path, shifted: bool
) -> None:
    """COLO829 in twelve windows of GRCh38; its indels moved right and padded first, or as is."""
    windows = windows_of(shared / "reference" / "hg38_windows.fa.gz")
    fasta = make_fasta(tmp_path / "r.fa", {name: text for name, _, _, text in windows})
    lines = []
    with open_vcf(shared / "truth" / "colo829-nygc-v6.vcf.gz") as source:
        for record in source:
            for name, contig, start, text in windows:
                at = record.pos - start
                if record.contig == contig and 0 <= at < len(text) - 200:
                    ref, alt = record.ref, record.columns[4]
                    if shifted and len(ref) != len(alt):
                        at, ref, alt = moved_right(text, at, ref, alt)
                    lines.append((name, at + 1, ref, alt))
    assert len(lines) > 300
    order = [name for name, _, _, _ in windows]
    lines.sort(key=lambda line: (order.index(line[0]), line[1]))
    path = tmp_path / "calls.vcf"
    contigs = [f"##contig=<ID={name},length={len(text)}>" for name, _, _, text in windows]
    rows = ["\t".join((c, str(p), ".", r, a, ".", "PASS", ".")) for c, p, r, a in lines]
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    path.write_text("\n".join(["##fileformat=VCFv4.2", *contigs, columns, *rows]) + "\n")
    assert alleles_of(path, fasta, tmp_path) == alleles_of_bcftools(path, fasta)


@functools.cache
def windows_of(path: Path) -> list[tuple[str, str, int, str]]:
    """Return name, contig, first position and bases of each window of a FASTA."""
    texts: dict[str, list[str]] = {}
    with gzip.open(path, "rt") as handle:
        for line in handle:
            if line.startswith(">"):
                name = line[1:].split()[0]
                texts[name] = []
            else:
                texts[name].append(line.strip().upper())
    found = []
    for name, parts in texts.items():
        contig, _, span = name.partition(":")
        found.append((name.replace(":", "_"), contig, int(span.split("-")[0]), "".join(parts)))
    return found


def moved_right(text: str, at: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Return an indel as far right as it goes, with bases on both sides that it does not need."""
    end = at + len(ref)
    while ref[0] == alt[0] and len(ref) != len(alt):
        base = text[end]
        longer = ref if len(ref) > len(alt) else alt
        if len(longer) > 1 and longer[1] != base:
            break
        at, end, ref, alt = at + 1, end + 1, ref[1:] + base, alt[1:] + base
    before, after = text[at - 2 : at], text[end : end + 3]
    return at - 2, before + ref + after, before + alt + after


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
    # Some callers' headers name no contig, which bcftools needs.
    done = subprocess.run(
        f"bcftools reheader --fai {fasta}.fai {path} | bcftools norm -f {fasta} -m -any | "
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
    files: dict[str, tuple[VcfHeader, list[VcfRecord]]] = {}
    paths = []
    for caller, name in names.items():
        with open_vcf(folder / f"{name}.vcf") as source:
            files[caller] = (source.header, list(source))
    places = packed({(r.contig, r.pos) for _, kept in files.values() for r in kept})
    for caller, (header, kept) in files.items():
        lines = []
        for record in kept:
            pos = places[record.contig, record.pos]
            for at, base in enumerate(record.ref):
                bases.setdefault(record.contig, {})[pos - 1 + at] = base
            columns = [record.contig, str(pos), *record.columns[2:]]
            lines.append((record.contig, pos, "\t".join(columns)))
        meta = [line for line in header.meta if not line.startswith("##contig")]
        path = tmp_path / f"{caller}.vcf"
        texts = [text for _, _, text in sorted(lines)]
        path.write_text("\n".join([*meta, "\t".join(header.columns), *texts]) + "\n")
        paths.append((caller, path))
    contigs = {}
    for contig in sorted(bases):
        letters = ["N"] * (max(bases[contig]) + 100)
        for at, base in bases[contig].items():
            letters[at] = base
        contigs[contig] = "".join(letters)
    fasta = make_fasta(tmp_path / "r.fa", contigs)
    result = run_merge([], named=paths, reference=fasta, output=tmp_path / "m.vcf")
    for one in result.files:
        assert one.records == len(files[one.caller][1]) > 400
        assert one.alleles == sum(len(record.alts) for record in files[one.caller][1])
        parts = one.shared + one.by_haplotype + one.own + one.duplicates + one.symbolic
        assert one.alleles == parts + one.same_as_ref


def packed(places: set[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Return nearby positions that keep their order and every distance up to 60 bases."""
    found: dict[tuple[str, int], int] = {}
    before, pos = ("", 0), 0
    for contig, place in sorted(places):
        pos = pos + min(60, place - before[1]) if contig == before[0] else 60
        found[contig, place] = pos
        before = (contig, place)
    return found


@pytest.mark.shared
@pytest.mark.parametrize("name", [*CALLERS, "tumor_only_example/MuTect2"])
def test_the_short_way_reads_what_the_accessor_reads(shared: Path, name: str) -> None:
    folder = shared / "calls" / "somaticseq"
    path = folder / (f"{name}.vcf.gz" if "/" in name else f"paired_example/{name}.vcf.gz")
    with open_vcf(path) as source:
        reader = CallReader(source.header, assign_roles(source.header))
        roles = reader.roles
        for block in source.packed():
            for record, pair in zip(block, reads_of_block(block, reader), strict=True):
                if pair is not None:
                    normal = reader.normal_reads(record)
                    assert [pair[0]] == reader.tumor_reads(record)
                    assert pair[1] == (normal[0] if normal else None)
                for sample in (roles.tumor, roles.normal):
                    for at, strands in enumerate(reader.strands(record, sample)):
                        assert quick_strands(record, reader, sample, at) == strands
