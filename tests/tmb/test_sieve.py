"""Alleles judged by the block fare as those judged one by one."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tmb.builders import write_bed
from tumorkit.io.vcf import open_vcf, write_vcf
from tumorkit.tmb import SCHEME_NAMES, TmbParams, TmbResult
from tumorkit.tmb.run import TmbFiles, run_tmb

META = """##fileformat=VCFv4.2
##contig=<ID=chr1,length=249250621>
##INFO=<ID=AF,Number=A,Type=Float,Description="Fraction">
##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers">
##INFO=<ID=Artifact,Number=.,Type=String,Description="Panel">
{more}##INFO=<ID={tool},Number=.,Type=String,Description="VEP. Format: {fields}">
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	T
"""
PLAIN = "Allele|Consequence|IMPACT|SYMBOL|Gene|Existing_variation|AF|gnomAD_AF|MAX_AF"
FLAGGED = f"{PLAIN}|CANONICAL|MANE_SELECT|PICK"
POPULATIONS = {
    "": "",
    "gnomAD_genomes_AF": '##INFO=<ID=gnomAD_genomes_AF,Number=A,Type=Float,Description="gnomAD">\n',
    "POPAF": '##INFO=<ID=POPAF,Number=A,Type=Float,Description="negative log 10 frequencies">\n',
    "gnomAD_AF": '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="in CSQ, too">\n',
    "HOTSPOT": '##INFO=<ID=HOTSPOT,Number=0,Type=Flag,Description="Hotspot">\n',
}
TERMS = st.sampled_from(
    ["missense_variant", "synonymous_variant", "intron_variant", "stop_gained", "", ".",
     "splice_region_variant&missense_variant", "frameshift_variant"],
)  # fmt: skip
NUMBERS = st.sampled_from(["", ".", "0.2", "0.00005", "1e-3", "0.01&0.2", "nan"])
ENTRIES = st.tuples(
    st.sampled_from(["T", "G", "-"]), TERMS, st.just("HIGH"),
    st.sampled_from(["TP53", "MUC6", "TET2", "KRAS", "", "."]), st.sampled_from(["ENSG1", ""]),
    st.sampled_from(["", "rs5"]), NUMBERS, NUMBERS, NUMBERS,
    st.sampled_from(["YES", ""]), st.sampled_from(["NM_1.2", "", "."]), st.sampled_from(["1", ""]),
)  # fmt: skip
ALLELES = st.sampled_from(
    [("A", "T"), ("A", "T"), ("A", "G"), ("A", "T,G"), ("AT", "A"), ("A", "ATT"), ("AC", "GT"),
     ("A", "*"), ("A", "<DEL>"), ("A", ".")],
)  # fmt: skip
RECORDS = st.tuples(
    st.integers(1, 40),
    ALLELES,
    st.sampled_from(["PASS", "PASS", ".", "low", "low;PASS"]),
    st.lists(ENTRIES, max_size=3),
    st.sampled_from(["CALLERS=a,b", "CALLERS=a;Artifact=1,0,9", ""]),
    st.sampled_from(["AF=0.2", "AF=0.2,0.1", "", "AF=0.99"]),
    st.sampled_from([None, "0.2", "7.30", "7.3", "4.0", "2.1", ".", "1e-5", "3.0"]),
    st.sampled_from(
        ["0/1:400,100:500:0.2", "0/1:400,100,50:550:0.2,0.1", "0/1:.:.:.", "0/1:20,2:22:0.09",
         "0/1:9,1:10:0.1", "0/1:2600,2400:5000:.", "./."],
    ),
)  # fmt: skip


def write(path: Path, rows: list[Any], tool: str, fields: str, population: str) -> Path:
    lines = []
    for pos, (ref, alt), filters, entries, callers, fraction, frequency, sample in sorted(
        rows, key=lambda row: int(row[0])
    ):
        width = fields.count("|") + 1
        blocks = ",".join("|".join(entry[:width]) for entry in entries)
        info = [callers, fraction, f"{tool}={blocks}" if entries else ""]
        if population == "HOTSPOT":
            info.append("HOTSPOT" if frequency == "0.2" else "")
        elif population and frequency is not None:
            info.append(f"{population}={frequency}")
        text = ";".join(item for item in info if item) or "."
        lines.append(f"chr1\t{pos}\t.\t{ref}\t{alt}\t.\t{filters}\t{text}\tGT:AD:DP:AF\t{sample}\n")
    formats = "".join(
        f'##FORMAT=<ID={name},Number={number},Type=String,Description="{name}">\n'
        for name, number in (("GT", "1"), ("AD", "R"), ("DP", "1"), ("AF", "A"))
    )
    more = POPULATIONS[population] + formats
    head = META.format(more=more, tool=tool, fields=fields)
    path.write_text(head + "".join(lines), encoding="utf-8")
    return path


def without_times(result: TmbResult) -> dict[str, object]:
    return {name: value for name, value in vars(result).items() if name != "inputs"}


def both_ways(path: Path, **inputs: Any) -> tuple[dict[str, object], dict[str, object]]:
    """Return the result by blocks, and that with a trace: every allele judged by itself."""
    quick = run_tmb(path, **inputs)
    slow = run_tmb(path, files=TmbFiles(trace=path.with_suffix(".tsv")), **inputs)
    return without_times(quick), without_times(slow)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(RECORDS, max_size=12),
    st.sampled_from([PLAIN, FLAGGED]),
    st.sampled_from(sorted(POPULATIONS)),
    st.sampled_from(["any", "first", "chosen"]),
    st.booleans(),
)
def test_blocks_give_what_single_alleles_give(
    tmp_path: Path, rows: list[Any], fields: str, population: str, transcript: str, targets: bool
) -> None:
    path = write(tmp_path / "some.vcf", rows, "CSQ", fields, population)
    panel = write_bed(tmp_path / "panel.bed", [("1", 4, 12), ("1", 20, 22), ("1", 30, 39)])
    own = TmbParams(
        scheme="own", transcript=transcript, kinds=("snv", "deletion"),  # type: ignore[arg-type]
        consequences=("missense_variant", "frameshift_variant"), exclude_genes=("TP53", "ENSG1"),
        max_population_af=1e-3, suppressor_genes=("KRAS",), exclude_hotspots=True,
        exclude_clonal_hematopoiesis=True, min_vaf=0.1, min_depth=20,
    )  # fmt: skip
    inputs: dict[str, Any] = {"targets": panel, "min_megabases": 0} if targets else {}
    changes = {"min_megabases": inputs.pop("min_megabases", 0.5)}
    quick, slow = both_ways(path, preset=SCHEME_NAMES, params=own, changes=changes, **inputs)
    assert quick == slow


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["gms560/HD832.background_annotation.vcf.gz", "gms560/HD832.ensembled.vep_annotated.vcf"],
)
def test_blocks_give_what_single_alleles_give_on_a_real_panel(
    shared: Path, tmp_path: Path, name: str
) -> None:
    names = [n for n in SCHEME_NAMES if n != "twist-gms560-ctdna"]
    path = tmp_path / Path(name).name
    path.symlink_to(shared / name)
    quick, slow = both_ways(path, preset=names)
    assert quick == slow


@pytest.mark.shared
def test_blocks_give_what_single_alleles_give_on_a_genome(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "genome.vcf"
    with open_vcf(shared / "truth/colo829-nygc-v6.vcf.gz") as source:
        lines = [record.line for record in itertools.islice(source, 3000)]
        write_vcf(path, source.header, lines)
    names = ("pcgr-coding", "tso500", "pytmb-wes")
    quick, slow = both_ways(path, preset=names, changes={"population_required": False})
    assert quick == slow
