"""MAF: alleles, classes and names as vcf2maf writes them, and back through our own reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tumorkit.genome.variant import Consequence, Variant
from tumorkit.io.maf import MafSource
from tumorkit.report.export import ExportCase, ReportExportParams, export_case
from tumorkit.report.export.alleles import classification, maf_alleles, short_protein
from tumorkit.report.export.maf import COLUMNS
from tumorkit.report.export.run import run_report_export
from tumorkit.variants.reported import ReportedVariant

COMPARED = (
    "Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "End_Position", "Strand",
    "Variant_Classification", "Variant_Type", "Reference_Allele", "Tumor_Seq_Allele1",
    "Tumor_Seq_Allele2", "dbSNP_RS", "Tumor_Sample_Barcode", "Matched_Norm_Sample_Barcode",
    "Match_Norm_Seq_Allele1", "Match_Norm_Seq_Allele2", "HGVSc", "HGVSp", "HGVSp_Short",
    "Transcript_ID", "Exon_Number", "t_depth", "t_ref_count", "t_alt_count", "n_depth",
    "n_ref_count", "n_alt_count", "IMPACT", "BIOTYPE", "EXON", "SIFT", "PolyPhen",
)  # fmt: skip
GOLDEN = (
    ("test.vcf", "test_output.vep_isoforms.maf", "GRCh37"),
    ("test.vcf", "test_output.custom_isoforms.maf", "GRCh37"),
    ("test_b38.vcf", "test_b38_output.maf", "GRCh38"),
)
BASES = st.text("ACGT", min_size=1, max_size=6)


def maf_table(text: str) -> list[dict[str, str]]:
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def annotated(calls: Path, expected: list[dict[str, str]], build: str) -> str:
    """Give the peer's input the annotation that the peer's own output shows VEP gave it."""
    fields = list(expected[0])
    fields = fields[fields.index("Allele") : fields.index("FILTER")]
    names = ["STRAND" if name == "STRAND_VEP" else name for name in fields]
    names += ["HGVSc", "HGVSp"]
    length = {"GRCh37": (249250621, 243199373), "GRCh38": (248956422, 242193529)}[build]
    head = [
        f"##contig=<ID=1,length={length[0]}>",
        f"##contig=<ID=2,length={length[1]}>",
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: ' + "|".join(names) + '">',
    ]
    lines, rows = [], iter(expected)
    for line in calls.read_text().splitlines():
        if line.startswith("##"):
            lines.append(line)
        elif line.startswith("#"):
            lines += [*head, line]
        else:
            row = next(rows)
            told = [row[name] for name in fields] + [row["HGVSc"], row["HGVSp"]]
            columns = line.split("\t")
            bare = ["&".join(t.split(",")).replace("|", "&").replace(";", "&") for t in told]
            numbered = "ALLELE_NUM" in fields
            assert numbered or "," not in columns[4]
            columns[7] = f"CSQ={'|'.join(bare)}"
            lines.append("\t".join(columns))
    return "\n".join(lines) + "\n"


@pytest.mark.shared
@pytest.mark.parametrize(("calls", "expected", "build"), GOLDEN)
def test_maf_equals_vcf2maf(
    calls: str, expected: str, build: str, shared: Path, tmp_path: Path
) -> None:
    folder = shared / "calls" / "vcf2maf"
    peer = maf_table((folder / expected).read_text())
    vcf = tmp_path / "in.vcf"
    vcf.write_text(annotated(folder / calls, peer, build))
    result = run_report_export(vcf, ["maf"], params=ReportExportParams(include_failed=True))
    ours = maf_table(str(result.contents["TUMOR.maf"]))
    by_place = {(r["vcf_pos"], r["Tumor_Seq_Allele2"], r["t_alt_count"], i): r
                for i, r in enumerate(ours)}  # fmt: skip
    used: set[int] = set()
    for row in peer:
        found = next(
            (key for key, own in by_place.items() if key[3] not in used and all(
                same(own[name], row[name], name) for name in COMPARED if name in row)),
            None,
        )  # fmt: skip
        assert found is not None, closest(row, ours)
        used.add(found[3])
    # vcf2maf writes one alternative of a record; a genotype of two has a second row here.
    assert len(ours) - len(used) == sum(r["Tumor_Seq_Allele1"] not in
        (r["Reference_Allele"], r["Tumor_Seq_Allele2"]) for r in peer)  # fmt: skip


def same(own: str, theirs: str, name: str) -> bool:
    if name == "Matched_Norm_Sample_Barcode":
        return own == theirs
    unknown = ("", ".")
    return own == theirs or (own in unknown and theirs in unknown)


def closest(row: dict[str, str], ours: list[dict[str, str]]) -> str:
    near = min(ours, key=lambda own: sum(not same(own[n], row[n], n) for n in COMPARED if n in row))
    return str(
        {n: (near[n], row[n]) for n in COMPARED if n in row and not same(near[n], row[n], n)}
    )


def case_of(*variants: Variant, terms: tuple[str, ...] = ("missense_variant",)) -> ExportCase:
    said = Consequence(terms=terms, gene="TP53", hgvsp="ENSP1.1:p.Arg175His")
    items = tuple(ReportedVariant(variant=v, consequence=said) for v in variants)
    return ExportCase(sample="T", normal_sample="N", build="GRCh38", variants=items)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ref=BASES, alt=BASES, pos=st.integers(2, 10**8))
def test_alleles_come_back_to_the_same_change(ref: str, alt: str, pos: int) -> None:
    if ref == alt:
        return
    cut = maf_alleles(pos, ref, alt)
    gapless = cut.ref.replace("-", ""), cut.alt.replace("-", "")
    assert ref == ref[: cut.front] + gapless[0] + ref[len(ref) - cut.back :]
    assert alt == alt[: cut.front] + gapless[1] + alt[len(alt) - cut.back :]
    if gapless[0]:
        assert (cut.start, cut.end) == (pos + cut.front, pos + cut.front + len(gapless[0]) - 1)
    else:
        assert (cut.start, cut.end) == (pos + cut.front - 1, pos + cut.front)


def test_unknown_counts_are_empty_and_never_zero() -> None:
    result = export_case(case_of(Variant(contig="chr1", pos=5, ref="A", alt="C")), ["maf"])
    row = maf_table(str(result.contents["T.maf"]))[0]
    assert [row[name] for name in ("t_depth", "t_ref_count", "t_alt_count", "n_depth")] == [""] * 4
    assert list(row) == list(COLUMNS)


def test_our_reader_reads_what_is_written(tmp_path: Path) -> None:
    made = (
        Variant(contig="chr1", pos=5, ref="A", alt="C"),
        Variant(contig="chr1", pos=9, ref="AC", alt="A"),
        Variant(contig="chr1", pos=20, ref="A", alt="ACC"),
    )
    path = tmp_path / "t.maf"
    path.write_text(str(export_case(case_of(*made), ["maf"]).contents["T.maf"]))
    back = [variant for _, variant in MafSource(path)]
    assert [v.pos for v in back] == [5, 9, 20]
    assert [v.kind for v in back] == ["snv", "deletion", "insertion"]


def test_text_cannot_break_a_row() -> None:
    wild = Variant(contig="chr1", pos=5, ref="A", alt="C", ids=("rs1\tevil\nrow",))
    lines = str(export_case(case_of(wild), ["maf"]).contents["T.maf"]).splitlines()
    assert len(lines) == 3
    assert {line.count("\t") for line in lines[1:]} == {len(COLUMNS) - 1}


@pytest.mark.parametrize(
    ("terms", "ref", "alt", "named"),
    [
        (["splice_donor_variant", "coding_sequence_variant"], "AC", "A", "Splice_Site"),
        (["stop_gained", "frameshift_variant"], "A", "AC", "Nonsense_Mutation"),
        (["frameshift_variant"], "A", "AC", "Frame_Shift_Ins"),
        (["protein_altering_variant"], "A", "ACCC", "In_Frame_Ins"),
        (["protein_altering_variant"], "ACC", "A", "Frame_Shift_Del"),
        (["inframe_deletion"], "ACCC", "A", "In_Frame_Del"),
        (["start_lost", "start_retained_variant"], "A", "C", "Translation_Start_Site"),
        (["stop_lost"], "A", "C", "Nonstop_Mutation"),
        (["upstream_gene_variant"], "A", "C", "5'Flank"),
        (["an_unheard_of_term"], "A", "C", "Targeted_Region"),
        ([], "A", "C", "Targeted_Region"),
    ],
)
def test_classes(terms: list[str], ref: str, alt: str, named: str) -> None:
    assert classification(terms, maf_alleles(1, ref, alt)) == named


def test_short_names() -> None:
    assert short_protein("p.Glu604_Phe605insSerPro") == "p.E604_F605insSP"
    assert short_protein("p.Thr125=") == "p.T125="
    assert short_protein("", "c.-12+1G>A", ["splice_donor_variant"]) == ""
